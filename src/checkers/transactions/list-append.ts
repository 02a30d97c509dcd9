// What lists tell of the transactions that appended to them. A list names all versions that it ever had, so
// one read gives the order of the writes before it.

// Source: Elle: Inferring Isolation Anomalies from Experimental Observations (Kingsbury and Alvaro, VLDB
// 2020).

import type { Anomaly } from './anomaly.ts';
import { DependencyGraph } from './graph.ts';
import { nameOf, type Atom, type Transaction } from './transaction.ts';

/** Who appended a value to a list. */
interface Writer {
  readonly transaction: Transaction;
  /** Whether it appended another value to the same list afterwards. */
  isFinal: boolean;
}

interface ListRead {
  readonly transaction: Transaction;
  readonly list: readonly Atom[];
  /** Without what the transaction itself had appended by then. */
  readonly external: number;
}

/** All that is known of one list. */
interface ListFacts {
  readonly key: Atom;
  readonly writers: Map<Atom, Writer>;
  readonly reads: ListRead[];
  longest: readonly Atom[];
}

/** What a history of lists says. */
export interface Inferred {
  readonly anomalies: readonly Anomaly[];
  readonly graph: DependencyGraph;
}

/** Infers dependencies and the anomalies that need no cycle. */
export function inferFromLists(transactions: readonly Transaction[], edgesMax: number): Inferred {
  const anomalies: Anomaly[] = [];
  const lists = new Map<Atom, ListFacts>();
  const factsOf = (key: Atom): ListFacts => {
    let facts = lists.get(key);
    if (facts === undefined) lists.set(key, (facts = { key, writers: new Map(), reads: [], longest: [] }));
    return facts;
  };
  for (const transaction of transactions) noteWrites(transaction, factsOf, anomalies);
  for (const transaction of transactions) {
    if (transaction.type === 'ok') noteReads(transaction, factsOf, anomalies);
  }
  const graph = new DependencyGraph(transactions.length, edgesMax);
  for (const facts of lists.values()) {
    if (!judgeReads(facts, anomalies)) continue;
    addDependencies(facts, graph);
  }
  return { anomalies, graph };
}

type FactsOf = (key: Atom) => ListFacts;

function noteWrites(transaction: Transaction, factsOf: FactsOf, anomalies: Anomaly[]): void {
  const last = new Map<Atom, Writer>();
  for (const [kind, key, value] of transaction.steps) {
    if (kind !== 'append') continue;
    const { writers } = factsOf(key);
    const known = writers.get(value);
    if (known !== undefined) {
      anomalies.push({
        kind: 'duplicate write',
        transactions: [known.transaction, transaction],
        message:
          `${nameOf(known.transaction)} and ${nameOf(transaction)} both append ${text(value)} ` +
          `to ${text(key)}: values must be unique`,
      });
      continue;
    }
    const before = last.get(key);
    if (before !== undefined) before.isFinal = false;
    const writer: Writer = { transaction, isFinal: true };
    last.set(key, writer);
    writers.set(value, writer);
  }
}

/** Reads of a committed transaction, each held against what it did before. */
function noteReads(transaction: Transaction, factsOf: FactsOf, anomalies: Anomaly[]): void {
  const own = new Map<Atom, { base: readonly Atom[] | undefined; appended: Atom[] }>();
  for (const [kind, key, value] of transaction.steps) {
    let known = own.get(key);
    if (known === undefined) own.set(key, (known = { base: undefined, appended: [] }));
    if (kind === 'append') {
      known.appended.push(value);
      continue;
    }
    if (kind !== 'r' || value === undefined) continue;
    const list = (value ?? []) as readonly Atom[];
    const external = list.length - known.appended.length;
    const isOwn = external >= 0 && known.appended.every((each, i) => list[external + i] === each);
    const isStable = known.base === undefined || isEqual(known.base, list.slice(0, Math.max(0, external)));
    if (!isOwn || !isStable) {
      const before = [...(known.base ?? ['…']), ...known.appended];
      anomalies.push({
        kind: 'internal',
        transactions: [transaction],
        message:
          `${nameOf(transaction)} read ${text(list)} from ${text(key)}, ` +
          `which by its own steps is ${text(before)}`,
      });
      continue;
    }
    known.base ??= list.slice(0, external);
    const facts = factsOf(key);
    facts.reads.push({ transaction, list, external });
    if (list.length > facts.longest.length) facts.longest = list;
  }
}

