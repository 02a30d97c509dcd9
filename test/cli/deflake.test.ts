// `wavetank deflake` as a command: what it prints, its exit codes, and the lines that it prints for replays.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderWith, run } from './command.ts';

const FLAKY = `import assert from 'node:assert';
import { test } from 'node:test';
test('is drawn', async () => {
  console.log('drawing');
  await new Promise((resolve) => setTimeout(resolve, 3));
  assert.ok(Math.random() < 0.5);
});
test('is sound', () => {});
`;
const words = ['--runs', '30', '--today', '2026-11-21'];

test('tells both outcomes, and each printed line replays its own', async () => {
  const folder = folderWith({ 'draw.test.mjs': FLAKY });
  const { code, stdout } = await run(folder, ['deflake', 'draw.test.mjs', ...words]);
  assert.equal(code, 1);
  assert.match(stdout, /^draw\.test\.mjs 30 runs, seed 1, as on 2026-11-21$/m);
  assert.match(stdout, /✗ is drawn: flaky, passed \d+ times, failed \d+ times\n +depends on random values\n/);
  assert.match(stdout, /✓ is sound\n/);
  assert.match(stdout, /\n1 flaky, 1 stable\n/);
  const lines = [...stdout.matchAll(/(passes|fails) when[^]*?npx wavetank (deflake draw\.test\.mjs .*)\n/g)];
  assert.deepEqual(new Set(lines.map(([, verb]) => verb)), new Set(['passes', 'fails']));
  for (const [, verb = '', line = ''] of lines) {
    const replayed = await run(folder, line.split(' '));
    assert.equal(replayed.code, verb === 'fails' ? 1 : 0, replayed.stderr);
    assert.match(replayed.stdout, new RegExp(`^is drawn ${verb} \\(the very same run\\)`));
    assert.match(replayed.stdout, /0\.0 ms {2}prints: drawing\n +3\.0 ms {2}timer of 3 ms/);
    assert.equal(/AssertionError/.test(replayed.stdout), verb === 'fails');
  }
});

test('a token of a test that is gone is stale; a damaged one is refused', async () => {
  const folder = folderWith({
    'draw.test.mjs': FLAKY,
    'other.test.mjs': `import { test } from 'node:test';\ntest('other', () => {});`,
  });
  const { stdout } = await run(folder, ['deflake', 'draw.test.mjs', ...words]);
  const token = /--replay (\S+)/.exec(stdout)?.[1] ?? '';
  const stale = await run(folder, ['deflake', 'other.test.mjs', '--replay', token]);
  assert.equal(stale.code, 3);
  assert.match(stale.stdout, /has no test `is drawn` that runs any more/);
  const damaged = await run(folder, ['deflake', 'draw.test.mjs', '--replay', token.slice(0, -4)]);
  assert.equal(damaged.code, 2);
  assert.match(damaged.stderr, /checksum is wrong/);
});

test('exit codes: 0 for stable tests, 1 for one that always fails, 2 for mistakes', async () => {
  const folder = folderWith({
    'good.test.mjs': `import { test } from 'node:test';\ntest('good', () => {});`,
    'bad.test.mjs': `import { test } from 'node:test';\ntest('bad', () => { throw new Error('always') });`,
  });
  const good = await run(folder, ['deflake', 'good.test.mjs', ...words]);
  assert.equal(good.code, 0, good.stderr);
  const bad = await run(folder, ['deflake', 'bad.test.mjs', ...words]);
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, /✗ bad: fails in every run\n +Error: always\n +at .*bad\.test\.mjs:2:/);
  for (const [given, message] of [
    [['deflake'], /Expected `wavetank deflake FILE/],
    [['deflake', 'none.test.mjs'], /Expected a test file, got none\.test\.mjs/],
    [['deflake', 'good.test.mjs', '--today', 'soon'], /a day such as 2026-11-21/],
    [['deflake', 'good.test.mjs', '--json'], /no option of `wavetank deflake`/],
    [['explore', '--in-order'], /no option of `wavetank explore`/],
  ] as const) {
    const mistaken = await run(folder, given);
    assert.equal(mistaken.code, 2, given.join(' '));
    assert.match(mistaken.stderr, message);
  }
});
