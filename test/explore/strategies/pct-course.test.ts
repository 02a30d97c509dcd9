// The strategy `pct`: what it takes from the input that was drawn, and what it learns from the runs before.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf } from '../../../src/explore/blocks.ts';
import { pct } from '../../../src/explore/strategies/pct.ts';
import type { Proposal } from '../../../src/explore/strategies/strategy.ts';
import { isPct } from '../../../src/faults/order.ts';
import { calmPlan } from '../../../src/index.ts';
import type { RunResult } from '../../../src/scenario/result.ts';
import { inputsAndHashes, makeBlocks } from './course.ts';
import { shopOf, storm } from './shop.ts';

test('keeps the faults that were drawn, and lets priorities decide the order', async () => {
  const given = { seed: 2, runsMax: 20 };
  const drawn = await makeBlocks(shopOf(storm), [...blocksOf({ ...given, strategy: 'timed-random' })]);
  const made = await makeBlocks(shopOf(storm), [...blocksOf({ ...given, strategy: 'pct' })]);
  for (const [i, { proposal }] of made.runs.entries()) {
    const { order, ...rest } = proposal.plan;
    const { order: _, ...generated } = (drawn.runs[i] as { proposal: Proposal }).proposal.plan;
    assert.deepEqual(rest, generated);
    assert.ok(isPct(order) && order.pct.depth === 3);
  }
  const again = await makeBlocks(shopOf(storm), [...blocksOf({ ...given, strategy: 'pct' })]);
  assert.deepEqual(inputsAndHashes(again), inputsAndHashes(made));
});

test('the points at which priorities change are as many as a run before had at most', () => {
  const [block] = blocksOf({ seed: 1, runsMax: 9, strategy: 'pct' });
  assert.ok(block !== undefined);
  const sound = () => Promise.reject(new Error('nothing is sounded'));
  const course = pct.open({ scenario: shopOf(storm), block, runsBefore: 0, sound });
  const generated: Proposal = { plan: calmPlan, seed: 1, workload: { seed: 1, nth: 0 } };
  const steps: unknown[] = [];
  for (const choicePoints of [7, 3, 9]) {
    const proposal = course.next(generated) as Proposal;
    const { order } = proposal.plan;
    steps.push(isPct(order) && order.pct.steps);
    course.told?.(proposal, { choicePoints } as RunResult);
  }
  assert.deepEqual(steps, [50, 7, 7]);
});
