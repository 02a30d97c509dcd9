// Transactions as a history has them: lists of reads and writes of keys, and what became of them.

import { HistoryError } from '../../errors.ts';
import type { Operation } from '../../history/operation.ts';
import { checkHistory } from '../../history/well-formed.ts';

/** A key or a value: anything that is equal to itself as JSON. */
export type Atom = string | number | boolean | null;

/** Adds a value to the list of a key; values are unique for each key. */
export type Append = readonly ['append', key: Atom, value: Atom];
/** Overwrites the value of a key; values are unique for each key. */
export type Write = readonly ['w', key: Atom, value: Atom];
/** Reads a key: the list, or the value; null for what was never written. */
export type Read = readonly ['r', key: Atom, value: readonly Atom[] | Atom];

/** One step of a transaction. */
export type MicroOperation = Append | Write | Read;

/** A transaction. */
export interface Transaction {
  /** Its place in the list. */
  readonly index: number;
  readonly operation: Operation;
  /** What it did; for one that did not end `ok`, what it was asked to do, and its reads know nothing. */
  readonly steps: readonly MicroOperation[];
  /** `ok`: committed. `fail`: aborted. `info`: nobody knows. */
  readonly type: 'ok' | 'fail' | 'info';
}

/**
 * Takes the transactions out of a history: the operations whose input is a list of steps. Those that ended
 * `ok` have the steps with what was read as their value.
 *
 * @throws {HistoryError} If the history is malformed or a step is none, naming the operation.
 */
export function transactionsOf(history: readonly Operation[]): Transaction[] {
  checkHistory(history);
  return history.map((operation, index) => {
    const { type, value, input } = operation;
    // Without an answer its reads know nothing.
    const steps = type === 'ok' && value !== undefined ? value : withoutAnswers(input);
    if (!isListOf(steps, isStep)) {
      throw HistoryError.expected(
        'a list of steps like ["append", "x", 1], ["w", "x", 1] and ["r", "x", null]',
        steps,
        `operation ${operation.id} (${operation.client} ${operation.name})`,
      );
    }
    return { index, operation, steps, type: type === 'pending' ? 'info' : type };
  });
}

function withoutAnswers(steps: unknown): unknown {
  if (!Array.isArray(steps)) return steps;
  return steps.map((step: unknown) => (Array.isArray(step) && step[0] === 'r' ? step.slice(0, 2) : step));
}

function isStep(step: unknown): step is MicroOperation {
  if (!Array.isArray(step) || step.length < 2 || step.length > 3) return false;
  const [kind, key, value] = step as unknown[];
  if (!isAtom(key)) return false;
  if (kind === 'r') return value === undefined || isAtom(value) || isListOf(value, isAtom);
  return (kind === 'append' || kind === 'w') && isAtom(value);
}

function isAtom(value: unknown): value is Atom {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

/** `every` leaves holes out. */
function isListOf<Each>(list: unknown, isEach: (value: unknown) => value is Each): list is Each[] {
  if (!Array.isArray(list)) return false;
  for (let i = 0; i < list.length; i++) if (!isEach(list[i])) return false;
  return true;
}

/** What a transaction did, in words: `r x [1,2]; append x 3`. */
export function stepsText(steps: readonly MicroOperation[]): string {
  const text = ([kind, key, value]: MicroOperation): string => {
    const shown = value === undefined ? '?' : JSON.stringify(value);
    return `${kind} ${typeof key === 'string' ? key : JSON.stringify(key)} ${shown}`;
  };
  return steps.map(text).join('; ');
}

/** A transaction in words: `T3 (client-1)`. */
export function nameOf({ index, operation }: Transaction): string {
  return `T${index} (${operation.client})`;
}
