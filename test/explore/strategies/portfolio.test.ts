// The portfolio: whose turn it is, and that blocks can be made anywhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf, type Block } from '../../../src/explore/blocks.ts';
import type { Proposal, Setting } from '../../../src/explore/strategies/strategy.ts';
import { STRATEGIES } from '../../../src/explore/strategies/table.ts';
import { calmPlan } from '../../../src/index.ts';
import { inputsAndHashes, makeBlocks, type Made } from './course.ts';
import { shopOf, storm } from './shop.ts';

const given = { seed: 5, strategy: 'portfolio' };

/** Which runs are listed: those about the workloads that are set aside for that. */
function listed({ runs }: Made, blocks: readonly Block[]): number[] {
  const drawnFrom = new Set(blocks.map(({ seed }) => seed));
  return runs.flatMap(({ proposal }, i) => (drawnFrom.has(proposal.workload.seed) ? [] : [i]));
}

/** Whether that run is listed: one of three in the beginning, then one of twelve. */
const isListed = (number: number): boolean => (number < 24 ? number % 3 === 0 : number % 12 === 3);

test('what is listed goes on from block to block, two deviations at a time', async () => {
  const blocks = [...blocksOf({ ...given, runsMax: 60 })];
  const numbers = listed(await makeBlocks(shopOf(storm), blocks), blocks);
  assert.deepEqual(numbers, [0, 3, 6, 9, 12, 15, 18, 21, 27, 39, 51]);
});

test('most runs that are drawn go by priorities, and what is drawn says so', async () => {
  const { runs } = await makeBlocks(shopOf(storm), [...blocksOf({ ...given, runsMax: 60 })]);
  for (const [number, { proposal }] of runs.entries()) {
    const place = number % 12;
    const isByPriority = !isListed(number) && (number < 24 || ![7, 11].includes(place));
    assert.equal(typeof proposal.plan.order === 'object', isByPriority, `run ${number}`);
    if (isListed(number)) assert.equal(proposal.isSteered, true, `run ${number}`);
    else if (number < 24 || place !== 11) assert.notEqual(proposal.isSteered, true, `run ${number}`);
  }
});

test('a block makes the same runs by itself as after the blocks before it', async () => {
  const blocks = [...blocksOf({ ...given, runsMax: 120 })];
  const together = inputsAndHashes(await makeBlocks(shopOf(storm), blocks));
  const alone = inputsAndHashes(await makeBlocks(shopOf(storm), blocks.slice(-1)));
  assert.ok(alone.length > 0);
  assert.deepEqual(alone, together.slice(-alone.length));
});

test('who learns is told of what was drawn', async () => {
  const { harvest } = await makeBlocks(shopOf(storm), [...blocksOf({ ...given, runsMax: 48 })]);
  // `feedback` made two of the runs.
  assert.ok(harvest.length > 2, `${harvest.length} entries`);
});

test('a strategy that has nothing left leaves its runs to chance', async () => {
  const generated: Proposal = { plan: { ...calmPlan }, seed: 1, workload: { seed: 1, nth: 0 } };
  const block: Block = { number: 0, firstRun: 0, runs: 9, seed: 1, base: 1, strategy: 'portfolio' };
  const sounding = { input: generated.workload, seed: 1, steps: 1, clients: [], messages: [], diskCalls: [] };
  const setting: Setting = {
    ...{ scenario: shopOf(undefined), block, runsBefore: 1_000_000 },
    sound: () => Promise.resolve({ ...sounding, weather: [] }),
  };
  const course = STRATEGIES['portfolio']?.open(setting);
  for (let i = 0; i < 12; i++) {
    const proposal = await course?.next(generated);
    if (isListed(1_000_000 + i)) assert.equal(proposal, generated);
  }
});
