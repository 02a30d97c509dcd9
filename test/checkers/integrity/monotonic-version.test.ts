// Versions that never go down.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monotonicVersion } from '../../../src/checkers.ts';
import { assertIllegal, assertNamed, OK, table } from './tables.ts';

interface Seen {
  sku: string;
  version: number;
}
const record = ({ sku }: Seen): string => sku;
const version = (seen: Seen): number => seen.version;
const rising = table({
  r1: { sku: 'a', version: 1 },
  r2: { sku: 'b', version: 1 },
  r3: { sku: 'a', version: 1 },
});

test('accepts versions that go up or stay, each record by itself', () => {
  assert.deepEqual(monotonicVersion({ of: rising, record, version }), OK);
  assert.deepEqual(monotonicVersion({ of: [1, 1, 2], version: (each) => each }), OK);
});

test('names the version that is older than the one before it, and the messages that wrote both', () => {
  const of = table({
    r1: { sku: 'a', version: 2 },
    r2: { sku: 'b', version: 1 },
    r3: { sku: 'a', version: 1 },
  });
  const answer = monotonicVersion({ of, record, version });
  assertIllegal(answer, /^`a` went from version 2 \(`r1`\) to 1 \(`r3`\):/, ['r1', 'r3']);
  assertNamed(answer, 'r1', 1);
  assertNamed(answer, 'r3', 3);
});

test('compares with the highest so far, and wants each to be higher where that is strict', () => {
  const dip = monotonicVersion({ of: [3, 1, 2], version: (each) => each });
  assertIllegal(dip, /from version 3 \(`#1`\) to 1 \(`#2`\)\.\n.*from version 3 \(`#1`\) to 2 \(`#3`\)\.$/, [
    '#1',
    '#2',
    '#1',
    '#3',
  ]);
  assertIllegal(monotonicVersion({ of: rising, record, version, isStrict: true }), /from version 1 .* to 1/, [
    'r1',
    'r3',
  ]);
});

test('is undecided while the versions cannot be seen', () => {
  assert.equal(monotonicVersion<Seen>({ of: undefined, version }).verdict, 'unknown');
});
