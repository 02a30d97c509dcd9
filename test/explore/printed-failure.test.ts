// What a test runner prints of a failure: the short story, once, and the line of the test; neither the
// recorded run nor where in wavetank it was found.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { CheckFailure, defineScenario, explore, handler, replay } from '../../src/index.ts';

const wavetank = new URL('../../src/index.ts', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'wavetank-printed-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const SCENARIO = `{
  name: 'failing',
  hosts: { server: handler(() => () => new Response('hello')) },
  async drive(world) {
    await world.client('guest', (client) => client.operation('ask', null, () => fetch('http://server/')));
  },
  always: { 'nobody asks': (world) => world.history.length === 0 },
}`;

const failing = defineScenario({
  name: 'failing',
  hosts: { server: handler(() => () => new Response('hello')) },
  drive() {
    throw new Error('out of paper', { cause: new Error('no trees') });
  },
});

async function failureOf(made: Promise<unknown>): Promise<CheckFailure> {
  const [outcome] = await Promise.allSettled([made]);
  const failure: unknown = outcome?.status === 'rejected' ? outcome.reason : undefined;
  assert.ok(failure instanceof CheckFailure);
  return failure;
}

/** What node:test prints of a file with one test that explores. */
function printedBy(reporter: string, isolated: boolean): string {
  const file = join(folder, 'it.test.mjs');
  writeFileSync(
    file,
    `import { test } from 'node:test';
    import { defineScenario, explore, handler } from ${JSON.stringify(wavetank)};
    const scenario = defineScenario(${SCENARIO});
    test('nobody asks', async () => {
      await explore(scenario);
    });`,
  );
  const words = ['--conditions=wavetank-source', '--import', import.meta.resolve('tsx')];
  const { NODE_TEST_CONTEXT: _, FORCE_COLOR: __, ...env } = process.env;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...words, ...(isolated ? ['--test'] : []), `--test-reporter=${reporter}`, file],
    { encoding: 'utf8', env },
  );
  assert.equal(stderr, '');
  return stdout;
}

describe('a failure', () => {
  for (const [reporter, isolated] of [
    ['spec', true],
    ['spec', false],
    ['tap', true],
  ] as const) {
    test(`is told by node:test's ${reporter}${isolated ? ', from a process of its own' : ''}`, () => {
      const printed = printedBy(reporter, isolated);
      assert.match(printed, /CheckFailure \[WT_INVARIANT\]|WT_INVARIANT/);
      assert.match(printed, /`nobody asks` is illegal/);
      assert.match(printed, /← broken: `nobody asks`/);
      assert.match(printed, /replay: await replay\(scenario, 'wt1:[^']+'\)/);
      assert.match(printed, /it\.test\.mjs:12:/, 'the line that explores');
      assert.ok(!/src\/explore|pump\.ts|wavetank-guard/.test(printed), printed);
      assert.ok(!/trace:? \[|journal|replayLine|hash/.test(printed), printed);
      // Node.js 20 and later tell each failure twice: where it happened, and at the end.
      const stories = printed.split('GET /').length - 1;
      assert.ok(stories <= 2 && printed.length < 8_000, `${stories} stories, ${printed.length} characters`);
    });
  }

  test('is inspected as its stack alone, which leads to the call', async () => {
    for (const failure of [await failureOf(explore(failing)), await again()]) {
      const lines = inspect(failure).split('\n');
      assert.match(lines[0] ?? '', /CheckFailure \[WT_DRIVE_THREW\]: .*out of paper/);
      const frames = (failure.stack ?? '').split('\n').filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line));
      assert.match(frames[0] ?? '', /printed-failure\.test\.ts:\d+:\d+/);
      assert.ok(
        frames.every((frame) => !/src\/(explore|engine|scenario)\//.test(frame)),
        frames.join('\n'),
      );
      assert.ok(!/result|trace: \[|token/.test(lines.join('\n')), lines.join('\n'));
      assert.ok(failure.stack?.startsWith(`${failure.name}: ${failure.message}\n`));
    }
  });

  test('has everything for a program that asks', async () => {
    const failure = await failureOf(explore(failing));
    assert.deepEqual(Object.keys(failure), ['code']);
    assert.equal(failure.code, 'WT_DRIVE_THREW');
    assert.equal(failure.name, 'CheckFailure [WT_DRIVE_THREW]');
    assert.ok((failure.result.trace ?? []).length > 0);
    assert.deepEqual(failure.runs, { explored: 1, shrinking: failure.runs.shrinking });
    assert.match(failure.replayLine, /wt1:/);
    assert.equal((failure.cause as Error).message, 'out of paper');
    const replayed = await again();
    assert.match(replayed.remarks?.[0] ?? '', /^the same run: trace [0-9a-f]{16}$/);
  });
});

async function again(): Promise<CheckFailure> {
  const { token } = await failureOf(explore(failing));
  return failureOf(replay(failing, token));
}
