// A bank.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bank, bankOperations, UNKNOWN } from '../../src/models.ts';
import type { Answer, Balances, BankInput, BankOutput } from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf } from './reference.ts';
import { keptBank } from './systems/bank.ts';

const transfer = (from: string, to: string, amount: number): BankInput => ({
  ...{ name: 'transfer', from, to },
  amount,
});
const read: BankInput = { name: 'read' };
const balance = (account: string): BankInput => ({ name: 'balance', account });

const OPENING = { alice: 10, bob: 5, carol: 0 };

prove({
  model: bank(OPENING),
  reference: referenceOf(keptBank),
  inputs: [
    transfer('alice', 'bob', 7),
    transfer('bob', 'carol', 4),
    transfer('carol', 'alice', 3),
    transfer('bob', 'bob', 2),
    read,
    balance('bob'),
  ],
  absurd: [-1, {}],
  operations: bankOperations(),
});

const state = { a: 3, b: 1 };
type Row = {
  readonly input: BankInput;
  readonly answer: Answer<BankOutput>;
  readonly after: readonly Balances[];
};

const rows: readonly Row[] = [
  { input: transfer('a', 'b', 3), answer: true, after: [{ a: 0, b: 4 }] },
  { input: transfer('a', 'b', 3), answer: false, after: [] },
  { input: transfer('a', 'b', 3), answer: UNKNOWN, after: [{ a: 0, b: 4 }] },
  { input: transfer('a', 'b', 4), answer: true, after: [] },
  { input: transfer('a', 'b', 4), answer: false, after: [state] },
  { input: transfer('a', 'b', 4), answer: UNKNOWN, after: [state] },
  { input: transfer('a', 'a', 3), answer: true, after: [state] },
  { input: transfer('a', 'a', 4), answer: true, after: [] },
  { input: transfer('a', 'b', 0), answer: false, after: [state] },
  { input: transfer('a', 'b', -1), answer: true, after: [] },
  { input: transfer('a', 'b', 0.5), answer: true, after: [] },
  { input: transfer('a', 'nobody', 1), answer: true, after: [] },
  { input: transfer('nobody', 'a', 1), answer: false, after: [state] },
  { input: read, answer: { b: 1, a: 3 }, after: [state] },
  { input: read, answer: { a: 3 }, after: [] },
  { input: read, answer: { a: 2, b: 1 }, after: [] },
  { input: balance('b'), answer: 1, after: [state] },
  { input: balance('b'), answer: 3, after: [] },
  { input: balance('toString'), answer: null, after: [state] },
];

for (const { input, answer, after } of rows) {
  const model = bank(state);
  const left = JSON.stringify(after);
  test(`bank with ${model.describeState?.(state)}: ${model.describe?.(input, answer)} leaves ${left}`, () => {
    assert.deepEqual(model.next(state, input, answer), after);
  });
}

test('whatever is transferred, the total stays what it was, and no account is overdrawn', () => {
  const model = bank(OPENING, { overdraft: 2 });
  const operations = fc.array(bankOperations(), { maxLength: 50 });
  fc.assert(
    fc.property(operations, (all) => {
      let balances: Balances = model.initial;
      for (const input of all) balances = model.next(balances, input, UNKNOWN)[0] as Balances;
      const amounts = Object.values(balances);
      assert.equal(
        amounts.reduce((sum, amount) => sum + amount, 0),
        15,
      );
      assert.ok(amounts.every((amount) => amount >= -2));
    }),
    { seed: 1 },
  );
});

test('an account may be overdrawn as far as it is allowed', () => {
  const model = bank(OPENING, { overdraft: 2 });
  assert.deepEqual(model.next(OPENING, transfer('carol', 'bob', 2), true), [
    { alice: 10, bob: 7, carol: -2 },
  ]);
  assert.deepEqual(model.next(OPENING, transfer('carol', 'bob', 3), true), []);
});

test('a bank has accounts, with whole numbers', () => {
  const message = /Expected `balances/;
  for (const balances of [{}, null, 5, { a: 0.5 }, { a: '1' }]) {
    assert.throws(() => bank(balances as Balances), { code: 'WT_OPTION', message });
  }
  assert.throws(() => bank(OPENING, { overdraft: -1 }), { code: 'WT_OPTION', message: /overdraft/ });
});
