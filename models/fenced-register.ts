// A register that refuses writes with a token older than one it has seen: what a lock with fencing protects.

import fc from 'fast-check';
import { isEqual } from './equal.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown, told } from './words.ts';

/** What a client asks of the register. */
export type FencedRegisterInput<Value> =
  { readonly name: 'write'; readonly value: Value; readonly token: number } | { readonly name: 'read' };

/** The value, and the greatest token with which it was written; null before the first write. */
export interface FencedRegisterState<Value> {
  readonly value: Value;
  readonly token: number | null;
}

/**
 * Makes the model of a register behind a fence.
 *
 * - `write` answers true if no greater token was shown before, and sets the value; false if one was, and
 *   changes nothing. The same token may write again.
 * - `read` answers the value. It shows no token.
 *
 * Nothing is left open: so a holder that lost its lock, and does not know, does no harm once the next one
 * wrote.
 *
 * Source: How to do distributed locking (Kleppmann, 2016).
 */
export function fencedRegister<Value>(
  initial: Value,
): Model<FencedRegisterState<Value>, FencedRegisterInput<Value>, Value | boolean> {
  return {
    name: 'register behind a fence',
    initial: { value: initial, token: null },
    isReader: ({ name }) => name === 'read',
    next(state, input, answer) {
      if (input.name === 'read') return answer === UNKNOWN || isEqual(answer, state.value) ? [state] : [];
      const isTaken = state.token === null || input.token >= state.token;
      if (answer !== UNKNOWN && answer !== isTaken) return [];
      return [isTaken ? { value: input.value, token: input.token } : state];
    },
    describe,
    describeState: ({ value, token }) =>
      token === null ? shown(value) : `${shown(value)}, written with token ${token}`,
  };
}

function describe(input: FencedRegisterInput<unknown>, answer: Answer<unknown>): string {
  if (input.name === 'read') return told(answer, 'asked to read', (value) => `read ${shown(value)}`);
  const what = `${shown(input.value)} with token ${input.token}`;
  const asked = `asked to write ${what}`;
  return told(answer, asked, (isDone) => (isDone === true ? `wrote ${what}` : `${asked}, and was refused`));
}

/**
 * Operations of a register behind a fence.
 *
 * @param options.values - What is written. Default: the integers from 0 to 4.
 * @param options.tokenMax - Tokens are integers from 1 to this. Default 4.
 */
export function fencedRegisterOperations(options?: {
  readonly tokenMax?: number;
}): fc.Arbitrary<FencedRegisterInput<number>>;
export function fencedRegisterOperations<Value>(options: {
  readonly values: fc.Arbitrary<Value>;
  readonly tokenMax?: number;
}): fc.Arbitrary<FencedRegisterInput<Value>>;
export function fencedRegisterOperations({
  values = fc.integer({ min: 0, max: 4 }),
  tokenMax = 4,
}: {
  readonly values?: fc.Arbitrary<unknown>;
  readonly tokenMax?: number;
} = {}): fc.Arbitrary<FencedRegisterInput<unknown>> {
  const plain = { noNullPrototype: true } as const;
  const token = fc.integer({ min: 1, max: tokenMax });
  return fc.oneof(
    fc.record({ name: fc.constant('write' as const), value: values, token }, plain),
    fc.record({ name: fc.constant('read' as const) }, plain),
  );
}
