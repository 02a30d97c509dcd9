// Histories from outside: of a simulation, as it wrote them, or of a real system, as events in the order in
// which they were seen. Both are checked before anything reads them.

import { HistoryError } from '../errors.ts';
import type { Operation } from './operation.ts';

/** One event of a recorded history, in the notation of Jepsen. */
export interface RecordedEvent {
  /** Who did it. One who waits for an answer asks nothing else. */
  readonly process: string | number;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  /** What it asked for: `read`. */
  readonly f: string;
  /** What it asked with, and for `ok` what it was answered. */
  readonly value?: unknown;
  /** When, in any unit, never earlier than the event before. Default: the place of the event in the list. */
  readonly time?: number;
}

const TYPES: readonly unknown[] = ['ok', 'fail', 'info', 'pending'];
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
  const isEvents = entries.length > 0 && (entries[0] as { f?: unknown } | null)?.f !== undefined;
  return isEvents ? operationsOf(entries as RecordedEvent[]) : checkOperations(entries);
}

/**
 * Pairs events up to operations.
 *
 * @throws {HistoryError} If an end has no beginning, a process begins twice at once, or a time goes back.
 */
export function operationsOf(events: readonly RecordedEvent[]): Operation[] {
  const operations: Operation[] = [];
  const open = new Map<string | number, number>();
  let before = Number.NEGATIVE_INFINITY;
  for (const [i, event] of events.entries()) {
    const at = `event ${i}`;
    checkEvent(at, event);
    const { process, type, f, value, time = i } = event;
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
        client: String(process),
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
  if (typeof process !== 'string' && typeof process !== 'number') {
    throw HistoryError.expected('`process`: a name or a number', process, at);
  }
  if (!EVENT_TYPES.includes(type)) throw HistoryError.expected('`type`: invoke, ok, fail or info', type, at);
  if (typeof f !== 'string') throw HistoryError.expected('`f`: the name of an operation', f, at);
  if (time !== undefined && !Number.isFinite(time)) throw HistoryError.expected('`time`: a number', time, at);
}

/** @throws {HistoryError} If an entry is no operation, or two have one id. */
function checkOperations(entries: readonly unknown[]): Operation[] {
  const ids = new Set<number>();
  for (const [i, entry] of entries.entries()) {
    const at = `operation ${i}`;
    if (typeof entry !== 'object' || entry === null) throw HistoryError.expected('an operation', entry, at);
    const { id, client, name, invokedMs, endedMs, type } = entry as Record<string, unknown>;
    if (!Number.isSafeInteger(id) || ids.has(id as number)) {
      throw HistoryError.expected('`id`: an integer that no other has', id, at);
    }
    ids.add(id as number);
    if (typeof client !== 'string') throw HistoryError.expected('`client`: a name', client, at);
    if (typeof name !== 'string') throw HistoryError.expected('`name`: the name of an operation', name, at);
    if (!TYPES.includes(type)) throw HistoryError.expected('`type`: ok, fail, info or pending', type, at);
    if (!Number.isFinite(invokedMs)) throw HistoryError.expected('`invokedMs`: a number', invokedMs, at);
    const needsEnd = type === 'ok' || type === 'fail';
    if (needsEnd && !Number.isFinite(endedMs))
      throw HistoryError.expected('`endedMs`: a number', endedMs, at);
    if (Number.isFinite(endedMs) && (endedMs as number) < (invokedMs as number)) {
      throw new HistoryError(
        `${at}: it ended at ${String(endedMs)} ms, before it began at ${String(invokedMs)} ms`,
      );
    }
  }
  return entries as Operation[];
}
