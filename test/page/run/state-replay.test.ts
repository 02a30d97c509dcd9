// Patches applied in order: what a host keeps at any step, forward and back.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { enablePatches, produceWithPatches } from 'immer';
import { StateReplay, patched } from '../../../src/report/page/viewer/run/state-replay.ts';
import { BuiltTrace } from './built-run.ts';

enablePatches();

interface Ledger {
  balance: number;
  entries: { id: string; note?: string }[];
  byName: Record<string, number>;
}

const CHANGES: readonly ((ledger: Ledger) => void)[] = [
  (ledger) => void ledger.entries.push({ id: 'a' }, { id: 'b' }, { id: 'c' }),
  (ledger) => void (ledger.balance = 5),
  (ledger) => void ledger.entries.splice(0, 2),
  (ledger) => void (ledger.byName['ann'] = 1),
  (ledger) => void (ledger.entries[0]!.note = 'late'),
  (ledger) => void delete ledger.byName['ann'],
  (ledger) => void ledger.entries.unshift({ id: 'z' }),
  (ledger) => void (ledger.entries = []),
];

describe('replayed state', () => {
  const values: Ledger[] = [{ balance: 0, entries: [], byName: {} }];
  const trace = new BuiltTrace();
  trace.step(0, 'bank', 'boot');
  trace.state('bank', 'ledger', [{ op: 'replace', path: [], value: values[0] }]);
  for (const [i, change] of CHANGES.entries()) {
    const [next, patches] = produceWithPatches(values[i] as Ledger, change);
    values.push(next);
    trace.step(i + 1, 'bank', `change ${i}`);
    trace.state('bank', 'ledger', patches);
  }
  const at = (replay: StateReplay, step: number): unknown => replay.after(step)[0]?.value;

  test('is what immer made, at every step, forward', () => {
    const replay = new StateReplay({ trace: trace.entries });
    for (const [i, value] of values.entries()) assert.deepEqual(at(replay, i + 1), value);
  });

  test('is the same going back, and jumping', () => {
    const replay = new StateReplay({ trace: trace.entries });
    for (const i of [8, 7, 6, 5, 4, 3, 2, 1, 0, 5, 2, 2, 8]) assert.deepEqual(at(replay, i + 1), values[i]);
  });

  test('says what changed in the step, before and after', () => {
    const [store] = new StateReplay({ trace: trace.entries }).after(3);
    assert.deepEqual(store?.changed, [{ path: ['balance'], before: 0, after: 5 }]);
    const [shorter] = new StateReplay({ trace: trace.entries }).after(4);
    assert.deepEqual(shorter?.changed[0]?.before, [{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    assert.deepEqual(shorter?.changed[0]?.after, [{ id: 'c' }]);
  });

  test('changes nothing between steps', () => {
    trace.step(100, 'bank', 'timer of 1 ms');
    const [store] = new StateReplay({ trace: trace.entries }).after(CHANGES.length + 2);
    assert.deepEqual(store?.changed, []);
  });
});

describe('a patch', () => {
  test('puts into a list, and takes out of it', () => {
    const list = patched(['a', 'b'], { op: 'add', path: [1], value: 'x' });
    assert.deepEqual(list, ['a', 'x', 'b']);
    assert.deepEqual(patched(list, { op: 'remove', path: [0] }), ['x', 'b']);
    assert.deepEqual(patched({ of: [1, 2, 3] }, { op: 'replace', path: ['of', 'length'], value: 1 }), {
      of: [1],
    });
  });

  test('makes the parts on its way that are missing', () => {
    assert.deepEqual(patched(undefined, { op: 'replace', path: ['orders/1', 'items', 0], value: 'tea' }), {
      'orders/1': { items: ['tea'] },
    });
  });

  test('with a key that objects inherit sets only that key', () => {
    const value = patched({}, { op: 'add', path: ['__proto__', 'polluted'], value: true });
    assert.deepEqual(Object.keys(value as object), ['__proto__']);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    const made = patched({}, { op: 'add', path: ['constructor', 'prototype', 'polluted'], value: true });
    assert.deepEqual(JSON.parse(JSON.stringify(made)), { constructor: { prototype: { polluted: true } } });
  });
});
