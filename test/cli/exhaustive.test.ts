// `wavetank explore --strategy exhaustive` as a process of its own: what it prints, and what it refuses.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ReportDocument } from '../../src/report/document.ts';
import { folderWith, run, wavetank } from './command.ts';

const FOLDER = folderWith({
  'votes.sim.ts': `
    import { daemon, defineScenario, latency, swarm } from ${JSON.stringify(wavetank)};
    export default defineScenario({
      name: 'votes',
      hosts: {
        counter: daemon((host) => host.onMessage(() => {})),
        ann: daemon((host) => host.send('counter', 'yes', 'vote')),
        ben: daemon((host) => host.send('counter', 'no', 'vote')),
      },
      network: { latency: latency.uniform({ minMs: 1, maxMs: 30 }) },
      faults: swarm({ drop: true, pause: ['ann'] }),
      drive: () => new Promise((resolve) => setTimeout(resolve, 100)),
    });`,
});
const WALK = ['explore', '--strategy', 'exhaustive'];

describe('wavetank explore --strategy exhaustive', { concurrency: 2 }, () => {
  test('passes, and says that it is complete, and within which bound', async () => {
    const { code, stdout, stderr } = await run(FOLDER, WALK);
    assert.deepEqual([code, stderr], [0, ''], stdout);
    assert.match(stdout, /^votes passed: \d+ runs, seed 1, /m);
    assert.match(stdout, /^ {2}complete within this bound: \d+ orders under 3 sets of faults, \d+ runs$/m);
    assert.match(stdout, /^ {2}the bound: every order of events; up to 1 fault \(drop\); not tried: pause$/m);
  });

  test('has it in the JSON report, with the bound that was asked for', async () => {
    const walks = await Promise.all(
      [
        ['--faults', '0'],
        ['--faults', '2'],
        ['--runs', '3', '--workers', '0'],
      ].map(async (words) => {
        const { code, stdout } = await run(FOLDER, [...WALK, ...words, '--reporter', 'json']);
        assert.equal(code, 0, stdout);
        return (JSON.parse(stdout) as ReportDocument).scenarios[0];
      }),
    );
    const [none, two, cut] = walks.map((scenario) => scenario?.extent);
    assert.deepEqual([none?.isComplete, none?.faultSets], [true, 1]);
    assert.deepEqual(none?.outside, ['drop', 'pause']);
    assert.deepEqual([two?.isComplete, two?.faultSets], [true, 4]);
    assert.match(two?.bound ?? '', /up to 2 faults \(drop\)/);
    assert.deepEqual([cut?.isComplete, cut?.runs, walks[2]?.runs], [false, 3, 3]);
    assert.ok(cut !== undefined && cut.left > 0);
  });

  test('is refused with words that make no sense, and as one job of several', async () => {
    const cases: [words: string[], env: Record<string, string>, message: RegExp][] = [
      [['--faults', '3'], {}, /^UsageError: Expected --faults to be 0, 1 or 2, got "3"\./],
      [['--strategy', 'pct', '--faults', '1'], {}, /^UsageError: --faults is the bound of --strategy exh/],
      [['--shard', '1/2'], {}, /^RangeError \[WT_OPTION\]: shard: strategy "exhaustive" is one walk/],
      [[], { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '4' }, /cannot be shared out; got 2\/4\./],
    ];
    for (const [words, env, message] of cases) {
      const { code, stdout, stderr } = await run(FOLDER, [...WALK, ...words], { env });
      assert.deepEqual([code, stdout], [2, ''], stderr);
      assert.match(stderr, message);
    }
  });
});
