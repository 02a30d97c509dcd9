// A register that refuses whoever shows a token older than one it has seen: what a lock with fencing
// protects.

import fc from 'fast-check';
import { isEqual } from './equal.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown, told } from './words.ts';

/** What a client asks of the register. */
export type FencedRegisterInput<Value> =
  | { readonly name: 'write'; readonly value: Value; readonly token: number }
  | { readonly name: 'read'; readonly token?: number };

/** The value, and the greatest token that was shown; null before the first. */
export interface FencedRegisterState<Value> {
  readonly value: Value;
  readonly token: number | null;
}

/**
 * Makes the model of a register behind a fence.
 *
 * - `write` answers true if no greater token was shown before, and sets the value; false if one was, and
 *   changes nothing. The same token may write again.
 * - `read` answers the value. One with a token shows it, as a write does, and answers false if a greater one
 *   was shown before; so a register of booleans is read without.
 *
 * Nothing is left open: so a holder that lost its lock, and does not know, does no harm once the next one
 * wrote; or read, where reads show their tokens, as they must where a write depends on what was read.
 *
 * Source: How to do distributed locking (Kleppmann, 2016).
 */
export function fencedRegister<Value>(
  initial: Value,
): Model<FencedRegisterState<Value>, FencedRegisterInput<Value>, Value | boolean> {
  return {
    name: 'register behind a fence',
    initial: { value: initial, token: null },
    isReader: ({ name, token }) => name === 'read' && token === undefined,
    next(state, input, answer) {
      const { token = state.token } = input;
      const isTaken = state.token === null || token === null || token >= state.token;
      const expected = input.name === 'write' ? isTaken : isTaken && state.value;
      if (answer !== UNKNOWN && !isEqual(answer, expected)) return [];
      if (!isTaken) return [state];
      return [{ value: input.name === 'write' ? input.value : state.value, token }];
    },
    describe,
    describeState: ({ value, token }) =>
      token === null ? shown(value) : `${shown(value)}, the greatest token being ${token}`,
  };
}

function describe(input: FencedRegisterInput<unknown>, answer: Answer<unknown>): string {
  if (input.name === 'read') {
    const shownWith = input.token === undefined ? '' : ` with token ${input.token}`;
    return told(answer, `asked to read${shownWith}`, (value) =>
      value === false && shownWith !== ''
        ? `asked to read${shownWith}, and was refused`
        : `read ${shown(value)}${shownWith}`,
    );
  }
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
