import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdict } from '../../src/network/verdict.ts';

test('verdicts say what becomes of a message, as plain data', () => {
  assert.deepEqual(verdict.deliver(), { kind: 'deliver', extraUs: undefined });
  assert.deepEqual(verdict.deliver({ delayMs: 1.5 }), { kind: 'deliver', extraUs: 1_500 });
  assert.deepEqual(verdict.drop(), { kind: 'drop' });
  assert.deepEqual(verdict.duplicate({ afterMs: 2 }), {
    kind: 'deliver',
    extraUs: undefined,
    againAfterUs: 2_000,
  });
  assert.deepEqual(verdict.reset(), { kind: 'fail', code: 'ECONNRESET' });
  assert.deepEqual(verdict.refuse(), { kind: 'fail', code: 'ECONNREFUSED' });
  assert.deepEqual(verdict.fail('ETIMEDOUT'), { kind: 'fail', code: 'ETIMEDOUT' });
});

test('a verdict with a time or a code that cannot be is refused', () => {
  const cases: [() => unknown, RegExp][] = [
    [() => verdict.deliver({ delayMs: -1 }), /`delayMs`.*got `-1`/],
    [() => verdict.deliver({ delayMs: NaN }), /`delayMs`/],
    [() => verdict.duplicate({ afterMs: Infinity }), /`afterMs`/],
    [() => verdict.duplicate({} as never), /`afterMs`.*got `undefined`/],
    [() => verdict.fail('EPIPE' as never), /`code` to be one of ECONNREFUSED,.*got `"EPIPE"`/],
  ];
  for (const [make, message] of cases) assert.throws(make, { code: 'WT_OPTION', message });
});
