// The project with Vitest, in TypeScript, as ES modules.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testAlike, TOO_LATE } from './alike.ts';
import { ran } from './ran.ts';

const run = (file: string, more = ''): string => `vitest run --reporter=verbose ${more} ${file}`;
const file = (name: string): string => `${name}.spec.ts`;

describe('Vitest', () => {
  testAlike({ name: 'vitest', run, file });

  test('what passes, passes; what is left out, is; what is to do, is', async () => {
    const { code, output } = await ran('vitest', run(file('pass')));
    assert.equal(code, 0, output);
    assert.match(output, /✓ pass\.spec\.ts > charges once/);
    assert.match(output, /4 passed \| 1 skipped \| 1 todo/);
  });

  test('only what is chosen runs', async () => {
    const { code, output } = await ran('vitest', run(file('only')));
    assert.equal(code, 0, output);
    assert.match(output, /1 passed \| 1 skipped/);
  });

  test('a time-out ends the exploration, and says how far it came', async () => {
    const { code, output } = await ran('vitest', run(file('time-out')));
    assert.equal(code, 1);
    assert.match(output, TOO_LATE);
    assert.match(output, /Test timed out in 2000ms/);
    assert.match(output, /✓ time-out\.spec\.ts > goes on with nothing in the background/);
  });

  test('--bail ends the exploration beside the test that fails', async () => {
    const { code, output } = await ran('vitest', run(file('bail'), '--bail 1'));
    assert.equal(code, 1);
    assert.match(output, /1 failed \| 2 skipped/);
  });

  for (const name of ['concurrent', 'fake-timers']) {
    test(`the tests of ${name} pass`, async () => {
      const { code, output } = await ran('vitest', run(file(name)));
      assert.equal(code, 0, output);
    });
  }

  test('threads do as well, and vm contexts are refused', async () => {
    const threads = await ran('vitest', run(file('only'), '--pool=threads'));
    assert.equal(threads.code, 0, threads.output);
    const context = await ran('vitest', run(file('only'), '--pool=vmForks'));
    assert.equal(context.code, 1);
    assert.match(
      context.output,
      /EnvironmentError \[WT_ENVIRONMENT\]: .*in Vitest, use the pool `forks` or `threads`/,
    );
  });
});
