// Updates that start from what the one before them left.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noLostUpdate } from '../../../src/checkers.ts';
import { assertIllegal, assertNamed, OK, table } from './tables.ts';

interface Update {
  account: string;
  readVersion: number;
}
const options = { record: (update: Update) => update.account, from: (update: Update) => update.readVersion };

test('accepts updates that follow each other', () => {
  const of = table({
    u1: { account: 'a', readVersion: 1 },
    u2: { account: 'b', readVersion: 1 },
    u3: { account: 'a', readVersion: 2 },
  });
  assert.deepEqual(noLostUpdate({ of, ...options }), OK);
});

test('names the updates that started from one version, and the messages that made them', () => {
  const of = table({
    u1: { account: 'a', readVersion: 1 },
    u2: { account: 'b', readVersion: 1 },
    u3: { account: 'a', readVersion: 1 },
  });
  const answer = noLostUpdate({ of, ...options });
  const said = /^update `u1` is lost: `u3` started from version 1 of `a` too, and replaced what it wrote:/;
  assertIllegal(answer, said, ['u1', 'u3']);
  assertNamed(answer, 'u1', 1);
  assertNamed(answer, 'u3', 3);
});

test('is undecided while the updates cannot be seen', () => {
  assert.equal(noLostUpdate({ of: undefined, ...options }).verdict, 'unknown');
});
