// The causal slice of each planted bug in a busy run: small, with the culprit in it, and enough to tell the
// same story.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { calmPlan, simulate, type RunResult } from '../../../src/index.ts';
import { failureStory } from '../../../src/report/failure-text.ts';
import { sliceOf } from '../../../src/report/slice/slice.ts';
import { plainLine } from '../../../src/report/story.ts';
import { systems } from '../../planted/systems/all.ts';
import { busyRuns } from './busy.ts';

const SHARE_MAX = 0.15;

/** What a story says, without what it shows or counts beside. */
function told(run: RunResult): string[] {
  const beside = ['context', 'fold'];
  const lines = failureStory({ run, replayLine: 'again' }).filter(({ part }) => !beside.includes(part));
  // A column is as wide as its widest cell, which may have been beside the story.
  return lines.map((line) => plainLine(line).replaceAll(/ {2,}/g, '  '));
}

for (const { bug, violates, broken } of systems) {
  describe(`the causal slice: ${bug}`, { concurrency: false }, () => {
    const busy = busyRuns[bug];
    assert.ok(busy, 'it has a busy run');
    const { workload, faults, culprit } = busy;
    let run: RunResult;
    let slice: readonly number[];

    test(`keeps under ${SHARE_MAX * 100} percent of the events, and the culprit`, async (t) => {
      const input = { seed: 1, workload, plan: { ...calmPlan, faults }, record: true };
      run = await simulate(broken, input as Parameters<typeof simulate>[1]);
      assert.equal(run.violations[0]?.name, violates);
      const trace = run.trace ?? [];
      slice = sliceOf(run);
      const share = slice.length / trace.length;
      t.diagnostic(`${slice.length} of ${trace.length} events, ${(100 * share).toFixed(1)} percent`);
      assert.ok(share < SHARE_MAX, `${slice.length} of ${trace.length} events`);
      assert.ok(trace.some(culprit), 'it happens');
      assert.ok(
        slice.some((place) => culprit(trace[place]!)),
        'it is in the slice',
      );
    });

    test('is enough: without all other events the same is sliced and told', () => {
      const alone = { ...run, trace: slice.map((place) => run.trace![place]!) };
      assert.deepEqual(
        sliceOf(alone),
        slice.map((_, i) => i),
      );
      assert.deepEqual(told(alone), told(run));
    });

    test('is told in 80 columns', () => {
      const wide = failureStory({ run, replayLine: 'again' }).map(plainLine);
      assert.deepEqual(
        wide.filter((line) => line.length > 80),
        [],
      );
    });
  });
}
