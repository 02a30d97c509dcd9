// Opens strategies in tests, and drives them without making their runs.

import { BlockRuns } from '../../../src/explore/block-runs.ts';
import type { Block } from '../../../src/explore/blocks.ts';
import type { Entry } from '../../../src/explore/corpus/entry.ts';
import type { Proposal } from '../../../src/explore/strategies/strategy.ts';
import type { RunResult } from '../../../src/scenario/result.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { whileInstalled } from '../../../src/scenario/simulate.ts';

/** What the runs of some blocks were, and what became of them. */
export interface Made {
  readonly runs: readonly { readonly proposal: Proposal; readonly result: RunResult }[];
  readonly harvest: readonly Entry[];
}

/** Makes blocks of runs, in one thread, until one fails. */
export function makeBlocks(
  scenario: Scenario,
  blocks: readonly Block[],
  corpus: readonly Entry[] = [],
): Promise<Made> {
  return whileInstalled(scenario, async () => {
    const runs: { proposal: Proposal; result: RunResult }[] = [];
    const harvest: Entry[] = [];
    const made = new BlockRuns(scenario, {
      repeatEvery: Number.POSITIVE_INFINITY,
      hasStatistics: false,
      bail: true,
      corpus,
      isOver: () => false,
      onRun: (result, proposal) => runs.push({ proposal, result }),
    });
    for (const block of blocks) {
      const { error, failures, harvest: found } = await made.make(block);
      if (error !== undefined) throw error;
      harvest.push(...found);
      if (failures.length > 0) break;
    }
    return { runs, harvest };
  });
}

/** What of a run shows that it is the same. */
export function inputsAndHashes({ runs }: Made): string[] {
  return runs.map(({ proposal, result }) => JSON.stringify([proposal, result.hash]));
}
