// `wavetank list` as a process of its own.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { folderWith, run, wavetank } from './command.ts';

const host = 'handler(() => () => new Response())';

const FILES = {
  'shop.sim.ts': `
import { defineScenario, handler, swarm } from ${JSON.stringify(wavetank)};
export const pays = defineScenario({
  name: 'the customer of a shop pays once and no more',
  tags: ['critical', 'payments'],
  hosts: { orders: ${host}, payments: ${host} },
  faults: swarm({ drop: true, crash: ['orders'] }),
  drive() {},
});
export const calm = defineScenario({ name: 'calm', hosts: { only: ${host} }, drive() {} });`,
  'other.sim.ts': `
import { defineScenario, handler } from ${JSON.stringify(wavetank)};
export default defineScenario({ name: 'other', tags: ['slow'], hosts: { 'eu.shop': ${host} }, drive() {} });`,
  'shop.sim.regressions.json': JSON.stringify({
    format: 'wavetank-regressions',
    version: 1,
    counterexamples: ['calm', 'calm', 'another'].map((scenario, i) => ({
      ...{
        scenario,
        token: `wt1:${i}`,
        failed: 'WT_INVARIANT x',
        message: 'x',
        timeline: [],
        wavetank: '0.1.0',
      },
    })),
  }),
  'other.sim.regressions.json': '<<<<<<< HEAD',
  '.wavetank/history.json': JSON.stringify({
    format: 'wavetank-history',
    version: 1,
    scenarios: [
      [
        'calm',
        [
          { at: '2026-01-01T00:00:00.000Z', runs: 5, failures: 0 },
          { at: '2026-02-03T10:00:00.000Z', runs: 300, failures: 1 },
        ],
      ],
    ],
  }),
};

describe('wavetank list', { concurrency: 2 }, () => {
  test('shows scenarios with tags, hosts, risk and last result in 80 columns', async () => {
    const { code, stdout, stderr } = await run(folderWith(FILES), ['list']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(
      stdout,
      [
        'other.sim.ts',
        '  other               eu.shop         calm: no faults       not explored',
        '  #slow',
        'shop.sim.ts',
        '  calm                only            calm: no faults       failed, 300 runs',
        '                                                            2026-02-03',
        '                                                            2 counterexamples',
        '                                                            kept',
        '  the customer of a   orders          drop, crash;          not explored',
        '  shop pays once and  payments        survives 1 host down',
        '  no more',
        '  #critical',
        '  #payments',
        '',
      ].join('\n'),
    );
  });

  test('prints one line of JSON for each scenario', async () => {
    const { code, stdout } = await run(folderWith(FILES), [
      'list',
      '--json',
      '--grep',
      'CALM',
      '--tag',
      '!slow',
    ]);
    assert.equal(code, 0);
    assert.deepEqual(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
      [
        {
          file: 'shop.sim.ts',
          line: 10,
          name: 'calm',
          tags: [],
          hosts: ['only'],
          faults: [],
          survives: [],
          last: { at: '2026-02-03T10:00:00.000Z', runs: 300, failures: 1 },
          counterexamples: 2,
        },
      ],
    );
  });

  test('shows a file that cannot be loaded with its error, and the others still', async () => {
    const folder = folderWith({ ...FILES, 'broken.sim.ts': "throw new Error('no \\u001b[31mdatabase');" });
    mkdirSync(join(folder, 'empty'));
    writeFileSync(join(folder, 'empty', 'nothing.sim.ts'), 'export const x = 1;');
    const { code, stdout, stderr } = await run(folder, ['list']);
    assert.deepEqual([code, stderr], [2, '']);
    assert.match(
      stdout,
      /^broken\.sim\.ts\n {2}broken\.sim\.ts cannot be loaded: Error: no \\x1b\[31mdatabase$/m,
    );
    assert.match(stdout, /^ {2}Expected empty\/nothing\.sim\.ts to export a scenario/m);
    assert.match(stdout, /^ {2}calm /m);
    const json = await run(folder, ['list', '--json', 'broken.sim.ts']);
    assert.equal(json.code, 2);
    assert.deepEqual(Object.keys(JSON.parse(json.stdout) as object), ['file', 'error']);
  });

  for (const command of ['list', 'explore', 'mutate']) {
    test(`${command} names what is near, where nothing is meant`, async () => {
      const { code, stdout, stderr } = await run(folderWith(FILES), [command, '--tag', 'citical']);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^UsageError: No scenario has the tag "citical": did you mean "critical"\?$/m);
    });
  }

  test('explore makes runs of those alone that are meant', async () => {
    const { stdout, code } = await run(folderWith(FILES), [
      'explore',
      '--runs',
      '2',
      '--grep',
      '/^(calm|other)$/',
    ]);
    assert.equal(code, 0);
    assert.deepEqual(
      [...stdout.matchAll(/^(.*) passed: /gm)].map(([, name]) => name),
      ['other', 'calm'],
    );
  });
});
