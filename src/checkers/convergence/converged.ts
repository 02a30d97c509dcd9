// Whether replicas are equal, as they must be once nothing happens any more; if not, which differ and where.

import { HistoryError } from '../../errors.ts';
import type { RecordsEvidence } from '../../history/evidence.ts';
import { canonicalText, shownText } from '../canonical-text.ts';
import type { Judgement } from '../judgement.ts';
import { differencesOf } from './differences.ts';

/** One place at which a replica has something else than most. */
export interface Difference {
  readonly replica: string;
  /** `stock.kettle`, `orders[3]`; empty for the whole state. */
  readonly path: string;
  /** What it has there, in words; `nothing` where it has nothing. */
  readonly has: string;
  /** What the others have there. */
  readonly others: string;
}

/** Whether replicas are equal. `unknown`: there are fewer than two. */
export interface Convergence extends Judgement {
  /** The replicas that are equal: the most that are; of as many, those with the first one. */
  readonly agreed: readonly string[];
  readonly differences: readonly Difference[];
}

/** So many differences of one replica are told. */
const TOLD_MAX = 10;

/**
 * Decides whether replicas are equal: the same plain data, whatever the order of keys, and of the entries of
 * maps and sets. To be asked when the system is quiet: in `eventually`, or at the end of a run.
 *
 * @param replicas - The state of each, by its name; what is no part of the promise left out.
 * @throws {HistoryError} If the states are no plain data, contain themselves, or are not given by name.
 * @example converged({ a: { stock: 2 }, b: { stock: 2 }, c: { stock: 3 } }).message; // 'replicas have not
 *   converged: c has 3 at stock, where a and b have 2'
 */
export function converged(replicas: Readonly<Record<string, unknown>>): Convergence {
  if (typeof replicas !== 'object' || replicas === null || Array.isArray(replicas)) {
    throw HistoryError.expected('the states of replicas by name', replicas);
  }
  const names = Object.keys(replicas);
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const text = canonicalText(replicas[name]);
    const equal = groups.get(text);
    if (equal === undefined) groups.set(text, [name]);
    else equal.push(name);
  }
  const [agreed = []] = [...groups.values()].toSorted((one, other) => other.length - one.length);
  if (names.length < 2) {
    const message = `${names.length === 0 ? 'no replica' : 'one replica'} to compare: nothing is shown`;
    return { verdict: 'unknown', message, agreed, differences: [] };
  }
  const usual = replicas[agreed[0] as string];
  const differences = names
    .filter((name) => !agreed.includes(name))
    .flatMap((replica) =>
      differencesOf(replicas[replica], usual, TOLD_MAX).map(({ path, left, right }): Difference => {
        return { replica, path, has: inWords(left), others: inWords(right) };
      }),
    );
  if (differences.length === 0) return { verdict: 'ok', message: '', agreed, differences };
  const have = agreed.length === 1 ? `${agreed[0]} has` : `${listed(agreed)} have`;
  const shown = differences.map(({ replica, path, has, others }) => {
    return `${replica} has ${has}${path === '' ? '' : ` at ${path}`}, where ${have} ${others}`;
  });
  const message = `replicas have not converged: ${shown.join('; ')}`;
  return { verdict: 'illegal', message, agreed, differences, evidence: evidenceOf(agreed, differences) };
}

/** Both sides of each difference, beside each other. */
function evidenceOf(agreed: readonly string[], differences: readonly Difference[]): RecordsEvidence {
  const [usual] = agreed;
  const records = differences.flatMap(({ replica, path, has, others }) => [
    { key: path, value: has, host: replica },
    { key: path, value: others, ...(usual === undefined ? {} : { host: usual }) },
  ]);
  return { kind: 'records', records };
}

function inWords(side: { readonly value: unknown } | undefined): string {
  return side === undefined ? 'nothing' : shownText(side.value);
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${String(names.at(-1))}`;
}
