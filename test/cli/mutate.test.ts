// `wavetank mutate` as a process of its own, in temporary folders.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MutationReport } from '../../src/index.ts';
import { folderWith, run, wavetank, type Finished } from './command.ts';

/** A scenario that counts three requests. */
function counting(check: string): string {
  return `
    import { defineScenario, handler } from ${JSON.stringify(wavetank)};
    export default defineScenario({
      name: 'counting',
      hosts: {
        server: handler((host) => {
          const counted = [];
          host.expose({ counted });
          return () => new Response(String(counted.push('one')));
        }),
      },
      async drive(world) {
        await world.client('guest', async (client) => {
          const ask = () => fetch('http://server/counts', { method: 'POST' });
          for (let i = 0; i < 3; i++) await client.operation('count', i, ask);
        });
      },
      always: { 'each is counted once': (world) => ${check} },
    });`;
}

const CHECK = `{
  const ended = world.history.filter(({ type }) => type === 'ok').length;
  const counted = world.host('server').exports?.counted?.length ?? 0;
  return counted >= ended && counted <= world.history.length;
}`;
const folder = folderWith({
  'open.sim.ts': counting('true'),
  'closed.sim.ts': counting(CHECK),
  'other.sim.ts': counting('true').replace('/counts', '/others'),
  'failing.sim.ts': counting('world.history.length === 0'),
});
const mutate = (...words: string[]): Promise<Finished> => run(folder, ['mutate', ...words]);

describe('wavetank mutate', { concurrency: 2 }, () => {
  test('exits with 1, says what no check noticed, and how to see it again', async () => {
    const { code, stdout, stderr } = await mutate('open.sim.ts', '--runs', '40', '--seed', '7');
    assert.deepEqual([code, stderr], [1, '']);
    assert.match(
      stdout,
      /^counting has holes: 40 altered runs of \d+ that pass, seed 7: 0 noticed, \d+ surv/m,
    );
    const hole =
      /^ {4}server: `POST \/counts` is answered, and not executed → no check noticed in (\d+) of \1 /m;
    assert.match(stdout, hole);
    assert.match(
      stdout,
      /^ {6}seed \d+, POST \/counts #\d from guest: .*server exposes counted 2: "one" → nothing/m,
    );
    assert.match(stdout, /^ {2}noticed nothing: `each is counted once`$/m);
    const token = /npx wavetank mutate open\.sim\.ts --only (wm1:\S+)/.exec(stdout)?.[1] ?? '';
    const again = await mutate('open.sim.ts', '--only', token);
    assert.deepEqual([again.code, again.stderr], [1, '']);
    assert.match(again.stdout, /^counting has holes: 1 altered run of 1 that pass/m);
    const closed = await mutate('closed.sim.ts', '--only', token);
    assert.deepEqual([closed.code, closed.stderr], [0, '']);
  });

  test('exits with 0 where everything that matters is noticed', async () => {
    const { code, stdout, stderr } = await mutate('closed.sim.ts', '--runs', '40', '--accept', 'two ');
    assert.deepEqual([code, stderr], [0, ''], stdout);
    assert.match(stdout, /^counting bites: 40 altered runs/m);
  });

  test('prints its reports as JSON, one on a line', async () => {
    const { code, stdout } = await mutate('open.sim.ts', 'closed.sim.ts', '--runs', '20', '--json');
    assert.equal(code, 1);
    const reports = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as MutationReport);
    assert.deepEqual(
      reports.map(({ scenario, runs, noticed }) => [scenario, runs, noticed > 0]),
      [
        ['counting', 20, false],
        ['counting', 20, true],
      ],
    );
  });

  test('exits with 1 for a scenario that fails before anything is altered', async () => {
    const { code, stdout, stderr } = await mutate('failing.sim.ts');
    assert.deepEqual([code, stderr], [1, '']);
    assert.match(
      stdout,
      /^BaselineError \[WT_BASELINE\]: scenario `counting` fails before anything is altered/,
    );
  });

  test('exits with 2 for words that make no sense, and with 3 for a token that went stale', async () => {
    const cases: [words: string[], message: RegExp][] = [
      [['mutate', '--runs', '0'], /^UsageError: Expected --runs to be a whole number >= 1, got "0"\./],
      [['mutate', '--time', '5'], /^UsageError: Expected --time like 500ms, 10s or 2m, got "5"\./],
      [['mutate', 'none.sim.ts'], /^UsageError: There is no file none\.sim\.ts\./],
      [['mutate', '--only', 'x'], /^UsageError: Expected `wavetank mutate FILE --only TOKEN`\./],
      [['mutate', 'open.sim.ts', '--only', 'x', '--runs', '5'], /^UsageError: --only makes one run/],
      [['mutate', 'open.sim.ts', '--only', 'x'], /^TokenError \[WT_TOKEN\]: Expected a mutation token/],
      [
        ['explore', '--json'],
        /^UsageError: --json is no option of `wavetank explore`, but of `wavetank mutate`, `wavetank list`\./,
      ],
      [
        ['replay', '--only', 'x'],
        /^UsageError: --only is no option of `wavetank replay`, but of `wavetank mutate`\./,
      ],
    ];
    for (const [words, message] of cases) {
      const { code, stdout, stderr } = await run(folder, words);
      assert.deepEqual([code, stdout], [2, ''], words.join(' '));
      assert.match(stderr, message);
    }
    const { stdout } = await mutate('open.sim.ts', '--runs', '9');
    const token = /--only (wm1:\S+)/.exec(stdout)?.[1] ?? '';
    const stale = await mutate('other.sim.ts', '--only', token);
    assert.equal(stale.code, 3, stale.stderr);
    assert.match(stale.stdout, /^StaleReplayError \[WT_STALE\]: there is nothing left to alter/);
  });
});
