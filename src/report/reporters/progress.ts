// How far an exploration is, while it runs: a line that moves on a terminal, a plain line now and then
// elsewhere.

import { printable } from '../printable.ts';
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

/** Signatures that are named; a line has an end. */
const FAILURES_MAX = 2;
const NAME_MAX = 40;

/** Progress in words. */
export function describe(progress: ScenarioProgress, elapsedMs: number): string {
  const { phase, runs, shrinkRuns, virtualMs } = progress;
  if (phase === 'shrinking') return `failed, shrinking: ${shrinkRuns} runs`;
  const perSecond = Math.round((runs * 1000) / elapsedMs);
  const parts = [`${runs} runs, ${perSecond}/s, ${virtualTime(virtualMs)} of virtual time`];
  return [...parts, ...leftOf(progress, elapsedMs), ...failuresOf(progress)].join(', ');
}

/** The time that is left; as runs take as long as they took, where there is a limit of those. */
function leftOf({ runs, leftMs, runsLeft }: ScenarioProgress, elapsedMs: number): string[] {
  const byRuns = runsLeft === undefined || runs === 0 ? undefined : (elapsedMs / runs) * runsLeft;
  const least = Math.min(leftMs ?? Number.POSITIVE_INFINITY, byRuns ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(least) ? [`${duration(least)} left`] : [];
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

function failuresOf({ failures = [] }: ScenarioProgress): string[] {
  const shown = failures.slice(0, FAILURES_MAX).map(({ name, runs }) => {
    const plain = printable(name);
    return `${runs} failed by ${plain.length > NAME_MAX ? `${plain.slice(0, NAME_MAX)}...` : plain}`;
  });
  const rest = failures.slice(FAILURES_MAX).reduce((sum, { runs }) => sum + runs, 0);
  return rest === 0 ? shown : [...shown, `${rest} otherwise`];
}
