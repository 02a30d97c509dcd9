// Histories from outside: of a simulation, as it wrote them, or of a real system, as events in the order in
// which they were seen. Both are checked before anything reads them.

import { HistoryError } from '../errors.ts';
import type { Operation } from './operation.ts';
import { checkHistory } from './well-formed.ts';

/** One event of a recorded history, in the notation of Jepsen. */
export interface RecordedEvent {
  /** Who did it. One who waits for an answer asks nothing else. */
  readonly process: string | number;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  /** What it asked for: `read`. Default `txn`, a transaction. */
  readonly f?: string;
  /** What it asked with, and for `ok` what it was answered. */
  readonly value?: unknown;
  /** When, in any unit, never earlier than the event before. Default: the place of the event in the list. */
  readonly time?: number;
}

const EVENT_TYPES: readonly unknown[] = ['invoke', 'ok', 'fail', 'info'];

/**
 * Reads a history from JSON: a list of operations, as `result.history` has them, or a list of events.
 *
 * @throws {HistoryError} If it is no JSON, no list, or an entry is wrong; it names the first that is.
 */
export function readHistory(text: string): Operation[] {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch (error) {
    throw new HistoryError(
      `expected JSON, got text that is none: ${(error as Error).message}. Was it cut off?`,
    );
  }
  if (!Array.isArray(entries)) throw HistoryError.expected('a list of operations or of events', entries);
  const isEvents = entries.length > 0 && (entries[0] as { process?: unknown } | null)?.process !== undefined;
  if (isEvents) return operationsOf(entries as RecordedEvent[]);
  checkHistory(entries);
  // JSON leaves out what is undefined.
  return entries.map(({ id, client, name, input, ...rest }) => ({ id, client, name, input, ...rest }));
}

/**
 * Pairs events up to operations.
 *
 * @throws {HistoryError} If an end has no beginning, a process begins twice at once, or a time goes back.
 */
export function operationsOf(events: readonly RecordedEvent[]): Operation[] {
  if (!Array.isArray(events)) throw HistoryError.expected('a list of events', events);
  const operations: Operation[] = [];
  const open = new Map<string, number>();
  let before = Number.NEGATIVE_INFINITY;
  for (const [i, event] of events.entries()) {
    const at = `event ${i}`;
    checkEvent(at, event);
    const { type, f = 'txn', value, time = i } = event;
    const process = String(event.process);
    if (time < before)
      throw new HistoryError(`${at}: its time is ${time}, before the ${before} of the event before it`);
    before = time;
    const began = open.get(process);
    if (type === 'invoke') {
      if (began !== undefined) {
        throw new HistoryError(
          `${at}: process ${process} invokes ${f} while its operation ${began} is open. ` +
            'Give what goes on after an unknown outcome another process.',
        );
      }
      open.set(process, operations.length);
      const id = operations.length;
      operations.push({
        id,
        client: process,
        name: f,
        input: value,
        invokedMs: time,
        type: 'pending',
      });
      continue;
    }
    if (began === undefined)
      throw new HistoryError(`${at}: process ${process} ends ${f}, which it never invoked`);
    const operation = operations[began] as Operation;
    if (operation.name !== f) {
      throw new HistoryError(`${at}: process ${process} ends ${f}, but had invoked ${operation.name}`);
    }
    open.delete(process);
    const result = value === undefined ? {} : { value };
    operations[began] = { ...operation, type, endedMs: time, ...result };
  }
  return operations;
}

function checkEvent(at: string, event: unknown): asserts event is RecordedEvent {
  if (typeof event !== 'object' || event === null) throw HistoryError.expected('an event', event, at);
  const { process, type, f, time } = event as Record<string, unknown>;
  if (typeof process !== 'string' && !Number.isSafeInteger(process)) {
    throw HistoryError.expected('`process`: a name or a number', process, at);
  }
  if (!EVENT_TYPES.includes(type)) throw HistoryError.expected('`type`: invoke, ok, fail or info', type, at);
  if (f !== undefined && typeof f !== 'string')
    throw HistoryError.expected('`f`: the name of an operation', f, at);
  if (time !== undefined && !Number.isFinite(time)) throw HistoryError.expected('`time`: a number', time, at);
}
