// Copies, and how far they lag behind.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundedStaleness } from '../../../src/checkers.ts';
import { assertIllegal, assertNamed, OK, table } from './tables.ts';

interface Price {
  version: number;
  setAtMs: number;
}
const options = {
  version: (price: Price) => price.version,
  sinceMs: (price: Price) => price.setAtMs,
  nowMs: 1_000,
  withinMs: 100,
};
const from = table<Price>({ a: { version: 2, setAtMs: 900 }, b: { version: 5, setAtMs: 10 } });

test('accepts copies of what is there, or was until a short time ago', () => {
  const of = [
    { key: 'a', value: { version: 1, setAtMs: 0 } },
    { key: 'b', value: { version: 5, setAtMs: 10 } },
  ];
  assert.deepEqual(boundedStaleness({ of: { kind: 'observed', records: of }, from, ...options }), OK);
});

test('names a copy that is too old and what it lacks, with the messages that wrote both', () => {
  const of = table<Price>({ a: { version: 2, setAtMs: 900 }, b: { version: 4, setAtMs: 0 } });
  const answer = boundedStaleness({ of, from, ...options });
  assertIllegal(
    answer,
    /^`b` is still shown as version 4: version 5 is 990 ms old, and 100 ms are allowed:/,
    ['b', 'b'],
  );
  assertNamed(answer, 'b', 2);
  assert.deepEqual(
    answer.culprits.map(({ record }) => (record as Price).version),
    [4, 5],
  );
});

test('counts from the first version that a copy lacks, not from the latest', () => {
  const log = [
    { key: 'a', version: 1, setAtMs: 0 },
    { key: 'a', version: 2, setAtMs: 500 },
    { key: 'a', version: 3, setAtMs: 990 },
  ];
  const record = (): string => 'a';
  const answer = (version: number) =>
    boundedStaleness({ of: [{ version, setAtMs: 0 }], from: log, record, ...options });
  assert.equal(answer(2).verdict, 'ok');
  assertIllegal(answer(1), /`a` is still shown as version 1: version 2 is 500 ms old/, ['#1', '#2']);
});

test('misses copies that were never made', () => {
  assertIllegal(boundedStaleness({ of: [], from, ...options }), /^`b` has no copy: version 5 is 990 ms old/, [
    'b',
  ]);
});

test('is undecided while either side cannot be seen, and refuses times that are none', () => {
  assert.equal(boundedStaleness({ of: undefined, from, ...options }).verdict, 'unknown');
  assert.equal(boundedStaleness({ of: from, from: undefined, ...options }).verdict, 'unknown');
  assert.throws(
    () => boundedStaleness({ of: from, from, ...options, withinMs: -1 }),
    /milliseconds, 0 or more, got `-1`/,
  );
});
