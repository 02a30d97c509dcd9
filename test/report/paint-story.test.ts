// A story in colours: the same text, with paint where something is the matter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutput } from '../../src/cli/output.ts';
import { paintedStory } from '../../src/report/paint-story.ts';
import { plainLine } from '../../src/report/story.ts';
import { timeline } from '../../src/report/timeline.ts';

const terminal = (isTTY: boolean): Parameters<typeof createOutput>[0] => ({ isTTY, write: () => true });
const story = timeline(
  [
    {
      kind: 'sent',
      atUs: 0,
      step: 1,
      from: 'a',
      to: 'b',
      message: 'request',
      label: 'GET /',
      nth: 1,
      fate: 'dropped',
    },
  ],
  { ending: { atMs: 1, step: 2, host: 'b', text: 'broken' } },
);

test('a terminal shows what is the matter in red', () => {
  const [sent = '', ending = ''] = paintedStory(story, createOutput(terminal(true), {}));
  assert.ok(sent.includes('GET /  \u001b[31mdropped\u001b[0m'), sent);
  assert.ok(ending.startsWith('\u001b[2m     1.0 ms  \u001b[0m\u001b[31mb'), ending);
  assert.ok(ending.endsWith('← broken\u001b[0m'), ending);
});

test('elsewhere a story has no colours', () => {
  for (const output of [createOutput(terminal(false), {}), createOutput(terminal(true), { NO_COLOR: '1' })]) {
    assert.deepEqual(paintedStory(story, output), story.map(plainLine));
  }
});
