// How far an exploration is, while it runs: a line that moves on a terminal, a plain line now and then
// elsewhere.

import type { Output, ScenarioProgress } from './reporter.ts';

/** Real milliseconds between two looks of the moving line. */
const MOVING_EVERY_MS = 100;
/** Real milliseconds between two plain lines: enough for a log to show that something goes on. */
const PLAIN_EVERY_MS = 10_000;

/**
 * Makes what `explore` tells its progress to.
 *
 * @param nowMs - The real clock.
 */
export function progressLine(
  name: string,
  output: Output,
  nowMs: () => number = () => performance.now(),
): (progress: ScenarioProgress) => void {
  const startMs = nowMs();
  const everyMs = output.isTerminal ? MOVING_EVERY_MS : PLAIN_EVERY_MS;
  let shownMs = startMs;
  return (progress) => {
    const atMs = nowMs();
    if (atMs - shownMs < everyMs) return;
    shownMs = atMs;
    const what = describe(progress, atMs - startMs);
    if (output.isTerminal) output.progress(`${output.bold(name)} ${output.dim(what)}`);
    else output.print(`${name}: ${what}\n`);
  };
}

/** Shows virtual time as people count it. */
export function virtualTime(virtualMs: number): string {
  const minutes = virtualMs / 60_000;
  return minutes < 120 ? `${minutes.toFixed(1)} minutes` : `${(minutes / 60).toFixed(1)} hours`;
}

function describe({ phase, runs, shrinkRuns, virtualMs }: ScenarioProgress, elapsedMs: number): string {
  if (phase === 'shrinking') return `failed, shrinking: ${shrinkRuns} runs`;
  const perSecond = Math.round((runs * 1000) / elapsedMs);
  return `${runs} runs, ${perSecond}/s, ${virtualTime(virtualMs)} of virtual time`;
}
