// Which isolation level a history of transactions shows, and what breaks the stronger ones.

import { HistoryError } from '../../errors.ts';
import type { CycleEvidence } from '../../history/evidence.ts';
import type { Operation } from '../../history/operation.ts';
import { LEVELS, strongestLevel, type Anomaly, type IsolationLevel } from './anomaly.ts';
import { worstCycles, type Cycle } from './cycles.ts';
import type { Dependency, DependencyGraph } from './graph.ts';
import { inferFromLists } from './list-append.ts';
import { lostUpdates } from './lost-updates.ts';
import { inferFromRegisters } from './registers.ts';
import { nameOf, stepsText, transactionsOf, type Transaction } from './transaction.ts';

/** What a history of transactions shows. */
export interface Isolation {
  /** `unknown`: nothing was read, so nothing is shown; or the budget was too small. */
  readonly verdict: 'ok' | 'illegal' | 'unknown';
  /** The strongest level against which nothing speaks; `none` where not even the weakest holds. */
  readonly level: IsolationLevel | 'none';
  readonly anomalies: readonly Anomaly[];
  /** The anomalies, the worst first, in prose. */
  readonly message: string;
  /** The worst that the asked level forbids; only where the verdict is `illegal`. */
  readonly evidence?: CycleEvidence;
}

/** What is asked of a history of transactions, and what may be spent on it. */
export interface IsolationOptions {
  /** What it must keep. Default `strict serializable`. */
  readonly level?: IsolationLevel;
  /** How many dependencies may be kept, of some 100 B. Default 4,000,000, or 40 for each transaction. */
  readonly edgesMax?: number;
  /** How many dependencies may be looked at in search of cycles. Default 100,000,000: some seconds. */
  readonly stepsMax?: number;
}

const EDGES_MAX = 4_000_000;
const EDGES_MAX_EACH = 40;
const STEPS_MAX = 100_000_000;
/** So many anomalies are in the message; all are in the data. */
const ANOMALIES_SHOWN_MAX = 20;

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
 * @throws {HistoryError} If the history is malformed, an operation is no transaction, or lists and registers
 *   are mixed.
 */
export function isolated(
  history: readonly Operation[],
  { level = 'strict serializable', edgesMax, stepsMax = STEPS_MAX }: IsolationOptions = {},
): Isolation {
  const transactions = transactionsOf(history);
  const infer = areRegisters(transactions) ? inferFromRegisters : inferFromLists;
  const bound = edgesMax ?? Math.max(EDGES_MAX, EDGES_MAX_EACH * transactions.length);
  const { anomalies: direct, graph } = infer(transactions, bound);
  addRealtime(graph, transactions);
  const effort = { left: stepsMax };
  const cycles = worstCycles(graph, effort).map((cycle) => cycleAnomaly(cycle, transactions));
  const anomalies = [...direct, ...lostUpdates(transactions), ...cycles].toSorted(
    (left, right) => levelLeft(left) - levelLeft(right),
  );
  const strongest = strongestLevel(anomalies);
  const isKept = strongest !== 'none' && LEVELS.indexOf(strongest) >= LEVELS.indexOf(level);
  if (!isKept) {
    const evidence = evidenceOf(anomalies);
    return { verdict: 'illegal', level: strongest, anomalies, message: listed(anomalies), ...evidence };
  }
  const why = whyUnknown(transactions, {
    isFull: graph.isFull,
    bound,
    isCutShort: effort.left < 0,
    stepsMax,
  });
  const message = [why, listed(anomalies)].filter((each) => each !== '').join('\n');
  return { verdict: why === '' ? 'ok' : 'unknown', level: strongest, anomalies, message };
}

function whyUnknown(
  transactions: readonly Transaction[],
  used: { isFull: boolean; bound: number; isCutShort: boolean; stepsMax: number },
): string {
  const hasRead = transactions.some(
    ({ type, steps }) =>
      type === 'ok' && steps.some(([kind, , value]) => kind === 'r' && value !== undefined),
  );
  if (!hasRead) return 'nothing was read, so nothing is shown';
  if (used.isFull)
    return `no answer within ${used.bound.toLocaleString('en')} dependencies: raise \`edgesMax\``;
  return used.isCutShort
    ? `no answer within ${used.stepsMax.toLocaleString('en')} steps: raise \`stepsMax\``
    : '';
}

function listed(anomalies: readonly Anomaly[]): string {
  const shown = anomalies.slice(0, ANOMALIES_SHOWN_MAX).map(({ message }) => message);
  const rest = anomalies.length - shown.length;
  return rest === 0 ? shown.join('\n') : `${shown.join('\n')}\nand ${rest} more`;
}

/** @throws {HistoryError} If lists and registers are mixed, or a read has not what it should. */
function areRegisters(transactions: readonly Transaction[]): boolean {
  let lists: Transaction | undefined;
  let registers: Transaction | undefined;
  for (const transaction of transactions) {
    for (const [kind, , value] of transaction.steps) {
      if (kind === 'append' || (kind === 'r' && Array.isArray(value))) lists ??= transaction;
      else if (kind === 'w' || (value ?? null) !== null) registers ??= transaction;
    }
  }
  if (lists !== undefined && registers !== undefined) {
    throw new HistoryError(
      'expected lists ("append") or registers ("w"), got both in one history: check them apart. ' +
        `${nameOf(lists)} has a list, ${nameOf(registers)} a register.`,
    );
  }
  return registers !== undefined;
}

function evidenceOf([worst]: readonly Anomaly[]): Pick<Isolation, 'evidence'> {
  if (worst === undefined) return {};
  const { kind, transactions, edges = [] } = worst;
  const shown = transactions.map(({ operation, steps }) => ({
    operation: operation.id,
    text: stepsText(steps),
  }));
  return { evidence: { kind: 'cycle', anomaly: kind, transactions: shown, edges } };
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
  let latestBegin = Number.NEGATIVE_INFINITY;
  for (const transaction of byBegin) {
    const { invokedMs } = transaction.operation;
    for (
      let ended = byEnd[nextEnd];
      ended !== undefined && endOf(ended) < invokedMs;
      ended = byEnd[++nextEnd]
    ) {
      const began = ended.operation.invokedMs;
      if (began > latestBegin) {
        latestBegin = began;
        frontier = frontier.filter((each) => endOf(each) >= began);
      }
      frontier.push(ended);
    }
    for (const before of frontier) {
      graph.add({ kind: 'realtime', from: before.index, to: transaction.index });
      if (graph.isFull) return;
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
  const message = `${name}, ${shown}: ${reasons.join('; ')}`;
  return {
    kind: name,
    transactions: members,
    edges: edges.map((edge, i) => ({
      from: i,
      to: (i + 1) % edges.length,
      dependency: edge.kind,
      text: reasons[i] as string,
    })),
    message,
  };
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
