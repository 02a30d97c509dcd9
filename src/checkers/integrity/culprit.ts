// What the checks of data integrity answer with: the records that break a promise, where each came from, and
// the sentences that say so.

import type { RecordsEvidence } from '../../history/evidence.ts';
import type { ObservedRecord } from '../../history/observed.ts';
import { plainOf } from '../../history/plain-view.ts';
import { describeOrigin, type Origin } from '../../history/provenance.ts';
import type { Judgement } from '../judgement.ts';

/** A record that breaks a promise. */
export interface Culprit {
  /** Its key in its table, or its place in the list. */
  readonly key: string;
  /** What it holds; undefined for a record that is missing. */
  readonly record: unknown;
  /** The host that keeps it, where that is known. */
  readonly host?: string;
  /** Who wrote it last, and while handling which message; known only where the run keeps a journal. */
  readonly origin?: Origin;
}

/** The answer of a check of data integrity. `unknown`: something that it needs could not be seen. */
export interface Integrity extends Judgement {
  /** The records that break the promise, those of one breach beside each other. Empty unless `illegal`. */
  readonly culprits: readonly Culprit[];
}

/** One breach of a promise. */
export interface Breach {
  /** What is wrong, without a full stop. */
  readonly what: string;
  readonly culprits: readonly Culprit[];
}

const BREACHES_SHOWN_MAX = 3;
const CULPRITS_SHOWN_MAX = 4;
const RECORDS_MAX = 100;

/** Makes a culprit of a record. */
export function culpritOf<Row>({ key, value, host, origin }: ObservedRecord<Row>): Culprit {
  return {
    key,
    record: value,
    ...(host === undefined ? {} : { host }),
    ...(origin === undefined ? {} : { origin }),
  };
}

/** The answer where what is to be judged cannot be seen. */
export function unseen(what: string): Integrity {
  const why = 'a host that keeps them has not booted, or is down with what it had in memory';
  return { verdict: 'unknown', message: `The ${what} cannot be seen: ${why}.`, culprits: [] };
}

/** The answer to breaches that were found, or to none. */
export function judged(breaches: readonly Breach[]): Integrity {
  if (breaches.length === 0) return { verdict: 'ok', message: '', culprits: [] };
  const shown = breaches.slice(0, BREACHES_SHOWN_MAX).map(describeBreach);
  const rest = breaches.length - shown.length;
  const more = rest > 0 ? [`There ${rest === 1 ? 'is 1 more' : `are ${rest} more`} like that.`] : [];
  const culprits = breaches.flatMap((breach) => breach.culprits);
  return {
    verdict: 'illegal',
    message: [...shown, ...more].join('\n'),
    culprits,
    evidence: evidenceOf(culprits),
  };
}

/** The records as plain data: a report may be read long after the run. */
function evidenceOf(culprits: readonly Culprit[]): RecordsEvidence {
  const records = culprits.slice(0, RECORDS_MAX).map(({ record, ...rest }) => ({
    ...rest,
    value: plainOf(record),
  }));
  return { kind: 'records', records };
}

function describeBreach({ what, culprits }: Breach): string {
  const known = culprits.filter(({ origin }) => origin !== undefined).slice(0, CULPRITS_SHOWN_MAX);
  if (known.length === 0) return `${what}.`;
  return [`${what}:`, ...known.map((culprit) => `    ${describeCulprit(culprit)}`)].join('\n');
}

function describeCulprit({ key, origin }: Culprit): string {
  return `\`${key}\` was ${describeOrigin(origin as Origin)}`;
}

/** Names keys in a sentence: "`a`, `b` and 3 more". */
export function named(keys: Iterable<string>): string {
  const all = [...new Set(keys)];
  const shown = all.slice(0, CULPRITS_SHOWN_MAX).map((key) => `\`${key}\``);
  const rest = all.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
