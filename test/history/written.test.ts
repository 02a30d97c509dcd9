// Histories that are written are read back equal, and what JSON would change is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HistoryError } from '../../src/errors.ts';
import type { Operation } from '../../src/history/operation.ts';
import { readHistory } from '../../src/history/recorded.ts';
import { writeHistory } from '../../src/history/written.ts';

const operation: Operation = {
  id: 0,
  client: 'c',
  name: 'put',
  input: {},
  invokedMs: 0.001,
  endedMs: 2,
  type: 'ok',
};

test('what is plain is read back as it was', () => {
  const operations = fc.array(
    fc.record({
      client: fc.string({ unit: 'binary' }),
      name: fc.string(),
      input: fc.oneof(fc.jsonValue({ noUnicodeString: false }), fc.constant(undefined)),
      invokedMs: fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
      lastsMs: fc.nat(),
      type: fc.constantFrom('ok' as const, 'fail' as const, 'info' as const, 'pending' as const),
      value: fc.jsonValue(),
    }),
  );
  const property = fc.property(operations, (drawn) => {
    const history = drawn.map(({ invokedMs, lastsMs, type, value, ...rest }, id): Operation => {
      const began = { id, ...rest, invokedMs, type };
      return type === 'pending' ? began : { ...began, endedMs: invokedMs + lastsMs, value };
    });
    assert.deepEqual(readHistory(writeHistory(history)), history);
  });
  fc.assert(property, { numRuns: 300, seed: 1 });
});

test('minus zero, names of prototypes and objects without one survive; what is undefined is left out', () => {
  const input: unknown = JSON.parse('{"__proto__": -0, "constructor": [{"toString": 1}]}');
  const [read] = readHistory(writeHistory([{ ...operation, input }]));
  assert.deepEqual(read?.input, input);
  const loose = Object.assign(Object.create(null) as object, { a: undefined, b: 1 });
  assert.deepEqual(readHistory(writeHistory([{ ...operation, input: loose }]))[0]?.input, { b: 1 });
  assert.deepEqual(readHistory(writeHistory([])), []);
});

test('what is not plain is refused, with its place', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const refused: readonly (readonly [input: unknown, message: RegExp])[] = [
    [{ at: new Date(0) }, /operation 0: expected plain JSON data as `input\.at`, got .* Give it as text/],
    [{ list: [1, undefined] }, /`input\.list\[1\]`, got `undefined`/],
    [[Number.NaN], /`input\[0\]`, got `NaN`/],
    [1n, /`input`, got `1` \(bigint\)/],
    [new Map(), /`input`, got/],
    [() => 1, /`input`, got/],
    [Array(2), /`input\[0\]`, got `undefined`/],
    [cyclic, /contains itself, or is more than 1000 deep/],
  ];
  for (const [input, message] of refused) {
    assert.throws(
      () => writeHistory([{ ...operation, input }]),
      (error) => error instanceof HistoryError && message.test(error.message),
      String(message),
    );
  }
  assert.throws(() => writeHistory([{ ...operation, id: 0.5 }]), HistoryError);
});
