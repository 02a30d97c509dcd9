// What registers tell of the transactions that wrote them. A write hides what was there before, so the order
// of the versions is known only in part: what was read and then overwritten by one transaction, and what it
// wrote twice.

// Source: Elle: Inferring Isolation Anomalies from Experimental Observations (Kingsbury and Alvaro, VLDB
// 2020).

import type { Anomaly } from './anomaly.ts';
import { DependencyGraph } from './graph.ts';
import type { Inferred } from './list-append.ts';
import { nameOf, type Atom, type Transaction } from './transaction.ts';

interface Writer {
  readonly transaction: Transaction;
  isFinal: boolean;
}

interface RegisterFacts {
  readonly key: Atom;
  readonly writers: Map<Atom, Writer>;
  /** Who read a version that is not its own. */
  readonly readers: Map<Atom, Set<Transaction>>;
  /** Versions, each with those that came after it. Null came before all. */
  readonly after: Map<Atom, Set<Atom>>;
}

/** Infers dependencies and the anomalies that need no cycle of transactions. */
export function inferFromRegisters(transactions: readonly Transaction[], edgesMax: number): Inferred {
  const anomalies: Anomaly[] = [];
  const registers = new Map<Atom, RegisterFacts>();
  const factsOf = (key: Atom): RegisterFacts => {
    let facts = registers.get(key);
    if (facts === undefined) {
      facts = { key, writers: new Map(), readers: new Map(), after: new Map() };
      registers.set(key, facts);
    }
    return facts;
  };
  for (const transaction of transactions) noteSteps(transaction, factsOf, anomalies);
  const graph = new DependencyGraph(transactions.length, edgesMax);
  for (const facts of registers.values()) {
    judgeReads(facts, anomalies);
    const cycle = cyclicVersions(facts);
    if (cycle !== undefined) anomalies.push(cycle);
    else addDependencies(facts, graph);
  }
  return { anomalies, graph };
}

function noteSteps(
  transaction: Transaction,
  factsOf: (key: Atom) => RegisterFacts,
  anomalies: Anomaly[],
): void {
  const current = new Map<Atom, Atom>();
  const own = new Map<Atom, Writer>();
  for (const [kind, key, value] of transaction.steps) {
    const facts = factsOf(key);
    if (kind === 'w') {
      const known = facts.writers.get(value);
      if (known !== undefined) {
        anomalies.push({
          kind: 'duplicate write',
          transactions: [known.transaction, transaction],
          message:
            `${nameOf(known.transaction)} and ${nameOf(transaction)} both write ${text(value)} ` +
            `to ${text(key)}: values must be unique`,
        });
        continue;
      }
      const before = own.get(key);
      if (before !== undefined) before.isFinal = false;
      const writer: Writer = { transaction, isFinal: true };
      own.set(key, writer);
      facts.writers.set(value, writer);
      if (transaction.type !== 'fail') comesAfter(facts, current.get(key), value);
      current.set(key, value);
    } else if (kind === 'r' && transaction.type === 'ok' && value !== undefined) {
      const read = value as Atom;
      const known = current.get(key);
      if (known !== undefined && known !== read) {
        anomalies.push({
          kind: 'internal',
          transactions: [transaction],
          message:
            `${nameOf(transaction)} read ${text(read)} from ${text(key)}, ` +
            `which by its own steps is ${text(known)}`,
        });
        continue;
      }
      current.set(key, read);
      if (own.has(key)) continue;
      const readers = facts.readers.get(read);
      if (readers === undefined) facts.readers.set(read, new Set([transaction]));
      else readers.add(transaction);
    }
  }
}

function comesAfter({ after }: RegisterFacts, before: Atom | undefined, value: Atom): void {
  if (before === undefined) return;
  const known = after.get(before);
  if (known === undefined) after.set(before, new Set([value]));
  else known.add(value);
}

