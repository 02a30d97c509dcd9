// The failure of a service level: no run failed by itself, and all of them together break a promise.

import type { LevelStatistics } from '../report/document.ts';
import type { Exploration } from './explore.ts';
import { QuietFailure } from './quiet-failure.ts';

/** A service level that is broken, with the runs that did worst by it and the line that makes each again. */
export interface BrokenLevel extends LevelStatistics {
  readonly worst: readonly {
    readonly seed: number;
    readonly text: string;
    /** Makes the run again: `replay(scenario, token)`; empty where no token can carry its workload. */
    readonly token: string;
    readonly replayLine: string;
  }[];
}

/**
 * Thrown by `explore` when every run passed, and a service level is broken. Its message and its `levels` show
 * no secrets; nothing but `code` can be listed, so that test runners print the message alone.
 */
export class LevelFailure extends QuietFailure {
  declare readonly name: string;
  readonly code = 'WT_LEVEL';
  declare readonly levels: readonly BrokenLevel[];
  /** What the exploration found, its statistics with it. */
  declare readonly exploration: Exploration;

  constructor(levels: readonly BrokenLevel[], exploration: Exploration) {
    super(messageOf(levels, exploration), { name: 'LevelFailure [WT_LEVEL]', levels, exploration });
  }
}

function messageOf(levels: readonly BrokenLevel[], { scenario, runs, seed }: Exploration): string {
  const what = levels.length === 1 ? 'a service level' : `${levels.length} service levels`;
  const passed = `scenario \`${scenario}\` passed ${runs} runs (seed ${seed})`;
  const head = `${passed}, and together they break ${what}.`;
  return [head, ...levels.flatMap(linesOf)].join('\n');
}

function linesOf({ title, message, distribution, samples, worst }: BrokenLevel): string[] {
  const [said = ''] = message.split('\n');
  return [
    `  ${title}`,
    `    ${said.replace(/:$/, '')}`,
    ...(distribution === undefined ? [] : [`    ${spread(distribution, samples)}`]),
    ...worst.flatMap(({ seed, text, replayLine }) => [
      `    seed ${seed}: ${text}`,
      `      replay: ${replayLine}`,
    ]),
  ];
}

function spread({ unit, p50, p95, p99, max }: NonNullable<BrokenLevel['distribution']>, of: number): string {
  const shown = (amount: number): string => (unit === 'us' ? `${amount / 1000} ms` : String(amount));
  return `p50 ${shown(p50)}, p95 ${shown(p95)}, p99 ${shown(p99)}, max ${shown(max)} of ${of}`;
}
