// The messages of counterexamples, to the letter.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { committedMessage, counterexamples, messageOf, UPDATE_COMMAND } from './counterexamples.ts';

for (const [name, scenario] of Object.entries(counterexamples)) {
  test(`a counterexample is told as committed: ${name}`, async () => {
    const hint = `If it is told better now: ${UPDATE_COMMAND}`;
    const [told, committed] = [await messageOf(scenario), committedMessage(name)];
    if (told !== committed) assert.equal(told, committed);
    assert.equal(told, committed, hint);
  });
}

test('no message is committed that nothing tells', () => {
  const committed = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.txt'));
  assert.deepEqual(
    committed.toSorted(),
    Object.keys(counterexamples)
      .map((name) => `${name}.txt`)
      .toSorted(),
  );
});
