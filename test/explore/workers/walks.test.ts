// Walks through all runs that worker processes make: told as by one process.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Crew } from '../../../src/cli/workers/crew.ts';
import { exploreWith, type Exploration } from '../../../src/explore/explore.ts';
import type { ExploreOptions } from '../../../src/explore/explore-options.ts';
import { CheckFailure, type Scenario } from '../../../src/index.ts';
import * as walks from './walks.sim.ts';

const file = fileURLToPath(new URL('walks.sim.ts', import.meta.url));
const crew = new Crew(2, { growAfterMs: 0 });
after(() => crew.kill());

function exploring(
  scenario: Scenario<undefined>,
  options: ExploreOptions,
  makers?: Crew,
): Promise<Exploration> {
  const place = { file, nth: Object.values(walks).indexOf(scenario) };
  const chosen = { strategy: 'exhaustive', statistics: true, ...options };
  return exploreWith(scenario, chosen, makers?.makerOf(place, scenario));
}

const failureOf = async (made: Promise<Exploration>): Promise<CheckFailure> => {
  const came: unknown = await made.catch((error: unknown) => error);
  assert.ok(came instanceof CheckFailure, String(came));
  return came;
};

describe('a walk through all runs', { concurrency: false }, () => {
  test('is told by two workers as by none, and goes as far as its bound says', async () => {
    for (const options of [{}, { exhaustive: { faults: 0 } }, { runs: 20 }]) {
      const here = await exploring(walks.repaired, options);
      assert.deepEqual(await exploring(walks.repaired, options, crew), here);
      assert.equal(here.extent?.isComplete, !('runs' in options));
      assert.equal(here.extent?.faultSets === 1, 'exhaustive' in options);
    }
  });

  test('finds the same failure, and is as complete', async () => {
    for (const bail of [true, false]) {
      const here = await failureOf(exploring(walks.broken, { bail }));
      const there = await failureOf(exploring(walks.broken, { bail }, crew));
      assert.equal(there.message, here.message);
      assert.deepEqual(there.exploration, here.exploration);
      assert.equal(here.exploration?.extent?.isComplete, !bail);
    }
  });

  test('is not complete where a run ended its process: what comes after it nobody knows', async () => {
    const failure = await failureOf(exploring(walks.deadly, { bail: false }, crew));
    assert.equal(failure.code, 'WT_EXIT');
    const { extent } = failure.exploration ?? {};
    assert.deepEqual([extent?.isComplete, extent?.left], [false, 1]);
    assert.equal(extent?.faultSets, 2, 'no fault, and the loss');
  });
});
