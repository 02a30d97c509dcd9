// The project with Jest, in JavaScript, as CommonJS modules.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testAlike, TOO_LATE } from './alike.ts';
import { ran } from './ran.ts';

const run = (files: string, more = ''): string => `jest --verbose ${more} ${files}`;
const file = (name: string): string => `${name}.test.js`;

describe('Jest', () => {
  testAlike({ name: 'jest', run, file });

  test('what passes, passes; what is left out, is; what is to do, is', async () => {
    const { code, output } = await ran('jest', run(file('pass')));
    assert.equal(code, 0, output);
    assert.match(output, /✓ charges once/);
    assert.match(output, /1 skipped, 1 todo, 4 passed/);
  });

  test('a run is the one that it is without Jest', async () => {
    const { output } = await ran('jest', run(file('pass')));
    const program =
      "const { simulate } = require('wavetank'); const { shop } = require('./shop.js'); " +
      "simulate(shop({ remembers: true }), { seed: 7 }).then(({ hash }) => console.log('hash', hash));";
    const alone = await ran('jest', `node -e "${program}"`);
    const hash = (text: string): string | undefined => /hash ([\da-f]{16})/.exec(text)?.[1];
    assert.notEqual(hash(alone.output), undefined, alone.output);
    assert.equal(hash(output), hash(alone.output));
  });

  test('only what is chosen runs', async () => {
    const { code, output } = await ran('jest', run(file('only')));
    assert.equal(code, 0, output);
    assert.match(output, /1 skipped, 1 passed/);
  });

  test('a time-out ends the exploration, and says how far it came', async () => {
    const { code, output } = await ran('jest', run(file('time-out')));
    assert.equal(code, 1);
    assert.match(output, TOO_LATE);
    assert.match(output, /✓ goes on with nothing in the background/);
  });

  test('--bail ends with the file that fails', async () => {
    const { code, output } = await ran('jest', run(`${file('fail')} ${file('only')}`, '--bail --runInBand'));
    assert.equal(code, 1);
    assert.match(output, /✕ is found by test\.sim/);
    assert.match(output, /Test Suites: 1 failed, /);
  });

  test('files that share a process share nothing else', async () => {
    const { code, output } = await ran('jest', run('leaves-traces', '--runInBand'));
    assert.equal(code, 0, output);
    assert.match(output, /Tests: +2 passed, 2 total/);
  });

  for (const name of ['concurrent', 'fake-timers', 'in-a-context']) {
    test(`the tests of ${name} pass`, async () => {
      const { code, output } = await ran('jest', run(file(name)));
      assert.equal(code, 0, output);
    });
  }
});
