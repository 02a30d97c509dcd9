// A key-value store.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { linearizable, type Operation } from '../../src/checkers.ts';
import { keyValueOperations, keyValueStore, UNKNOWN } from '../../src/models.ts';
import type { KeyValueInput, KeyValueState } from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf } from './reference.ts';
import { keptKeyValueStore } from './systems/key-value-store.ts';
import { tabled } from './table.ts';

type Input = KeyValueInput<number>;
const get = (key: string): Input => ({ name: 'get', key });
const put = (key: string, value: number): Input => ({ name: 'put', key, value });
const remove = (key: string): Input => ({ name: 'delete', key });
const cas = (key: string, from: number | null, to: number): Input => ({ name: 'cas', key, from, to });

prove<KeyValueState<number>, Input, number | boolean | null | undefined, Record<string, number>>({
  model: keyValueStore<number>(),
  reference: referenceOf(keptKeyValueStore),
  inputs: [get('x'), get('y'), put('x', 1), put('y', 2), remove('x'), cas('x', null, 2), cas('y', 2, 3)],
  absurd: [9],
  operations: keyValueOperations(),
  depth: 3,
});

tabled<KeyValueState<number>, Input, number | boolean | null | undefined>(keyValueStore<number>(), [
  [{}, get('x'), null, [{}]],
  [{}, get('x'), 1, []],
  [{ x: 1, y: 2 }, get('x'), 1, [{ x: 1, y: 2 }]],
  [{ x: 1 }, get('x'), null, []],
  [{ x: 1 }, put('x', 3), undefined, [{ x: 3 }]],
  [{ x: 1 }, put('y', 3), UNKNOWN, [{ x: 1, y: 3 }]],
  [{ x: 1, y: 2 }, remove('x'), undefined, [{ y: 2 }]],
  [{ y: 2 }, remove('x'), undefined, [{ y: 2 }]],
  [{}, cas('x', null, 1), true, [{ x: 1 }]],
  [{}, cas('x', null, 1), false, []],
  [{ x: 1 }, cas('x', null, 2), false, [{ x: 1 }]],
  [{ x: 1 }, cas('x', 1, 2), true, [{ x: 2 }]],
  [{ x: 1 }, cas('x', 1, 2), UNKNOWN, [{ x: 2 }]],
  [{ x: 1 }, cas('x', 2, 3), true, []],
]);

test('a key-value store begins with what it is given', () => {
  const model = keyValueStore({ x: 7 });
  assert.deepEqual(model.next(model.initial, { name: 'get', key: 'x' }, 7), [{ x: 7 }]);
});

test('a key-value store takes keys that objects have already for keys like others', () => {
  const model = keyValueStore<number>();
  for (const key of ['__proto__', 'constructor', 'toString']) {
    assert.equal(model.next({}, get(key), null).length, 1, key);
    const [state = {}] = model.next({}, put(key, 1), undefined);
    assert.deepEqual(Object.keys(state), [key]);
    assert.equal(model.next(state, get(key), 1).length, 1, key);
    assert.equal(model.next(state, get(key), 2).length, 0, key);
  }
});

test('the part of a history that is about another key does not matter to a verdict', () => {
  const began = { client: 'ann', invokedMs: 0, endedMs: 1, type: 'ok' } as const;
  const history: Operation[] = [
    { ...began, id: 0, name: 'put', input: { key: 'x', value: 1 } },
    { ...began, id: 1, name: 'get', input: { key: 'y' }, value: 5, invokedMs: 2, endedMs: 3 },
  ];
  const decision = linearizable(keyValueStore<number>(), history);
  assert.ok(decision.verdict === 'illegal');
  assert.equal(decision.part, 'y');
  assert.match(decision.message, /no order explains ann read y: 5 .* At first the state is \{\}/);
});

test('operations on a key-value store use the keys that they are given', () => {
  const operations = fc.sample(keyValueOperations({ keys: fc.constant('k') }), { seed: 1, numRuns: 50 });
  assert.deepEqual(new Set(operations.map(({ key }) => key)), new Set(['k']));
});
