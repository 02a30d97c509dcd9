// What can be altered in a run, as plain data: which effect or which observation, and how. Named as faults
// are, by what it is about and which one of them, so that it is found again in the same run.

import { OptionError } from '../errors.ts';

/** Names a request by who asked whom, and by which one of its label it is, from 1. */
export interface RequestName {
  readonly from: string;
  /** `POST /charges`. */
  readonly label: string;
  readonly nth: number;
}

/**
 * A request that a service answers as ever, but does not do as it says. `dropped`: it is not executed.
 * `doubled`: it is executed twice, and answered once. `swapped`: it is executed, and gets the answer of
 * `other`, which gets its. `stale`: it is not executed, and gets the answer that `other` got before.
 */
export interface RequestAlteration extends RequestName {
  readonly of: 'request';
  readonly kind: 'dropped' | 'doubled' | 'swapped' | 'stale';
  /** The service. */
  readonly host: string;
  readonly other?: RequestName;
}

/**
 * An operation on the disk of a host: the `nth` (from 1) of its kind on that path. A write that is
 * `dropped` is never made; one that is `swapped` is made after the next write to the same place, which it
 * undoes. A `stale` read gives what was there before the last write.
 */
export interface DiskAlteration {
  readonly of: 'disk write' | 'disk read';
  readonly kind: 'dropped' | 'swapped' | 'stale';
  readonly host: string;
  /** An absolute path; `disk:` and the key for `host.disk`. */
  readonly path: string;
  readonly nth: number;
}

/**
 * An operation of a client as checks see it: its `nth` (from 1) of that name. `dropped`: the history does
 * not have it. `stale`: it has the value of the one before it that had another. `swapped`: each of these
 * two has the value of the other.
 */
export interface OperationAlteration {
  readonly of: 'operation';
  readonly kind: 'dropped' | 'swapped' | 'stale';
  readonly client: string;
  readonly name: string;
  readonly nth: number;
}

/** One thing that is not as it was. */
export type Alteration = RequestAlteration | DiskAlteration | OperationAlteration;

/** The kinds of each sort, those first that say most about checks. */
export const KINDS: Readonly<Record<Alteration['of'], readonly Alteration['kind'][]>> = {
  request: ['dropped', 'doubled', 'stale', 'swapped'],
  'disk write': ['dropped', 'swapped'],
  'disk read': ['stale'],
  operation: ['dropped', 'stale', 'swapped'],
};

/**
 * Alterations of one family are the same thing with other ids: `request dropped inventory PUT /stock/o-*`.
 */
export function familyOf(alteration: Alteration): string {
  return [alteration.of, alteration.kind, placeText(alteration), topicOf(alteration)].join(' ');
}

/** What happens, in plain words, for all of a family: `inventory: the write of stock/* is lost`. */
export function describeFamily(alteration: Alteration): string {
  const said = SAID[`${alteration.of} ${alteration.kind}`];
  return `${placeText(alteration)}: ${said?.(`\`${topicOf(alteration)}\``) ?? ''}`;
}

/** What happens, for this one alone. */
export function describeAlteration(alteration: Alteration): string {
  const { nth } = alteration;
  if (alteration.of === 'operation') return `${alteration.name} #${nth} of ${alteration.client}`;
  if (alteration.of !== 'request') return `${alteration.of} of ${shownPath(alteration.path)} #${nth}`;
  const { other, kind, label, from } = alteration;
  const counterpart =
    other === undefined ? '' : `, ${kind === 'stale' ? 'answered as' : 'and'} ${nameOf(other)}`;
  return `${nameOf({ label, nth, from })}${counterpart}`;
}

/** `POST /charges #2 from orders`. */
export function nameOf({ label, nth, from }: RequestName): string {
  return `${label} #${nth} from ${from}`;
}

/** @throws {OptionError} If it is no alteration. */
export function checkAlteration(at: string, alteration: unknown): Alteration {
  if (typeof alteration !== 'object' || alteration === null)
    throw OptionError.expected(at, 'an alteration', alteration);
  const { of, kind, ...rest } = alteration as Record<string, unknown>;
  const kinds = Object.hasOwn(KINDS, String(of)) ? KINDS[of as Alteration['of']] : undefined;
  if (kinds === undefined) throw OptionError.expected(`${at}.of`, Object.keys(KINDS).join(' or '), of);
  if (!kinds.includes(kind as Alteration['kind']))
    throw OptionError.expected(`${at}.kind`, kinds.join(' or '), kind);
  checkNames(at, rest, NAMES[of as Alteration['of']]);
  if (of !== 'request') return alteration as Alteration;
  const needsOther = kind === 'swapped' || kind === 'stale';
  if (needsOther !== (rest['other'] !== undefined))
    throw OptionError.expected(`${at}.other`, needsOther ? 'a request' : 'absent', rest['other']);
  if (needsOther)
    checkNames(`${at}.other`, (rest['other'] ?? {}) as Record<string, unknown>, ['from', 'label']);
  return alteration as Alteration;
}

const NAMES: Readonly<Record<Alteration['of'], readonly string[]>> = {
  request: ['host', 'from', 'label'],
  'disk write': ['host', 'path'],
  'disk read': ['host', 'path'],
  operation: ['client', 'name'],
};

function checkNames(at: string, given: Record<string, unknown>, names: readonly string[]): void {
  for (const name of names) {
    if (typeof given[name] !== 'string') throw OptionError.expected(`${at}.${name}`, 'a string', given[name]);
  }
  if (!Number.isSafeInteger(given['nth']) || (given['nth'] as number) < 1)
    throw OptionError.expected(`${at}.nth`, 'an integer >= 1', given['nth']);
}

const SAID: Readonly<Record<string, (topic: string) => string>> = {
  'request dropped': (topic) => `${topic} is answered, and not executed`,
  'request doubled': (topic) => `${topic} is executed twice, and answered once`,
  'request stale': (topic) => `${topic} is answered as it was before`,
  'request swapped': (topic) => `two ${topic} get each other's answers`,
  'disk write dropped': (topic) => `the write of ${topic} is lost`,
  'disk write swapped': (topic) => `two writes of ${topic} are made in the wrong order`,
  'disk read stale': (topic) => `the read of ${topic} gives what was there before the last write`,
  'operation dropped': (topic) => `${topic} ended well, and is missing from the history`,
  'operation stale': (topic) => `${topic} is told what the one before it was told`,
  'operation swapped': (topic) => `two ${topic} are told each other's values`,
};

/** Clients come in numbers; services have names. */
function placeText(alteration: Alteration): string {
  return alteration.of === 'operation' ? withoutIds(alteration.client) : alteration.host;
}

function topicOf(alteration: Alteration): string {
  if (alteration.of === 'operation') return alteration.name;
  if (alteration.of === 'request') return withoutIds(alteration.label);
  const path = shownPath(alteration.path);
  const isKeyOfTable = path !== alteration.path && path.includes('/');
  return isKeyOfTable ? `${path.slice(0, path.lastIndexOf('/'))}/*` : withoutIds(path);
}

function shownPath(path: string): string {
  return path.startsWith('disk:') ? path.slice('disk:'.length) : path;
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** A name with a star for what counts things; `v1` of an address stays. */
export function withoutIds(name: string): string {
  const parts = name.replace(UUID, '*').split('/');
  return parts.map((part) => (/^v\d+$/.test(part) ? part : part.replace(/\d+/g, '*'))).join('/');
}
