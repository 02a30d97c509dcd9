// The options of `wavetank explore` about how runs are made: how many, by whom, and until when.

import { availableParallelism } from 'node:os';
import { checkStrategy, type ExploreOptions } from '../explore/explore-options.ts';
import { runEnvironment, seedNote } from '../explore/run-environment.ts';
import type { ExhaustiveBound } from '../explore/strategies/exhaustive-bound.ts';
import type { Words } from './command.ts';
import { UsageError } from './exit-code.ts';
import { numbersOf, wholeNumber } from './number-words.ts';

interface RunWords {
  readonly workers?: string;
  readonly bail?: boolean;
  readonly shrink?: string;
  readonly 'until-failure'?: boolean;
  readonly runs?: string;
  readonly strategy?: string;
  readonly faults?: string;
  readonly corpus?: boolean;
}

/**
 * Reads them. What was typed comes before the environment, and that before the defaults.
 *
 * @returns The options, and where the seed is from, if that is worth a line.
 * @throws {UsageError} If they make no sense.
 * @throws {OptionError} If a variable of the environment makes none.
 */
export function runOptionsOf(words: Words): { options: ExploreOptions; note: string | undefined } {
  const {
    bail = false,
    shrink = 'on',
    'until-failure': isEndless = false,
    runs,
    strategy,
    faults,
    corpus,
  } = words as RunWords;
  if (shrink !== 'on' && shrink !== 'off') {
    throw new UsageError(`Expected --shrink to be on or off, got "${shrink}".`);
  }
  if (isEndless && runs !== undefined) {
    throw new UsageError('--until-failure goes on without a limit of runs, so it takes no --runs beside it.');
  }
  const numbers = numbersOf(words);
  const { runs: runsSaid, ...said } = runEnvironment();
  const options = {
    ...(runsSaid === undefined ? {} : { runs: runsSaid }),
    ...(said.seed === undefined ? {} : { seed: said.seed }),
    ...numbers,
    // Heeded here, once for all workers and scenarios.
    environment: false,
    ...(strategy === undefined ? {} : { strategy: checkStrategy('--strategy', strategy) }),
    ...(faults === undefined ? {} : { exhaustive: boundOf(faults, strategy) }),
    ...(corpus === true ? { corpus: 'use' as const } : {}),
    bail: bail || isEndless,
    ...(shrink === 'off' ? { shrinkRunsMax: 0 } : {}),
    ...(isEndless ? { runs: Number.MAX_SAFE_INTEGER } : {}),
  };
  return { options, note: numbers.seed === undefined ? seedNote(said) : undefined };
}

/** The bound of an exhaustive walk. @throws {UsageError} If it is none, or there is no such walk. */
function boundOf(faults: string, strategy: string | undefined): ExhaustiveBound {
  if (strategy !== 'exhaustive') {
    throw new UsageError('--faults is the bound of --strategy exhaustive: give both, or none.');
  }
  if (/^[012]$/.test(faults)) return { faults: Number(faults) };
  throw new UsageError(`Expected --faults to be 0, 1 or 2, got "${faults}".`);
}

/** How many worker processes; 0: the runs are made in this one. Default: as many as processors. */
export function workersOf(words: Words): number {
  const { workers } = words as RunWords;
  return workers === undefined ? availableParallelism() : wholeNumber('--workers', workers, 0);
}
