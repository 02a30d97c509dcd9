// Messages that were sent, and where they are now.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadLettersAccounted } from '../../../src/checkers.ts';
import { assertIllegal, assertNamed, OK, table } from './tables.ts';

const id = (message: string): string => message;
const sent = table({ s1: 'm-1', s2: 'm-2', s3: 'm-3' });

test('accepts messages that were handled, are dead, or wait', () => {
  const places = { sent, handled: ['m-1'], dead: ['m-2'], id };
  assert.deepEqual(deadLettersAccounted({ ...places, waiting: ['m-3'] }), OK);
  assert.deepEqual(deadLettersAccounted({ ...places, handled: ['m-1', 'm-3'] }), OK);
});

test('names a message that is nowhere, and what sent it', () => {
  const answer = deadLettersAccounted({ sent, handled: ['m-1'], dead: ['m-2'], id });
  assertIllegal(answer, /^message `m-3` is gone: not handled, not waiting, and no dead letter:/, ['s3']);
  assertNamed(answer, 's3', 3);
});

test('names a dead letter that nobody sent, and one that was handled too', () => {
  const dead = table({ d1: 'm-9', d2: 'm-2' });
  const answer = deadLettersAccounted({
    sent,
    handled: table({ h1: 'm-1', h2: 'm-2', h3: 'm-3' }),
    dead,
    id,
  });
  assertIllegal(
    answer,
    /^dead letter `m-9` was never sent:[^]*message `m-2` was handled, and is a dead letter too:/,
    ['d1', 'h2', 'd2'],
  );
  assertNamed(answer, 'd1', 1);
  assertNamed(answer, 'd2', 2);
});

test('is undecided while a place cannot be seen', () => {
  for (const place of ['sent', 'handled', 'dead', 'waiting']) {
    const places = { sent, handled: ['m-1', 'm-2', 'm-3'], dead: [], id, [place]: undefined };
    assert.equal(deadLettersAccounted(places).verdict, 'unknown', place);
  }
});
