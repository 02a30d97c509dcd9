// References between services.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noPhantom } from '../../../src/checkers.ts';
import { assertIllegal, assertNamed, OK, table } from './tables.ts';

interface Shipment {
  orderId?: string;
}
const refersTo = ({ orderId }: Shipment): string | undefined => orderId;
const of = table<Shipment>({ 's-1': { orderId: 'o-1' }, 's-2': {}, 's-3': { orderId: 'o-3' } });

test('accepts references to what is there, and records that refer to nothing', () => {
  assert.deepEqual(noPhantom({ of, refersTo, in: table({ 'o-1': {}, 'o-3': {} }) }), OK);
  assert.deepEqual(noPhantom({ of, refersTo, in: ['o-1', 'o-3'] }), OK, 'keys alone');
  const rows = [{ number: 'o-1' }, { number: 'o-3' }];
  assert.deepEqual(noPhantom({ of, refersTo, in: rows, key: ({ number }) => number }), OK);
});

test('names the record that refers to nothing, and the message that wrote it', () => {
  const answer = noPhantom({ of, refersTo, in: table({ 'o-1': {} }) });
  assertIllegal(answer, /^`s-3` refers to `o-3`, which is not there:/, ['s-3']);
  assertNamed(answer, 's-3', 3);
});

test('is undecided while either side cannot be seen', () => {
  assert.equal(noPhantom({ of, refersTo, in: undefined }).verdict, 'unknown');
  assert.equal(noPhantom<Shipment, string>({ of: undefined, refersTo, in: [] }).verdict, 'unknown');
});
