// Explorations whose blocks are made by worker processes: told as by one process, whatever failed.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Crew } from '../../../src/cli/workers/crew.ts';
import { exploreWith } from '../../../src/explore/explore.ts';
import type { ExploreOptions } from '../../../src/explore/explore-options.ts';
import { CheckFailure, DivergenceError, LevelFailure, type Scenario } from '../../../src/index.ts';
import * as many from './many.sim.ts';

const file = fileURLToPath(new URL('many.sim.ts', import.meta.url));
const crews = new Map([1, 2, 3].map((workers) => [workers, new Crew(workers, { growAfterMs: 0 })]));
after(() => {
  for (const crew of crews.values()) crew.kill();
});

const placeOf = (scenario: Scenario<number[]>): { file: string; nth: number } => ({
  file,
  nth: Object.values(many).indexOf(scenario),
});

/** What came of an exploration, without anything that is not plain data. */
function told(came: unknown): unknown {
  if (came instanceof CheckFailure) {
    const { message, token, replayLine, runs, others, found, exploration, remarks, explanation } = came;
    const { faults } = explanation;
    return { message, token, replayLine, runs, others, found, exploration, remarks, faults };
  }
  if (came instanceof LevelFailure) return { message: came.message, levels: came.levels };
  assert.ok(!(came instanceof Error), String(came));
  return came;
}

async function explored(
  scenario: Scenario<number[]>,
  workers: number,
  options: ExploreOptions,
): Promise<unknown> {
  const crew = crews.get(workers);
  let processes = 0;
  const onProgress = (): void => void (processes = Math.max(processes, crew?.pids.length ?? 0));
  const chosen = { statistics: true, ...options, onProgress };
  const exploring = exploreWith(scenario, chosen, crew?.makerOf(placeOf(scenario), scenario));
  const came: unknown = await exploring.catch((error: unknown) => error);
  if (crew !== undefined && processes > 0) assert.equal(processes, workers);
  return came;
}

async function areAlike(scenario: Scenario<number[]>, options: ExploreOptions): Promise<unknown> {
  const here = await explored(scenario, 0, options);
  for (const workers of crews.keys()) {
    const came = await explored(scenario, workers, options);
    assert.deepEqual(told(came), told(here), `${workers} workers`);
  }
  return here;
}

describe('worker processes', { concurrency: false }, () => {
  test('an exploration that passes is told by one, two and three as by none', async () => {
    const came = (await areAlike(many.passing, { runs: 170, seed: 5 })) as { runs: number };
    assert.equal(came.runs, 170);
  });

  test('the first failure ends the exploration, and it is the one with the lowest number', async () => {
    const came = await areAlike(many.failing, { runs: 400, seed: 3, shrinkRunsMax: 60 });
    assert.ok(came instanceof CheckFailure);
    assert.equal(came.others.length, 0);
    assert.ok(came.runs.explored < 400);
  });

  test('without bail all runs are made, and every kind of failure is listed', async () => {
    const options = { runs: 170, seed: 3, shrinkRunsMax: 40, bail: false };
    const came = await areAlike(many.failing, options);
    assert.ok(came instanceof CheckFailure);
    assert.equal(came.runs.explored, 170);
    const names = [came.result.violations[0]?.name, ...came.others.map(({ name }) => name)];
    assert.deepEqual(new Set(names), new Set(many.failing.always.keys()));
    assert.equal(names.length, 3);
    const counted = new Map(
      came.exploration?.statistics?.failures.map(({ signature, runs }) => [signature, runs]),
    );
    for (const { signature, runs, message, replayLine } of came.others) {
      assert.equal(counted.get(signature), runs);
      assert.ok(
        came.message.includes(`${runs === 1 ? '1 run' : `${runs} runs`}: ${signature.split(' ')[0]}`),
      );
      assert.ok(message !== '' && came.message.includes(replayLine));
    }
  });

  test('a broken service level names the same worst runs', async () => {
    const came = await areAlike(many.slow, { runs: 120, seed: 9, vacuity: false });
    assert.ok(came instanceof LevelFailure);
    assert.equal(came.levels[0]?.worst.length, 3);
  });

  test('a divergence in a worker is thrown as one', async () => {
    const came = await explored(many.diverging, 2, { runs: 200, vacuity: false });
    assert.ok(came instanceof DivergenceError, String(came));
    assert.equal(came.code, 'WT_DIVERGED');
    assert.ok(Number.isInteger(came.seed));
    assert.ok('exploration' in came);
  });

  test('a scenario that is not there any more is refused', async () => {
    const crew = crews.get(1);
    const making = exploreWith(many.passing, {}, crew?.makerOf({ file, nth: 17 }, many.passing));
    await assert.rejects(making, /exports 4 scenarios now/);
  });
});
