// Why a history is not linearizable, in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearizable, type Operation } from '../../../src/checkers.ts';
import { atLeastOnceQueue, register } from '../../../src/models.ts';

/** One operation after the other, of one client: writes `n`, and reads for `read`. */
function history(...steps: readonly (number | 'read')[]): Operation[] {
  return steps.map((step, id) => {
    const done = { id, client: 'ann', invokedMs: 2 * id, endedMs: 2 * id + 1, type: 'ok' } as const;
    if (step === 'read') return { ...done, name: 'read', input: {}, value: 7 };
    return { ...done, name: 'write', input: { value: step } };
  });
}

function message(...steps: readonly (number | 'read')[]): string {
  return linearizable(register(0), history(...steps)).message;
}

test('an explanation begins with the operation that nothing explains, and the state before any', () => {
  assert.equal(
    message('read'),
    'not linearizable as a register: no order explains ann read 7 (0 ms to 1 ms). ' +
      'At first the state is 0. Nothing else was open then.',
  );
});

test('an explanation tells all operations that led to the state, where they are few', () => {
  assert.match(
    message(1, 'read'),
    / After one operation the state is 1: ann wrote 1 \(0 ms to 1 ms\)\. Nothing/,
  );
  assert.match(
    message(7, 'read', 2, 'read'),
    /After 3 operations the state is 2: ann wrote 7 .*; ann read 7 .*; ann wrote 2/,
  );
});

test('an explanation tells the last that may have changed the state, where they are many', () => {
  const told = message(1, 2, 3, 4, 5, 6, 7, 'read', 'read', 'read', 8, 'read');
  const last = [4, 5, 6, 7, 8].map((n) => `ann wrote ${n} `).join('.*; ');
  assert.match(
    told,
    new RegExp(`After 11 operations the state is 8\\. The last that may have changed it: .*${last}`),
  );
  assert.doesNotMatch(told, /wrote [12] |; ann read/);
});

test('an explanation names a model that begins with a vowel as English does', () => {
  const received: Operation = {
    ...{ id: 0, client: 'ann', name: 'receive', input: {}, value: 'a' },
    ...{ invokedMs: 0, endedMs: 1, type: 'ok' },
  };
  assert.match(
    linearizable(atLeastOnceQueue(), [received]).message,
    /^not linearizable as an at-least-once queue: /,
  );
});
