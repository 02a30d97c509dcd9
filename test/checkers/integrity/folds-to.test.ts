// A log of events, and the state that it gives.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldsTo, type Folded } from '../../../src/checkers.ts';
import { assertIllegal, assertNamed, OK, table } from './tables.ts';

interface Moved {
  account: string;
  by: number;
}
function apply(balances: Folded<number>, { account, by }: Moved): Folded<number> {
  const before = balances as Readonly<Record<string, number>>;
  return { ...before, [account]: (before[account] ?? 0) + by };
}
const events = table<Moved>({
  e1: { account: 'a', by: 5 },
  e2: { account: 'b', by: 1 },
  e3: { account: 'a', by: -2 },
});

test('accepts the state that the events give', () => {
  assert.deepEqual(foldsTo({ events, apply, state: table({ a: 3, b: 1 }) }), OK);
  assert.deepEqual(foldsTo({ events, apply, initial: { c: 9 }, state: table({ a: 3, b: 1, c: 9 }) }), OK);
  const asMap = (balances: Folded<number>, { account, by }: Moved): Folded<number> => {
    const before = balances as ReadonlyMap<string, number>;
    return new Map(before).set(account, (before.get(account) ?? 0) + by);
  };
  assert.deepEqual(foldsTo({ events, apply: asMap, initial: new Map(), state: table({ a: 3, b: 1 }) }), OK);
});

test('names the record that differs and the last event about it, with the messages that wrote both', () => {
  const answer = foldsTo({ events, apply, state: table({ b: 1, a: 5 }) });
  assertIllegal(answer, /^`a` is 5, and its events give 3; the last event about it is `e3`:/, ['a', 'e3']);
  assertNamed(answer, 'a', 2);
  assertNamed(answer, 'e3', 3);
});

test('names records that are missing, and records that no event made', () => {
  const answer = foldsTo({ events, apply, state: table({ a: 3, z: 7 }) });
  const said =
    /^`z` is 7, and its events give missing; no event is about it:[^]*`b` is missing, .* give 1; .*`e2`:/;
  assertIllegal(answer, said, ['z', 'b', 'e2']);
});

test('is undecided while the events or the state cannot be seen', () => {
  assert.equal(foldsTo({ events: undefined, apply, state: table({ a: 3 }) }).verdict, 'unknown');
  assert.equal(foldsTo({ events, apply, state: undefined }).verdict, 'unknown');
});