/** @returns whether the versions of the list have one order. */
function judgeReads(facts: ListFacts, anomalies: Anomaly[]): boolean {
  const { key, writers, reads, longest } = facts;
  let isOrdered = new Set(longest).size === longest.length;
  if (!isOrdered) {
    const reader = reads.find(({ list }) => list === longest)?.transaction as Transaction;
    anomalies.push({
      kind: 'duplicate element',
      transactions: [reader],
      message:
        `${nameOf(reader)} read ${text(longest)} from ${text(key)}: ` +
        `a value that was appended once is there twice`,
    });
  }
  for (const { transaction, list, external } of reads) {
    if (!list.every((value, i) => value === longest[i])) {
      isOrdered = false;
      const other = reads.find((each) => each.list === longest)?.transaction as Transaction;
      anomalies.push({
        kind: 'incompatible order',
        transactions: [transaction, other],
        message:
          `${nameOf(transaction)} read ${text(list)} from ${text(key)}, and ${nameOf(other)} ` +
          `${text(longest)}: neither continues the other`,
      });
    }
    judgeElements(facts, transaction, list.slice(0, external), anomalies);
  }
  for (const value of longest) if (!writers.has(value)) isOrdered = false;
  return isOrdered;
}

function judgeElements(
  { key, writers }: ListFacts,
  reader: Transaction,
  list: readonly Atom[],
  anomalies: Anomaly[],
): void {
  for (const [i, value] of list.entries()) {
    const writer = writers.get(value);
    const read = `${nameOf(reader)} read ${text(value)} from ${text(key)}`;
    if (writer === undefined) {
      anomalies.push({
        kind: 'garbage read',
        transactions: [reader],
        message: `${read}, which nobody appended`,
      });
    } else if (writer.transaction.type === 'fail') {
      anomalies.push({
        kind: 'G1a',
        transactions: [writer.transaction, reader],
        message: `${read}, which ${nameOf(writer.transaction)} had appended, and that was aborted`,
      });
    } else if (i === list.length - 1 && !writer.isFinal && writer.transaction !== reader) {
      anomalies.push({
        kind: 'G1b',
        transactions: [writer.transaction, reader],
        message:
          `${read}, and not what ${nameOf(writer.transaction)} appended after it: ` +
          `a state in mid-transaction`,
      });
    }
  }
}

function addDependencies({ key, writers, reads, longest }: ListFacts, graph: DependencyGraph): void {
  const of = (value: Atom): Transaction => (writers.get(value) as Writer).transaction;
  // What was committed and is in no list comes after all that was read.
  const seen = new Set(longest);
  const unseen = [...writers].filter(
    ([value, { transaction }]) => !seen.has(value) && transaction.type === 'ok',
  );
  const last = unseen.map(([each, { transaction }]) => [each, transaction] as const);
  const after = (position: number): readonly (readonly [Atom, Transaction])[] => {
    const value = longest[position];
    return value === undefined ? last : [[value, of(value)]];
  };
  for (const [i, version] of longest.entries()) {
    const from = of(version).index;
    for (const [next, other] of after(i + 1)) {
      graph.add({ kind: 'ww', from, to: other.index, key, version, next });
    }
  }
  for (const { transaction, list, external } of reads) {
    const { index } = transaction;
    const read = list[external - 1];
    if (read !== undefined) graph.add({ kind: 'wr', from: of(read).index, to: index, key, version: read });
    if (graph.isFull) return;
    for (const [next, other] of after(list.length)) {
      graph.add({ kind: 'rw', from: index, to: other.index, key, version: list.at(-1) ?? null, next });
    }
  }
}

function isEqual(left: readonly Atom[], right: readonly Atom[]): boolean {
  return left.length === right.length && left.every((value, i) => value === right[i]);
}

function text(value: unknown): string {
  return JSON.stringify(value);
}
