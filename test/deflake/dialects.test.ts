// The words of each test runner mean to deflake what they mean to it: which tests run, between which hooks,
// with which outcome.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { deflaked } from './fixture-files.ts';

// Below this folder, so that the packages of the runners are found.
const parent = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), '../../.wavetank-dialects-'));
after(() => rmSync(parent, { recursive: true, force: true }));
let files = 0;

/** The outcome of each test of a file in its calm run, and the messages of those that failed. */
async function outcomesOf(name: string, text: string, runs = 1): Promise<Record<string, string>> {
  const folder = join(parent, `case-${++files}`);
  mkdirSync(folder);
  // As most projects of Jest have it.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  writeFileSync(join(folder, name), text);
  const { tests } = await deflaked(join(folder, name), { runs });
  return Object.fromEntries(
    tests.map(({ id, verdict, outcome }) => [id, outcome.message?.split('\n')[0] ?? verdict]),
  );
}

test('node:test: hooks, subtests, callbacks, plans, skips, time-outs', async () => {
  const outcomes = await outcomesOf(
    'a.test.mjs',
    `import assert from 'node:assert';
    import test, { after, before, beforeEach, describe, it } from 'node:test';
    const log = [];
    before(() => log.push('before'));
    beforeEach(() => log.push('each'));
    after(() => assert.deepEqual(log.slice(0, 3), ['before', 'each', 'one']));
    test('one', () => log.push('one'));
    test('waits for ever', () => new Promise(() => {}));
    test('is slow', { timeout: 20 }, () => new Promise((resolve) => setTimeout(resolve, 30)));
    test('calls back', (t, done) => setTimeout(done, 5));
    test('calls back with an error', (t, done) => setTimeout(done, 5, new Error('late')));
    test('throws later', async () => {
      setTimeout(() => { throw new Error('nobody catches') }, 1);
      await new Promise((resolve) => setTimeout(resolve, 10));
    });
    test.skip('skipped', () => { throw new Error('no') });
    test('to do', { todo: true });
    test('subtests', async (t) => {
      t.plan(2);
      await t.test('fine', (t) => t.assert.ok(true));
      await t.test('broken', () => assert.equal(1, 2));
    });
    describe('suite', () => {
      before(async () => { await null; log.push('inner') });
      it('sees the hook', () => assert.equal(log.at(-2), 'inner'));
    });
    describe('broken suite', () => {
      before(() => { throw new Error('no database') });
      it('cannot run', () => {});
    });
    await test('is awaited', async () => {});
    test('unplanned', (t) => t.plan(1));`,
  );
  assert.deepEqual(outcomes, {
    one: 'stable',
    'waits for ever':
      'Error: the test waits for a promise that nothing can keep any more: the event loop is empty',
    'is slow': 'Error: the test timed out after 20 ms',
    'calls back': 'stable',
    'calls back with an error': 'Error: late',
    'throws later': 'Error: nobody catches',
    skipped: 'unrun',
    'to do': 'unrun',
    'subtests > fine': 'stable',
    'subtests > broken': 'AssertionError: 1 == 2',
    subtests: 'Error: 1 of its subtests failed: `broken`',
    'suite > sees the hook': 'stable',
    'broken suite > cannot run': 'Error: no database',
    'is awaited': 'stable',
    unplanned: 'Error: plan expected 1 assertions but received 0',
  });
});

test('node:test in CommonJS: the module is the function', async () => {
  const outcomes = await outcomesOf(
    'a.test.js',
    `const test = require('node:test');
    const { it } = require('node:test');
    test('one', () => {});
    it('two', () => {});`,
  );
  assert.deepEqual(outcomes, { one: 'stable', two: 'stable' });
});

