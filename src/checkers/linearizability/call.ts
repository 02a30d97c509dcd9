// The operations of a history as a checker sees them: when each could have taken effect, and what it
// answered.

import type { Answer } from '../../../models/model.ts';
import { UNKNOWN } from '../../../models/model.ts';
import type { Operation } from '../../history/operation.ts';
import { checkHistory } from '../../history/well-formed.ts';

/** One operation that may have had an effect. */
export interface Call<Input, Output> {
  readonly operation: Operation;
  readonly input: Input;
  readonly answer: Answer<Output>;
  readonly beganMs: number;
  /** Infinite where nobody knows: the effect may come at any time after it began, or never. */
  readonly endedMs: number;
}

/** How the operations of a history become those of a model. */
export interface Reading<Input, Output> {
  /** Default: `{ ...input, name }` where the input is an object, else `{ name, value: input }`. */
  readonly input?: (operation: Operation) => Input;
  /** What an operation that ended `ok` answered; `UNKNOWN` where nobody was told. Default: its value. */
  readonly output?: (operation: Operation) => Answer<Output>;
  /**
   * What is known of an operation that failed: its answer, where the failure itself tells something of the
   * state (a compare-and-set that did not match). Default: undefined, it had no effect and tells nothing.
   */
  readonly failure?: (operation: Operation) => Output | undefined;
}

/**
 * Turns operations into calls, in the order in which they began.
 *
 * @throws {HistoryError} If the history is malformed.
 */
export function callsOf<Input, Output>(
  operations: readonly Operation[],
  reading: Reading<Input, Output>,
): Call<Input, Output>[] {
  checkHistory(operations);
  const inputOf = reading.input ?? (defaultInput as (operation: Operation) => Input);
  const outputOf = reading.output ?? (({ value }: Operation) => value as Output);
  const calls: Call<Input, Output>[] = [];
  for (const operation of operations) {
    const { type, invokedMs, endedMs } = operation;
    const failed = type === 'fail' ? reading.failure?.(operation) : undefined;
    if (type === 'fail' && failed === undefined) continue;
    const isKnown = type === 'ok' || type === 'fail';
    calls.push({
      operation,
      input: inputOf(operation),
      answer: type === 'ok' ? outputOf(operation) : (failed ?? UNKNOWN),
      beganMs: invokedMs,
      endedMs: isKnown ? (endedMs ?? invokedMs) : Number.POSITIVE_INFINITY,
    });
  }
  return calls.toSorted((left, right) => left.beganMs - right.beganMs);
}

function defaultInput({ name, input }: Operation): unknown {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
    ? { ...input, name }
    : { name, value: input };
}
