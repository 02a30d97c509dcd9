// Two transactions that read the same version of a key, and both wrote the key: one of them did not know of
// the other.

import type { Anomaly } from './anomaly.ts';
import { nameOf, type Transaction } from './transaction.ts';

/** Finds them; one anomaly for each version that was read. */
export function lostUpdates(transactions: readonly Transaction[]): Anomaly[] {
  const updaters = new Map<string, Transaction[]>();
  for (const transaction of transactions) {
    if (transaction.type !== 'ok') continue;
    const readFirst = new Map<unknown, string>();
    const written = new Set<unknown>();
    for (const [kind, key, value] of transaction.steps) {
      if (kind !== 'r') {
        if (!written.has(key)) addUpdater(updaters, readFirst.get(key), transaction);
        written.add(key);
      } else if (!written.has(key) && !readFirst.has(key)) {
        const version = value === null || (Array.isArray(value) && value.length === 0) ? [] : value;
        readFirst.set(key, JSON.stringify([key, version]));
      }
    }
  }
  return [...updaters].flatMap(([version, those]) => (those.length < 2 ? [] : [anomalyOf(version, those)]));
}

function addUpdater(
  updaters: Map<string, Transaction[]>,
  version: string | undefined,
  by: Transaction,
): void {
  if (version === undefined) return;
  const known = updaters.get(version);
  if (known === undefined) updaters.set(version, [by]);
  else known.push(by);
}

function anomalyOf(version: string, transactions: readonly Transaction[]): Anomaly {
  const [key, value] = JSON.parse(version) as [unknown, unknown];
  const names = transactions.map(nameOf).join(' and ');
  const read = `${JSON.stringify(value)} from ${JSON.stringify(key)}`;
  const message = `lost update: ${names} each read ${read} and wrote it`;
  return { kind: 'lost update', transactions, message };
}
