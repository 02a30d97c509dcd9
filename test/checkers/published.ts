// Published histories with known verdicts, as operations: see fixtures/histories for where they come from.

import { readFileSync, readdirSync } from 'node:fs';
import type { Operation } from '../../src/history/operation.ts';
import { readEdn, type Edn } from './edn.ts';

const folder = new URL('../fixtures/histories/', import.meta.url);

/** One entry of a history of Jepsen. */
export interface JepsenEvent {
  /** `nemesis` for what disturbs the system. */
  readonly process: number | string;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly f: string;
  readonly value: Edn;
  readonly key?: string;
}

/** The files of a folder, as paths from the folder of all histories. */
export function filesOf(name: string): string[] {
  return readdirSync(new URL(`${name}/`, folder)).map((file) => `${name}/${file}`);
}

/** The events of a file. */
export function eventsOf(path: string): JepsenEvent[] {
  const text = readFileSync(new URL(path, folder), 'utf8');
  if (path.endsWith('.log')) return text.split('\n').flatMap(logLine);
  return readEdn(text).flat() as unknown as JepsenEvent[];
}

function logLine(line: string): JepsenEvent[] {
  const match = /INFO\s+jepsen\.util - (\d+)\s+:(\w+)\s+:(\w+)\s+(.*)$/.exec(line);
  if (match === null) return [];
  const [, process, type, f, value] = match as unknown as [string, string, string, string, string];
  return [
    { process: Number(process), type: type as JepsenEvent['type'], f, value: readEdn(value)[0] ?? null },
  ];
}

/** The operations, whose times are the places of the events in the history. */
export function operationsOf(events: readonly JepsenEvent[]): Operation[] {
  const operations: Operation[] = [];
  const open = new Map<number, number>();
  for (const [at, { process, type, f, value, key }] of events.entries()) {
    // What disturbs the system is no client.
    if (typeof process !== 'number') continue;
    if (type === 'invoke') {
      open.set(process, operations.length);
      const input = key === undefined ? { value } : { key, value };
      const id = operations.length;
      operations.push({ id, client: String(process), name: f, input, invokedMs: at, type: 'pending' });
      continue;
    }
    const id = open.get(process) as number;
    open.delete(process);
    const began = operations[id] as Operation;
    operations[id] = { ...began, type, endedMs: at, value, error: JSON.stringify(value) };
  }
  return operations;
}
