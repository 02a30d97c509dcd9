// A run is a function of (scenario, workload, plan, seed): in one process, in another, and on every release
// of Node.js, which `npm run test:nodes` compares with the hashes that are committed here.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { calmPlan, simulate } from '../../src/index.ts';
import { nodeArguments, root } from '../runner.ts';
import { allHashes, committedHashes, hashesOf, scenarios, seeds, UPDATE_COMMAND } from './hashes.ts';

const HINT = `If other runs are what the change is about: ${UPDATE_COMMAND}`;

for (const scenario of scenarios) {
  describe(`${scenario.name}: ${seeds.length} seeds`, { concurrency: false }, () => {
    test('make the run whose hash is committed', async () => {
      assert.deepEqual(await hashesOf(scenario), committedHashes()[scenario.name], HINT);
    });

    test('make the same run twice in a row, and when it is recorded', async () => {
      for (const seed of seeds) {
        const [first, second] = [await simulate(scenario, { seed }), await simulate(scenario, { seed })];
        assert.deepEqual(second, first, `seed ${seed}`);
        if (seed % 5 > 0) continue;
        const { trace, journal, ...recorded } = await simulate(scenario, { seed, record: true });
        assert.deepEqual(recorded, first, `seed ${seed}, recorded`);
        assert.ok(trace !== undefined && trace.length > 0 && journal !== undefined);
      }
    });

    test('make the same run whatever ran before and is queued beside them', async () => {
      const committed = committedHashes()[scenario.name];
      const others = scenarios.filter((other) => other !== scenario);
      const hashes: string[] = [];
      for (const seed of seeds.toReversed()) {
        const other = simulate(others[seed % others.length]!, { seed: seed - 1 });
        const [{ hash }] = await Promise.all([simulate(scenario, { seed }), other]);
        hashes.unshift(hash);
      }
      assert.deepEqual(hashes, committed);
    });

    test('make different runs', () => {
      assert.equal(new Set(committedHashes()[scenario.name]).size, seeds.length);
    });

    test('meet every kind of fault that the scenario allows', async () => {
      const struck = new Set<string>();
      for (const seed of seeds)
        for (const { kind } of (await simulate(scenario, { seed })).ledger) struck.add(kind);
      const allowed = Object.keys(scenario.faults ?? {}).filter(
        (key) => !['kind', 'horizonMs'].includes(key),
      );
      assert.deepEqual([...struck].toSorted(), allowed.toSorted());
    });
  });
}

test('another process makes the same runs', () => {
  const script = fileURLToPath(new URL('update-hashes.ts', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [...nodeArguments, script, '--print'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8' },
  });
  assert.notEqual(stdout, '', stderr);
  assert.deepEqual(JSON.parse(stdout), committedHashes());
});

test('the hash follows what hosts draw, read off their clocks, and are given', async () => {
  const scenario = scenarios[0]!;
  const hashOf = async (options: Parameters<typeof simulate>[1]): Promise<string> =>
    (await simulate(scenario, options)).hash;
  const base = { seed: 1, plan: calmPlan, workload: [10] };
  const hashes = await Promise.all([
    hashOf(base),
    hashOf({ ...base, seed: 2 }),
    hashOf({ ...base, workload: [11] }),
    hashOf({ ...base, plan: { ...calmPlan, latency: 'drawn' } }),
  ]);
  assert.equal(new Set(hashes).size, hashes.length);
});

test('all hashes are committed, and no others', async () => {
  assert.deepEqual(Object.keys(committedHashes()), Object.keys(await allHashes()));
});
