// Compares two runs that should be the same, and names the first event in which they are not.

import { DivergenceError } from '../errors.ts';
import type { StepEntry } from '../history/trace.ts';
import type { RunResult } from '../scenario/result.ts';
import { runOnce } from '../scenario/simulate.ts';
import type { RunInput } from '../scenario/simulation.ts';
import { formatUs } from '../time/duration.ts';
import { refuseEscape } from './refuse-escape.ts';

const HINT =
  'Something in the code under test is not virtual: state in a module that outlives a run, real I/O, or a ' +
  'clock or random source that was taken before wavetank was loaded (`node --import wavetank/register` ' +
  'loads it first).';

/** How often two recorded runs are compared, to see for a second time that runs differ. */
const TRIES = 3;

/** @throws {DivergenceError} If the recorded runs differ; it names the first event on both sides. */
export function assertSameRun(first: RunResult, second: RunResult): void {
  if (first.hash === second.hash) return;
  const left = stepsOf(first);
  const right = stepsOf(second);
  let at = 0;
  while (at < left.length && at < right.length && isSame(left[at] as StepEntry, right[at] as StepEntry)) at++;
  const where = left[at] ?? right[at];
  const time = where === undefined ? 'the end' : `step ${where.step} (${formatUs(where.atUs)})`;
  throw new DivergenceError(
    `two runs of scenario \`${first.scenario}\` with seed ${first.seed} differ from ${time} on.\n` +
      `  First:  ${show(left[at])}\n  Second: ${show(right[at])}\n` +
      `${remark(left[at], right[at], left[at - 1])}  ${HINT}`,
    { seed: first.seed, step: where?.step ?? first.steps },
  );
}

/**
 * Explains two runs that were not recorded and differ, by recording the run anew.
 *
 * @throws {EscapeError} If a host is seen to leave the simulation then.
 */
export async function divergenceOf<Workload>(
  input: RunInput<Workload>,
  first: RunResult,
  second: RunResult,
): Promise<DivergenceError> {
  const recorded = { ...input, isRecorded: true };
  try {
    for (let tries = 0; tries < TRIES; tries++) {
      const pair = [await runOnce(recorded), await runOnce(recorded)] as const;
      for (const run of pair) refuseEscape(run);
      assertSameRun(...pair);
    }
  } catch (error) {
    if (error instanceof DivergenceError) return error;
    throw error;
  }
  const { scenario, seed } = first;
  return new DivergenceError(
    `two runs of scenario \`${scenario}\` with seed ${seed} differ: trace ${first.hash} (${first.verdict}, ` +
      `${first.steps} steps), then ${second.hash} (${second.verdict}, ${second.steps} steps). ` +
      `When they were recorded, ${2 * TRIES} runs were equal.\n  ${HINT}`,
    { seed, step: Math.min(first.steps, second.steps) },
  );
}

function stepsOf(result: RunResult): StepEntry[] {
  return (result.trace ?? []).filter((entry) => entry.kind === 'step');
}

function isSame(left: StepEntry, right: StepEntry): boolean {
  return left.hash === right.hash;
}

function show(entry: StepEntry | undefined): string {
  if (entry === undefined) return 'the run was over, or an operation had another outcome';
  const site = entry.site === undefined ? '' : `, scheduled at ${entry.site}`;
  return `${entry.what} on ${entry.host} at ${formatUs(entry.atUs)}${site}`;
}

/** Where both sides read the same, the difference is in what cannot be seen in a line. */
function remark(
  left: StepEntry | undefined,
  right: StepEntry | undefined,
  before: StepEntry | undefined,
): string {
  if (left === undefined || right === undefined || show(left) !== show(right)) return '';
  const after = before === undefined ? '' : `, or an operation ended differently after ${show(before)}`;
  const content = 'the bytes of a message, the length of a timer';
  return `  It is the same event with another content (${content})${after}.\n`;
}
