// Which isolation level a history of transactions shows, and what breaks the stronger ones.

import type { Operation } from '../../history/operation.ts';
import { LEVELS, strongestLevel, type Anomaly, type IsolationLevel } from './anomaly.ts';
import { worstCycles, type Cycle } from './cycles.ts';
import type { Dependency, DependencyGraph } from './graph.ts';
import { inferFromLists } from './list-append.ts';
import { lostUpdates } from './lost-updates.ts';
import { inferFromRegisters } from './registers.ts';
import { nameOf, transactionsOf, type Transaction } from './transaction.ts';

/** What a history of transactions shows. */
export interface Isolation {
  /** `unknown`: nothing was read, so nothing is shown. */
  readonly verdict: 'ok' | 'illegal' | 'unknown';
  /** The strongest level against which nothing speaks; `none` where not even the weakest holds. */
  readonly level: IsolationLevel | 'none';
  readonly anomalies: readonly Anomaly[];
  /** The anomalies, the worst first, in prose. */
  readonly message: string;
}

/**
 * Decides whether a history of transactions keeps an isolation level.
 *
 * Transactions read and append to lists (`append`, `r`), from which the order of all versions can be read; or
 * they read and write registers (`w`, `r`), from which it can in part. Each value is written once to each
 * key. Lists find more. What cannot be proved from the history is not held against it.
 *
 * Source: Elle (Kingsbury and Alvaro, VLDB 2020); differs in that what was committed to a list and is in no
 * read of it comes after all that is: so a lost append is found, if the clock tells that it came first.
 *
 * @param level - What it must keep. Default `strict serializable`.
 * @throws {RangeError} If an operation is no transaction, or lists and registers are mixed.
 */
export function isolated(
  history: readonly Operation[],
  { level = 'strict serializable' }: { readonly level?: IsolationLevel } = {},
): Isolation {
  const transactions = transactionsOf(history);
  const kinds = new Set(transactions.flatMap(({ steps }) => steps.map(([kind]) => kind)));
  if (kinds.has('append') && kinds.has('w')) {
    throw new RangeError(
      'expected lists ("append") or registers ("w"), got both in one history: check them apart',
    );
  }
  const infer = kinds.has('w') ? inferFromRegisters : inferFromLists;
  const { anomalies: direct, graph } = infer(transactions);
  addRealtime(graph, transactions);
  const cycles = worstCycles(graph).map((cycle) => cycleAnomaly(cycle, transactions));
  const anomalies = [...direct, ...lostUpdates(transactions), ...cycles].toSorted(
    (left, right) => levelLeft(left) - levelLeft(right),
  );
  const strongest = strongestLevel(anomalies);
  const isKept = strongest !== 'none' && LEVELS.indexOf(strongest) >= LEVELS.indexOf(level);
  const hasRead = transactions.some(
    ({ type, steps }) => type === 'ok' && steps.some(([kind]) => kind === 'r'),
  );
  const verdict = !isKept ? 'illegal' : hasRead ? 'ok' : 'unknown';
  return {
    verdict,
    level: strongest,
    anomalies,
    message: anomalies.map(({ message }) => message).join('\n'),
  };
}

function levelLeft(anomaly: Anomaly): number {
  const level = strongestLevel([anomaly]);
  return level === 'none' ? -1 : LEVELS.indexOf(level);
}

/**
 * A transaction that ended before another began comes before it. An edge goes only from those that no edge of
 * another one implies.
 */
function addRealtime(graph: DependencyGraph, transactions: readonly Transaction[]): void {
  const candidates = transactions.filter(({ type }) => type !== 'fail');
  const byBegin = candidates.toSorted((one, other) => one.operation.invokedMs - other.operation.invokedMs);
  const byEnd = candidates
    .filter(({ type }) => type === 'ok')
    .toSorted((one, other) => endOf(one) - endOf(other));
  let frontier: Transaction[] = [];
  let nextEnd = 0;
  for (const transaction of byBegin) {
    const { invokedMs } = transaction.operation;
    for (
      let ended = byEnd[nextEnd];
      ended !== undefined && endOf(ended) < invokedMs;
      ended = byEnd[++nextEnd]
    ) {
      const began = ended.operation.invokedMs;
      frontier = frontier.filter((each) => endOf(each) >= began);
      frontier.push(ended);
    }
    for (const before of frontier) {
      graph.add({ kind: 'realtime', from: before.index, to: transaction.index });
    }
  }
}

function endOf({ operation }: Transaction): number {
  return operation.endedMs ?? Number.POSITIVE_INFINITY;
}

function cycleAnomaly({ kind, isRealtime, edges }: Cycle, transactions: readonly Transaction[]): Anomaly {
  const members = edges.map(({ from }) => transactions[from] as Transaction);
  const reasons = edges.map((edge) => reasonOf(edge, transactions));
  const name = isRealtime ? (`${kind}-realtime` as const) : kind;
  const shown = [...members, members[0] as Transaction].map(({ index }) => `T${index}`).join(' → ');
  return { kind: name, transactions: members, message: `${name}, ${shown}: ${reasons.join('; ')}` };
}

/** Why the first of two transactions must have come before the second, in words. */
function reasonOf(dependency: Dependency, transactions: readonly Transaction[]): string {
  const from = transactions[dependency.from] as Transaction;
  const to = transactions[dependency.to] as Transaction;
  const [key, version, next] = [dependency.key, dependency.version, dependency.next].map((each) =>
    JSON.stringify(each),
  );
  const isList =
    to.steps.some(([kind]) => kind === 'append') || from.steps.some(([kind]) => kind === 'append');
  const wrote = isList ? 'appended' : 'wrote';
  const written = isList ? 'appended' : 'written';
  switch (dependency.kind) {
    case 'ww':
      return `${nameOf(to)} ${wrote} ${next} to ${key} after the ${version} of ${nameOf(from)}`;
    case 'wr':
      return `${nameOf(to)} read the ${version} that ${nameOf(from)} had ${written} to ${key}`;
    case 'rw':
      return isList
        ? `${nameOf(from)} read ${key} without the ${next} that ${nameOf(to)} appended`
        : `${nameOf(from)} read ${version} from ${key}, which ${nameOf(to)} overwrote with ${next}`;
    default:
      return (
        `${nameOf(from)} ended at ${endOf(from)} ms, before ${nameOf(to)} began ` +
        `at ${to.operation.invokedMs} ms`
      );
  }
}
