// Alterations as data: what is one, how it is said, and what becomes of a token that is none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmPlan, mutate, StaleReplayError, TokenError, type Alteration } from '../../src/index.ts';
import { checkAlteration, describeFamily, familyOf, withoutIds } from '../../src/mutate/alteration.ts';
import { decodeMutation, encodeMutation } from '../../src/mutate/mutation-token.ts';
import { shelfScenario } from './shelf.ts';

const REQUEST: Alteration = {
  of: 'request',
  kind: 'dropped',
  host: 'inventory',
  from: 'orders',
  label: 'PUT /v1/reservations/o-12',
  nth: 2,
};
const WRITE: Alteration = {
  of: 'disk write',
  kind: 'swapped',
  host: 'orders',
  path: 'disk:orders/teapot',
  nth: 1,
};
const TOLD: Alteration = { of: 'operation', kind: 'stale', client: 'shopper-7', name: 'checkout', nth: 1 };
const TICKET = { scenario: 'shelf', seed: 7, workload: undefined, plan: calmPlan, alteration: REQUEST };

test('an alteration of each sort is data, and stays what it is in a token', () => {
  for (const alteration of [
    REQUEST,
    WRITE,
    TOLD,
    { ...REQUEST, kind: 'swapped', other: { from: 'orders', label: 'PUT /a', nth: 1 } } as const,
  ]) {
    assert.equal(checkAlteration('it', alteration), alteration);
    const token = encodeMutation({ ...TICKET, alteration });
    assert.match(token, /^wm1:[\w-]+\.[0-9a-z]+$/);
    assert.deepEqual(decodeMutation(token), { ...TICKET, alteration });
  }
});

test('what is no alteration is refused, with what was expected', () => {
  const cases: [alteration: unknown, message: RegExp][] = [
    [null, /Expected `it` to be an alteration, got `null`/],
    [
      { ...REQUEST, of: 'message' },
      /Expected `it\.of` to be request or disk write or disk read or operation/,
    ],
    [{ ...WRITE, kind: 'doubled' }, /Expected `it\.kind` to be dropped or swapped, got `"doubled"`/],
    [{ ...REQUEST, host: 5 }, /Expected `it\.host` to be a string/],
    [{ ...WRITE, path: undefined }, /Expected `it\.path` to be a string/],
    [{ ...TOLD, nth: 0 }, /Expected `it\.nth` to be an integer >= 1/],
    [{ ...REQUEST, kind: 'stale' }, /Expected `it\.other` to be a request, got `undefined`/],
    [{ ...REQUEST, other: { from: 'a', label: 'b', nth: 1 } }, /Expected `it\.other` to be absent/],
    [
      { ...REQUEST, kind: 'stale', other: { from: 'a', nth: 1 } },
      /Expected `it\.other\.label` to be a string/,
    ],
  ];
  for (const [alteration, message] of cases) {
    assert.throws(() => checkAlteration('it', alteration), message);
    const token = encodeMutation({ ...TICKET, alteration: alteration as Alteration });
    assert.throws(() => decodeMutation(token), TokenError);
  }
});

test('a family is said without the ids of its members', () => {
  assert.equal(
    describeFamily(REQUEST),
    'inventory: `PUT /v1/reservations/o-*` is answered, and not executed',
  );
  assert.equal(describeFamily(WRITE), 'orders: two writes of `orders/*` are made in the wrong order');
  assert.equal(describeFamily(TOLD), 'shopper-*: `checkout` is told what the one before it was told');
  assert.equal(familyOf(REQUEST), familyOf({ ...REQUEST, label: 'PUT /v1/reservations/o-3', from: 'x' }));
  assert.notEqual(familyOf(REQUEST), familyOf({ ...REQUEST, kind: 'doubled' }));
  assert.equal(withoutIds('GET /a/6b2f1f0e-1c6e-4d44-9d1a-0c5d3f0a1b2c/b7'), 'GET /a/*/b*');
});

test('a token that is damaged, of another sort, or about another scenario is refused', async () => {
  const token = encodeMutation(TICKET);
  const cases: [token: string, message: RegExp][] = [
    [token.slice(0, -2), /^The mutation token .* was truncated or altered/],
    [`wm9${token.slice(3)}`, /^Expected a mutation token of version "wm1", got one of "wm9"/],
    [`wt1${token.slice(3)}`, /^Expected a mutation token \("wm1:\.\.\."\), got "wt1:/],
    ['nonsense', /^Expected a mutation token \("wm1:\.\.\."\), got "nonsense"/],
    [encodeMutation({ ...TICKET, scenario: 'shop' }), /is for scenario `shop`, not for `shelf`/],
  ];
  for (const [only, message] of cases) {
    await assert.rejects(mutate(shelfScenario(), { only }), (error: Error) => {
      assert.ok(error instanceof TokenError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
});

test('a token is stale when what it alters does not happen', async () => {
  await assert.rejects(mutate(shelfScenario(), { only: encodeMutation(TICKET) }), (error: Error) => {
    assert.ok(error instanceof StaleReplayError);
    assert.match(error.message, /PUT \/v1\/reservations\/o-12 #2 from orders does not happen any more/);
    return true;
  });
});