function judgeReads({ key, writers, readers }: RegisterFacts, anomalies: Anomaly[]): void {
  for (const [value, transactions] of readers) {
    if (value === null) continue;
    const writer = writers.get(value);
    for (const reader of transactions) {
      const read = `${nameOf(reader)} read ${text(value)} from ${text(key)}`;
      if (writer === undefined) {
        anomalies.push({
          kind: 'garbage read',
          transactions: [reader],
          message: `${read}, which nobody wrote`,
        });
      } else if (writer.transaction.type === 'fail') {
        anomalies.push({
          kind: 'G1a',
          transactions: [writer.transaction, reader],
          message: `${read}, which ${nameOf(writer.transaction)} had written, and that was aborted`,
        });
      } else if (!writer.isFinal && writer.transaction !== reader) {
        anomalies.push({
          kind: 'G1b',
          transactions: [writer.transaction, reader],
          message:
            `${read}, and not what ${nameOf(writer.transaction)} wrote after it: ` +
            `a state in mid-transaction`,
        });
      }
    }
  }
}

/** A version that comes before itself. */
function cyclicVersions({ key, after, writers }: RegisterFacts): Anomaly | undefined {
  const numbers = new Map<Atom, number>();
  const numberOf = (value: Atom): number => {
    let number = numbers.get(value);
    if (number === undefined) numbers.set(value, (number = numbers.size));
    return number;
  };
  const edges = [...after].flatMap(([from, values]) =>
    Array.from(values, (to) => [numberOf(from), numberOf(to)] as const),
  );
  const graph = new DependencyGraph(numbers.size);
  for (const [from, to] of edges) graph.add({ kind: 'ww', from, to });
  const [component] = graph.components();
  if (component === undefined) return undefined;
  const inside = new Set(component);
  const values = [...numbers.keys()].filter((value) => inside.has(numberOf(value)));
  const transactions = values.flatMap((value) => writers.get(value)?.transaction ?? []);
  const shown = values.map(text).join(' and ');
  return {
    kind: 'cyclic versions',
    transactions,
    message:
      `by what was read and then overwritten, the versions ${shown} of ${text(key)} ` +
      `each come before the other`,
  };
}

function addDependencies({ key, writers, readers, after }: RegisterFacts, graph: DependencyGraph): void {
  const writerOf = (value: Atom): Transaction | undefined => {
    const writer = writers.get(value)?.transaction;
    return writer?.type === 'fail' ? undefined : writer;
  };
  for (const [version, transactions] of readers) {
    const from = writerOf(version)?.index;
    if (from === undefined) continue;
    for (const { index } of transactions) graph.add({ kind: 'wr', from, to: index, key, version });
  }
  for (const [version, laterOnes] of versionPairs({ writers, readers, after })) {
    const writer = writerOf(version);
    for (const next of laterOnes) {
      const to = writerOf(next)?.index;
      if (to === undefined) continue;
      if (graph.isFull) return;
      if (writer !== undefined) graph.add({ kind: 'ww', from: writer.index, to, key, version, next });
      for (const { index } of readers.get(version) ?? []) {
        graph.add({ kind: 'rw', from: index, to, key, version, next });
      }
    }
  }
}

/** Each version with those that are known to come after it; the first is null, where anybody read it. */
function* versionPairs({
  writers,
  readers,
  after,
}: Pick<RegisterFacts, 'writers' | 'readers' | 'after'>): Generator<[Atom, Iterable<Atom>]> {
  if (readers.has(null)) {
    const notFirst = new Set(
      [...after].flatMap(([value, laterOnes]) => (value === null ? [] : [...laterOnes])),
    );
    const isThere = (value: Atom): boolean =>
      readers.has(value) || writers.get(value)?.transaction.type === 'ok';
    yield [null, [...writers.keys()].filter((value) => !notFirst.has(value) && isThere(value))];
  }
  for (const [value, laterOnes] of after) if (value !== null) yield [value, laterOnes];
}

function text(value: unknown): string {
  return JSON.stringify(value);
}
