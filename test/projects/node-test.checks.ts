// The project with node:test, as ES modules.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testAlike, TOO_LATE } from './alike.ts';
import { ran } from './ran.ts';

const run = (file: string, more = ''): string => `node --test --test-reporter=spec ${more} ${file}`;
const file = (name: string): string => `${name}.test.js`;

describe('node:test', () => {
  testAlike({ name: 'node-test', run, file });

  test('what passes, passes; what is left out, is; what is to do, may fail', async () => {
    const { code, output } = await ran('node-test', run(file('pass')));
    assert.equal(code, 0, output);
    assert.match(output, /✔ charges once/);
    assert.match(output, /﹣ is left out .*# SKIP/);
    assert.match(output, /is yet to be mended .*# TODO/);
    assert.match(output, /ℹ pass 2\n/);
  });

  test('only what is chosen runs', async () => {
    const { code, output } = await ran('node-test', run(file('only'), '--test-only'));
    assert.equal(code, 0, output);
    assert.match(output, /✔ is chosen/);
  });

  test('the place of a test is in its file', async () => {
    const { output } = await ran('node-test', run(file('fail')));
    assert.match(output, /test at fail\.test\.js:8:9\n/);
  });

  test('a time-out ends the exploration, and says how far it came', async () => {
    const { code, output } = await ran('node-test', run(file('time-out')));
    assert.equal(code, 1);
    assert.match(output, TOO_LATE);
    assert.match(output, /✔ goes on with nothing in the background/);
    assert.match(output, /time-out\.test\.js:8:6/);
  });

  test('so does a time-out of the runner', async () => {
    const { code, output } = await ran('node-test', run(file('runner-time-out')));
    assert.equal(code, 1);
    assert.match(output, /test timed out after 2000ms/);
    assert.match(output, /exploration of `shop`: \d+ of 1000000000 runs were made/);
    assert.match(output, /✔ goes on with nothing in the background/);
  });

  for (const name of ['concurrent', 'fake-timers', 'loaded-late', 'two-copies']) {
    test(`the tests of ${name} pass`, async () => {
      const { code, output } = await ran('node-test', run(file(name)));
      assert.equal(code, 0, output);
      assert.match(output, /ℹ fail 0\n/);
    });
  }

  test('the types of all three are right', async () => {
    const { code, output } = await ran('.', 'tsc -p .');
    assert.equal(code, 0, output);
  });
});
