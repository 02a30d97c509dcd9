// Twelve small systems with one planted bug each: exploring finds it, shrinks it to the faults without
// which it stays hidden, and lets the repaired twin pass.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CheckFailure, explore, simulate, type FaultKind } from '../../src/index.ts';
import type { Planted } from './systems/planted.ts';
import { systems } from './systems/all.ts';

const RUNS_MAX = 300;
const REPAIRED_RUNS = 150;
const SHRINK_RUNS_MAX = 500;
const KINDS: readonly FaultKind[] = [
  'crash',
  'delay',
  'drop',
  'duplicate',
  'partition',
  'pause',
  'refuse',
  'reset',
];

/** The counterexample that exploring the broken twin ends with. */
async function failureOf({ broken }: Planted): Promise<CheckFailure> {
  try {
    await explore(broken, { runs: RUNS_MAX });
  } catch (error) {
    if (error instanceof CheckFailure) return error;
    throw error;
  }
  return assert.fail(`nothing was found in ${RUNS_MAX} runs`);
}

for (const system of systems) {
  describe(`planted: ${system.bug}`, { concurrency: false }, () => {
    let failure: CheckFailure;

    test('is found and blamed on the faults that it needs', async () => {
      failure = await failureOf(system);
      const { violations, plan } = failure.result;
      assert.equal(violations[0]?.name, system.violates);
      assert.deepEqual([...new Set(plan.faults.map(({ kind }) => kind))].toSorted(), system.needs);
      assert.deepEqual(plan.chances ?? [], [], 'nothing is left to chance');
      assert.deepEqual([plan.latency, plan.order], ['calm', 'calm'], 'nothing but the faults deviates');
    });

    test(`is shrunk in fewer than ${SHRINK_RUNS_MAX} runs`, (t) => {
      t.diagnostic(`${failure.runs.explored} runs to find it, ${failure.runs.shrinking} to shrink it`);
      assert.ok(failure.runs.shrinking < SHRINK_RUNS_MAX, `${failure.runs.shrinking} runs`);
    });

    test('is shrunk so far that no fault can be left out', async () => {
      const { seed, workload, plan } = failure.result;
      const again = await simulate(system.broken, { seed, workload, plan });
      assert.equal(again.hash, failure.result.hash, 'with all its faults it is the very run');
      for (const [i, fault] of plan.faults.entries()) {
        const without = { ...plan, faults: plan.faults.toSpliced(i, 1) };
        const { verdict } = await simulate(system.broken, { seed, workload, plan: without });
        assert.equal(verdict, 'ok', `it fails without ${JSON.stringify(fault)}, too`);
      }
    });

    test(`is not seen in ${REPAIRED_RUNS} runs of the repaired system`, async () => {
      const { runs } = await explore(system.repaired, { runs: REPAIRED_RUNS });
      assert.equal(runs, REPAIRED_RUNS);
    });

    test('is gone from the repaired system in the very storm that showed it', async () => {
      const { seed, workload, plan } = failure.result;
      const { verdict, violations } = await simulate(system.repaired, { seed, workload, plan });
      assert.equal(verdict, 'ok', violations[0]?.message);
    });
  });
}

test('each kind of fault is needed by some planted bug', () => {
  assert.deepEqual([...new Set(systems.flatMap(({ needs }) => needs))].toSorted(), KINDS);
});
