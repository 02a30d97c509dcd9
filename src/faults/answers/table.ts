// The kinds of faults in answers, in the order in which a plan draws them: a new one comes last. Where
// several would hit one request, the earlier one does.

import { nearMiss, OptionError } from '../../errors.ts';
import { checkedUsFromMs } from '../../time/duration.ts';
import { checkHost, checkHostList, type Draw, type Loose } from '../timed.ts';
import type { OlderSchema, RequestChance, RequestFault, RequestRef } from './answer-fault.ts';
import { malformedKind, olderSchemaKind, truncateKind, twiceKind } from './changed-bodies.ts';
import { answerKind, hangKind, isStatus, lostAnswerKind, slowAnswerKind } from './error-answers.ts';
import type { RequestKind } from './request-kind.ts';

/** All of them. */
export const REQUEST_KINDS: readonly RequestKind[] = [
  answerKind,
  hangKind,
  lostAnswerKind,
  truncateKind,
  malformedKind,
  olderSchemaKind,
  twiceKind,
  slowAnswerKind,
] as readonly unknown[] as readonly RequestKind[];

const byKind: ReadonlyMap<string, RequestKind> = new Map(REQUEST_KINDS.map((each) => [each.kind, each]));
const RATES: readonly number[] = [0.01, 0.03, 0.1, 0.3];
const MS_MAX: readonly number[] = [20, 200, 2_000, 20_000];

/** Services that may answer so: all (`true`), or these. */
export type HostSelection = boolean | readonly string[];

/** What a budget says of answers. */
export interface AnswerOptions {
  /**
   * Services that may answer 429, 500, 502, 503 or 504, some of them with `Retry-After`; or the statuses of
   * each: `{ payments: [503] }`.
   */
  readonly answer?: HostSelection | Readonly<Record<string, readonly number[]>>;
  /** Services that may never answer. */
  readonly hang?: HostSelection;
  /** Services that may execute a request and end the connection in place of an answer. */
  readonly lostAnswer?: HostSelection;
  /** Services whose answers may break off. */
  readonly truncate?: HostSelection;
  /** Services whose answers may be error pages of a proxy, broken or empty. */
  readonly malformed?: HostSelection;
  /** Services that may answer in an older schema: what makes it of the body of an answer. */
  readonly olderSchema?: Readonly<Record<string, OlderSchema>>;
  /** Services behind a proxy that may send a request again. */
  readonly twice?: HostSelection;
  /** Services that may take longer to answer. */
  readonly slowAnswer?: HostSelection;
}

/** What there is to know of a fault's kind; undefined for a kind that is none of these. */
export function requestKind(name: string): RequestKind | undefined {
  return byKind.get(name);
}

/** In plain words: `payments answers 503 to POST /charge #2 from orders, without executing it`. */
export function describeRequestFault(fault: RequestFault): string {
  const { from, label, nth } = fault;
  return (requestKind(fault.kind) as RequestKind).describe(fault, `${label} #${nth} from ${from}`);
}

/** @throws {OptionError} If a fault is not well-formed. */
export function checkRequestFault(at: string, fault: Loose, hosts: readonly string[]): void {
  for (const end of ['from', 'label']) {
    // A client is a source too, and has no name before a run.
    if (typeof fault[end] !== 'string') throw OptionError.expected(`${at}.${end}`, 'a string', fault[end]);
  }
  checkHost(`${at}.to`, fault['to'], hosts);
  if (!Number.isSafeInteger(fault['nth']) || (fault['nth'] as number) < 1)
    throw OptionError.expected(`${at}.nth`, 'an integer >= 1', fault['nth']);
  requestKind(String(fault['kind']))?.check(at, fault);
}

/** @throws {OptionError} If what a chance is limited to is not well-formed. */
export function checkRequestChance(at: string, { kind, rate, hosts, statuses, msMax }: Loose): void {
  const kinds = REQUEST_KINDS.map((each) => each.kind);
  if (requestKind(String(kind)) === undefined)
    throw new OptionError(`${at}: unknown kind "${String(kind)}"${nearMiss(String(kind), kinds)}`);
  if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1))
    throw OptionError.expected(`${at}.rate`, 'a number from 0 to 1', rate);
  if (msMax !== undefined) checkedUsFromMs(`${at}.msMax`, msMax);
  if (hosts !== undefined && !isListOf(hosts, (host) => typeof host === 'string'))
    throw OptionError.expected(`${at}.hosts`, 'a list of host names', hosts);
  if (statuses !== undefined && !isStatusList(statuses))
    throw OptionError.expected(`${at}.statuses`, 'a list of statuses from 400 to 599', statuses);
}

