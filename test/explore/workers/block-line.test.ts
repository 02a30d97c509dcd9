// Blocks on their way: results come in the order of the blocks, whoever is done first.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BlockLine } from '../../../src/cli/workers/block-line.ts';
import type { BlockResult } from '../../../src/explore/block-result.ts';
import { blocksOf } from '../../../src/explore/blocks.ts';
import { Tally } from '../../../src/explore/tally.ts';

const found = { number: 1, runs: 1, code: 'WT_INVARIANT', name: 'x', hash: '' } as const;
const proposal = { plan: { faults: [], order: 'calm' }, seed: 1, workload: { seed: 1, nth: 0 } } as const;

function resultOf(number: number, hasFailed = false): BlockResult {
  const failures = hasFailed ? [{ ...found, proposal: proposal as never }] : [];
  return { number, tally: new Tally([]).data(), levels: [], failures, harvest: [] };
}

function lineOf(bail: boolean): { line: BlockLine<unknown>; end: () => void } {
  const state = { isOver: false };
  const line = new BlockLine<unknown>({
    blocks: blocksOf({ seed: 1, runsMax: 250, strategy: 'timed-random' }),
    rules: { repeatEvery: 20, hasStatistics: false, bail },
    isOver: () => state.isOver,
    leftMs: () => 1,
    signal: undefined,
    onProgress: () => {},
  });
  return { line, end: () => void (state.isOver = true) };
}

async function numbersOf(line: BlockLine<unknown>, made: Promise<void>): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { number } of line.results(made)) numbers.push(number);
  return numbers;
}

test('results come in the order of the blocks', async () => {
  const { line } = lineOf(true);
  const places = Array.from({ length: 6 }, () => line.take()?.place);
  assert.deepEqual(places, [0, 1, 2, 3, 4, undefined]);
  for (const place of [3, 1, 0, 4, 2]) line.put(place, resultOf(place));
  assert.deepEqual(await numbersOf(line, Promise.resolve()), [0, 1, 2, 3, 4]);
});

test('after a failure that ends everything, earlier blocks are wanted, and later ones are not', () => {
  for (const bail of [true, false]) {
    const { line } = lineOf(bail);
    for (let i = 0; i < 4; i++) line.take();
    line.put(2, resultOf(2, true));
    assert.deepEqual(
      [1, 2, 3].map((place) => line.wants(place)),
      [true, true, !bail],
    );
    assert.equal(line.take() === undefined, bail);
  }
});

test('when time is over, what was begun counts, also behind a gap', async () => {
  const { line, end } = lineOf(true);
  for (let i = 0; i < 3; i++) line.take();
  end();
  assert.equal(line.take(), undefined);
  line.put(2, resultOf(2));
  line.put(0, resultOf(0));
  assert.deepEqual(await numbersOf(line, Promise.resolve()), [0, 2]);
});

test('what cannot be made is thrown, after what was made before', async () => {
  const { line } = lineOf(true);
  line.take();
  line.put(0, resultOf(0));
  line.fail(new Error('planted'));
  await assert.rejects(numbersOf(line, new Promise(() => {})), /planted/);
});