test('Vitest: modifiers, tables, contexts, clean-ups, counted assertions', async () => {
  const outcomes = await outcomesOf(
    'a.test.ts',
    `import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
    const log: string[] = [];
    beforeEach(() => { log.push('begin'); return () => { log.push('clean') } });
    afterEach(() => void log.push('end 1'));
    afterEach(() => void log.push('end 2'));
    describe('order', () => {
      it('one', () => {});
      it('two', () => expect(log).toEqual(['begin', 'end 2', 'end 1', 'clean', 'begin']));
    });
    test.each([{ a: 1, b: 2 }, { a: 3, b: 4 }])('adds $a and $b', ({ a, b }) => expect(b - a).toBe(1));
    test.each\`
      x | double
      \${1} | \${2}
      \${2} | \${5}
    \`('doubles $x', ({ x, double }) => expect(x * 2).toBe(double));
    test.fails('fails on purpose', () => expect(1).toBe(2));
    test.skipIf(true)('skipped', () => {});
    test.todo('to do');
    test('is slow', () => new Promise((resolve) => setTimeout(resolve, 6000)));
    test('may be slow', { timeout: 10_000 }, () => new Promise((resolve) => setTimeout(resolve, 6000)));
    test('counts', () => { expect.assertions(2); expect(1).toBe(1) });
    test('has a context', ({ expect, onTestFinished }) => {
      onTestFinished(() => void log.push('finished'));
      expect(vi.fn(() => 3)()).toBe(3);
    });
    test('was cleaned up', () => expect(log).toContain('finished'));
    test('is awaited', async () => {
      await expect(Promise.reject(new TypeError('no'))).rejects.toThrow(TypeError);
    });`,
  );
  assert.deepEqual(outcomes, {
    'order > one': 'stable',
    'order > two': 'stable',
    'adds 1 and 2': 'stable',
    'adds 3 and 4': 'stable',
    'doubles 1': 'stable',
    'doubles 2': 'AssertionError: expected 4 to be 5 // Object.is equality',
    'fails on purpose': 'stable',
    skipped: 'unrun',
    'to do': 'unrun',
    'is slow': 'Error: the test timed out after 5000 ms',
    'may be slow': 'stable',
    counts: 'Error: expected number of assertions to be 2, but got 1',
    'has a context': 'stable',
    'was cleaned up': 'stable',
    'is awaited': 'stable',
  });
});

test('Jest: globals in TypeScript, `only`, callbacks, mocks that are undone', async () => {
  const outcomes = await outcomesOf(
    'a.test.ts',
    `import { setTimeout as sleep } from 'node:timers/promises';
    declare const jest: any, describe: any, it: any, expect: any, afterEach: any;
    describe.only('chosen', () => {
      afterEach(() => jest.restoreAllMocks());
      it('spies', () => {
        jest.spyOn(Math, 'max').mockReturnValue(7);
        expect(Math.max(1, 2)).toBe(7);
      });
      it('is undone', () => expect(Math.max(1, 2)).toBe(2));
      it('calls back', (done: () => void) => setTimeout(done, 5));
      it('never calls back', (done: () => void) => {}, 100);
      it('sleeps', async () => { await sleep(10); expect.hasAssertions() });
      it.each([[1, 1], [2, 4]])('squares %i', (n: number, square: number) => expect(n * n).toBe(square));
      it.skip('skipped', () => {});
      it('moves time', () => {
        jest.useFakeTimers();
        const called = jest.fn();
        setTimeout(called, 1000);
        jest.advanceTimersByTime(1000);
        expect(called).toHaveBeenCalledTimes(1);
        jest.useRealTimers();
      });
    });
    it('not chosen', () => {});`,
  );
  assert.deepEqual(outcomes, {
    'chosen > spies': 'stable',
    'chosen > is undone': 'stable',
    'chosen > calls back': 'stable',
    'chosen > never calls back': 'Error: the test timed out after 100 ms',
    'chosen > sleeps': 'Error: expect.hasAssertions()',
    'chosen > squares 1': 'stable',
    'chosen > squares 2': 'stable',
    'chosen > skipped': 'unrun',
    'chosen > moves time': 'stable',
    'not chosen': 'unrun',
  });
});

for (const [runner, head, spy] of [
  ['Jest', '', 'jest'],
  ['Vitest', `import { expect, test, vi } from 'vitest';`, 'vi'],
] as const) {
  test(`${runner}: what a file leaves mocked is real again in the next run`, async () => {
    const outcomes = await outcomesOf(
      'a.test.mjs',
      `${head}
      test('begins with what is real', () => {
        expect(Math.max(1, 2)).toBe(2);
        expect(Date.isFake).toBe(undefined);
        ${spy}.spyOn(Math, 'max').mockReturnValue(7);
        ${spy}.useFakeTimers();
      });`,
      3,
    );
    assert.deepEqual(outcomes, { 'begins with what is real': 'stable' });
  });
}

test('what deflake does not know is named', async () => {
  const text = `import { test, vi } from 'vitest';\nvi.mock('./a.js');\ntest('a', () => {});`;
  await assert.rejects(outcomesOf('a.test.mjs', text), /deflake does not know `vi\.mock`/);
  await assert.rejects(
    outcomesOf('c.test.mjs', `import 'node:test';\nawait new Promise(() => {});`),
    /c\.test\.mjs cannot be loaded: Error: it waits for ever in a top-level await/,
  );
  await assert.rejects(
    outcomesOf('b.test.mjs', `import { test } from 'node:test';\nimport './missing.mjs';`),
    /Expected to bundle .*b\.test\.mjs/s,
  );
});
