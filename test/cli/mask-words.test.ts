// What the command line says about secrets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/cli/exit-code.ts';
import { reportOptionsOf } from '../../src/cli/mask-words.ts';

test('names and patterns are masked, and others shown', () => {
  assert.deepEqual(reportOptionsOf({ mask: ['nickname', '/^x-/i'], unmask: ['token'] }), {
    mask: ['nickname', /^x-/i],
    unmask: ['token'],
  });
  assert.deepEqual(reportOptionsOf({}), {});
});

test('everything is shown, if that is all that is said', () => {
  assert.deepEqual(reportOptionsOf({ 'no-mask': true }), { mask: false });
  assert.throws(() => reportOptionsOf({ 'no-mask': true, unmask: ['a'] }), UsageError);
});

test('what is no name and no pattern is refused', () => {
  for (const mask of ['', '/(/', '/a/zz']) assert.throws(() => reportOptionsOf({ mask: [mask] }), UsageError);
});
