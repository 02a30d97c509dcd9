// Priorities find a bug of depth 3 sooner than times that are drawn for each message, and not less often than
// they guarantee.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from '../../../src/index.ts';
import type { EventOrder } from '../../../src/faults/order.ts';
import { LANES, overtakenThrice, POINTS } from './overtaken-thrice.ts';

const BASE_SEEDS = 30;
const RUNS_MAX = 60;
const DEPTH = 3;
const pct: EventOrder = { pct: { depth: DEPTH, steps: POINTS } };

/** How many runs it takes until one fails; one more than the most where none does. */
async function runsToFailure(base: number, order: EventOrder): Promise<number> {
  for (let run = 1; run <= RUNS_MAX; run++) {
    const plan = { faults: [], latency: 'drawn', order } as const;
    const { verdict } = await simulate(overtakenThrice, { seed: base * 1_000 + run, plan });
    if (verdict === 'illegal') return run;
  }
  return RUNS_MAX + 1;
}

async function counts(order: EventOrder): Promise<number[]> {
  const found: number[] = [];
  for (let base = 1; base <= BASE_SEEDS; base++) found.push(await runsToFailure(base, order));
  return found.toSorted((left, right) => left - right);
}

test('PCT finds a bug of depth 3 in fewer runs than random times, over 30 base seeds', async (t) => {
  const byPriority = await counts(pct);
  const byChance = await counts('drawn');
  const [median, medianByChance] = [byPriority, byChance].map((each) => each[BASE_SEEDS >> 1] as number);
  t.diagnostic(`median ${median} runs by priority, ${medianByChance} by chance (at most ${RUNS_MAX})`);
  assert.ok((median as number) <= RUNS_MAX && medianByChance === RUNS_MAX + 1);
  const runs = byPriority.reduce((sum, each) => sum + Math.min(each, RUNS_MAX), 0);
  const rate = byPriority.filter((each) => each <= RUNS_MAX).length / runs;
  const bound = 1 / (LANES * POINTS ** (DEPTH - 1));
  assert.ok(rate >= bound, `${rate} is below the bound ${bound}`);
});

test('fewer change points than the bug has constraints do not find it', async () => {
  for (let run = 1; run <= 60; run++) {
    const plan = { faults: [], latency: 'drawn', order: { pct: { depth: 2, steps: POINTS } } } as const;
    assert.equal((await simulate(overtakenThrice, { seed: run, plan })).verdict, 'ok');
  }
});

test('a run tells how often there was a choice, which is what `steps` should be', async () => {
  const plan = { faults: [], latency: 'drawn', order: pct } as const;
  const runs = await Promise.all([1, 2, 3, 4].map((seed) => simulate(overtakenThrice, { seed, plan })));
  assert.ok(runs.every(({ choicePoints = 0 }) => choicePoints > 0 && choicePoints <= POINTS));
});