/** @throws {OptionError} If a budget says something of answers that is not well-formed. */
export function checkAnswerBudget(budget: AnswerOptions, hosts: readonly string[]): void {
  for (const { kind } of REQUEST_KINDS) {
    const at = `faults.${kind}`;
    const allowed: unknown = budget[kind];
    if (allowed === undefined) continue;
    const isRecord = typeof allowed === 'object' && allowed !== null && !Array.isArray(allowed);
    if (kind !== 'olderSchema' && typeof allowed === 'boolean') continue;
    if (kind === 'olderSchema' || (kind === 'answer' && isRecord)) checkRecord(at, allowed, { kind, hosts });
    else checkHostList(at, allowed, hosts);
  }
}

function checkRecord(
  at: string,
  allowed: unknown,
  { kind, hosts }: { kind: string; hosts: readonly string[] },
): void {
  if (typeof allowed !== 'object' || allowed === null || Array.isArray(allowed))
    throw OptionError.expected(at, 'functions by host: { payments: (body) => olderBody }', allowed);
  for (const [host, value] of Object.entries(allowed)) {
    checkHost(at, host, hosts);
    if (kind === 'olderSchema' && typeof value !== 'function')
      throw OptionError.expected(`${at}.${host}`, 'a function of the body of an answer', value);
    if (kind === 'answer' && !isStatusList(value))
      throw OptionError.expected(`${at}.${host}`, 'a list of statuses from 400 to 599', value);
  }
}

function isListOf(value: unknown, isOne: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isOne);
}

function isStatusList(value: unknown): boolean {
  return isListOf(value, (status) => isStatus(status, 400));
}

/** Tells whether a budget allows a fault. */
export function isRequestFaultAllowed(budget: AnswerOptions, fault: RequestFault): boolean {
  const allowed = budget[fault.kind];
  if (typeof allowed !== 'object') return allowed === true;
  if (Array.isArray(allowed)) return allowed.includes(fault.to);
  if (!Object.hasOwn(allowed, fault.to)) return false;
  const of: unknown = (allowed as Record<string, unknown>)[fault.to];
  return fault.kind !== 'answer' || (of as readonly number[]).includes(fault.status);
}

/** Draws chances of what a budget allows. */
export function drawRequestChances(budget: AnswerOptions, draw: Draw): RequestChance[] {
  return REQUEST_KINDS.flatMap(({ kind }) => {
    const allowed = budget[kind];
    const isNone = typeof allowed === 'object' ? Object.keys(allowed).length === 0 : allowed !== true;
    if (isNone || draw(2) === 0) return [];
    const rate = RATES[draw(RATES.length)] as number;
    const isTimed = kind === 'slowAnswer' || kind === 'twice';
    const chance = { kind, rate, ...(isTimed ? { msMax: MS_MAX[draw(MS_MAX.length)] as number } : {}) };
    if (typeof allowed !== 'object') return [chance];
    if (Array.isArray(allowed)) return [{ ...chance, hosts: allowed as readonly string[] }];
    if (kind === 'olderSchema') return [{ ...chance, hosts: Object.keys(allowed) }];
    return Object.entries(allowed).map(([host, statuses]) => ({
      ...chance,
      hosts: [host],
      statuses: statuses as readonly number[],
    }));
  });
}

/** Draws a fault for one request. */
export function drawRequestFault(ref: RequestRef, chance: RequestChance, draw: Draw): RequestFault {
  return (requestKind(chance.kind) as RequestKind).draw(ref, draw, chance);
}

/** Plainer forms of a fault, besides rounder times and other requests. */
export function plainerRequestFaults(fault: RequestFault): Iterable<RequestFault> {
  return requestKind(fault.kind)?.plainer?.(fault) ?? [];
}
