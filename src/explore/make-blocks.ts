// Who makes the blocks of an exploration: by default this thread does, one after another.

import { sharedPump } from '../ambient/shared-pump.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { BlockResult } from './block-result.ts';
import { BlockRuns, type BlockRules } from './block-runs.ts';
import type { Block } from './blocks.ts';

/** What is to be made, and who wants to know of it meanwhile. */
export interface Task {
  readonly blocks: Iterable<Block>;
  readonly rules: BlockRules;
  /** Whether no further run may begin. */
  readonly isOver: () => boolean;
  /** Real milliseconds until none may begin. */
  readonly leftMs: () => number;
  /** Says at once that none may begin. */
  readonly signal: AbortSignal | undefined;
  /** Told of the runs that are made and not yet part of a result: all of them together. */
  readonly onProgress: (far: Far) => void;
}

/** What was made of blocks that are not done yet. */
export interface Far {
  readonly runs: number;
  /** A whole number: its sum does not depend on how runs are put together. */
  readonly virtualUs: number;
}

/**
 * Makes blocks. The results come in the order of the blocks and without a gap, unless it is over: then those
 * come that were begun. Who wants no more of them stops asking.
 */
export type MakeBlocks<Workload> = (task: Task) => AsyncIterable<BlockResult<Workload>>;

/** Makes blocks in this thread, while the ambient layer is installed. */
export async function* makeBlocksHere<Workload>(
  scenario: Scenario<Workload>,
  { blocks, rules, isOver, onProgress }: Task,
): AsyncGenerator<BlockResult<Workload>> {
  let far: Far = { runs: 0, virtualUs: 0 };
  const runs = new BlockRuns(scenario, {
    ...rules,
    isOver,
    onRun: ({ virtualMs }) => {
      far = { runs: far.runs + 1, virtualUs: far.virtualUs + Math.round(virtualMs * 1000) };
      onProgress(far);
    },
  });
  for (const block of blocks) {
    if (isOver()) return;
    far = { runs: 0, virtualUs: 0 };
    const result = await runs.make(block);
    // What follows takes a while, and is no host's fault.
    await sharedPump().leave();
    yield result;
  }
}
