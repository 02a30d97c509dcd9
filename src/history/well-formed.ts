// Whether a history is one: asked before anything judges it, of a list that was read and of one that was
// made.

import { HistoryError } from '../errors.ts';
import type { Operation } from './operation.ts';

const TYPES: readonly unknown[] = ['ok', 'fail', 'info', 'pending'];

/**
 * Checks that a list is a history.
 *
 * @throws {HistoryError} If it is no list, an entry is no operation, or two have one id.
 */
export function checkHistory(history: unknown): asserts history is readonly Operation[] {
  if (!Array.isArray(history)) throw HistoryError.expected('a list of operations', history);
  const ids = new Set<number>();
  // Not by `forEach`, which leaves holes out.
  for (let i = 0; i < history.length; i++) {
    const entry: unknown = history[i];
    if (typeof entry !== 'object' || entry === null) {
      throw HistoryError.expected('an operation', entry, `operation ${i}`);
    }
    const { id } = entry as Record<string, unknown>;
    if (!Number.isSafeInteger(id) || ids.has(id as number)) {
      throw HistoryError.expected('`id`: an integer that no other has', id, `operation ${i}`);
    }
    ids.add(id as number);
    checkOperation(entry as Record<string, unknown>, i);
  }
}

function checkOperation(entry: Record<string, unknown>, i: number): void {
  const { client, name, invokedMs, endedMs, type } = entry;
  const wrong = (expectation: string, got: unknown): HistoryError =>
    HistoryError.expected(expectation, got, `operation ${i}`);
  if (typeof client !== 'string') throw wrong('`client`: a name', client);
  // Histories of transactions come without names.
  if (name !== undefined && typeof name !== 'string') throw wrong('`name`: the name of an operation', name);
  if (!TYPES.includes(type)) throw wrong('`type`: ok, fail, info or pending', type);
  if (!Number.isFinite(invokedMs)) throw wrong('`invokedMs`: a number', invokedMs);
  if (type === 'pending' && endedMs !== undefined) throw wrong('no `endedMs`, for it is pending', endedMs);
  if (endedMs === undefined && (type === 'info' || type === 'pending')) return;
  if (!Number.isFinite(endedMs)) throw wrong('`endedMs`: a number', endedMs);
  if ((endedMs as number) < (invokedMs as number)) {
    throw new HistoryError(
      `operation ${i}: it ended at ${String(endedMs)} ms, before it began at ${String(invokedMs)} ms`,
    );
  }
}

/**
 * Puts the operations of each client into the order in which it made them. What came of the others, nobody
 * knows: the client did not wait for them.
 *
 * @param operations - Those of a checked history whose end is known.
 * @throws {HistoryError} If a client began one while another was open: then they have no order.
 */
export function programsOf(operations: readonly Operation[]): Map<string, Operation[]> {
  const programs = new Map<string, Operation[]>();
  for (const operation of operations.toSorted((one, other) => one.invokedMs - other.invokedMs)) {
    const { client, invokedMs } = operation;
    const own = programs.get(client);
    const before = own?.at(-1);
    if (before !== undefined && (before.endedMs ?? before.invokedMs) > invokedMs) {
      throw new HistoryError(
        `client ${client} began operation ${operation.id} (${operation.name}) at ${invokedMs} ms, while ` +
          `its operation ${before.id} (${before.name}) was open until ${String(before.endedMs)} ms: ` +
          'they have no order. Let clients of their own do what is done at once.',
      );
    }
    if (own === undefined) programs.set(client, [operation]);
    else own.push(operation);
  }
  return programs;
}
