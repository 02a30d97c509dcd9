// The failure that the page about failures explains is one that is told so.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { committedMessage } from '../golden/counterexamples.ts';
import { documents } from './documents.ts';

test('the failure that is explained is the committed one', () => {
  const [document] = documents('docs/guide/reading-a-failure.md');
  const [, name = '', block] =
    /<!-- golden: ([\w-]+) -->\n\n```text\n([^]*?)```/.exec(document?.text ?? '') ?? [];
  assert.equal(block, committedMessage(name));
});
