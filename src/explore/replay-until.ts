// Makes the run of a token up to a moment, or lets somebody look at it there: in a debugger, say.

import { sharedPump } from '../ambient/shared-pump.ts';
import { DivergenceError, OptionError } from '../errors.ts';
import type { StepEntry } from '../history/trace.ts';
import type { Moment } from '../scenario/interruption.ts';
import type { RunResult } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { runOnce, whileInstalled } from '../scenario/simulate.ts';
import { assertSameRun } from './divergence.ts';
import { momentOf, type MomentWords } from './moments.ts';
import { inputOf, ticketFor } from './ticket-run.ts';

/** A run that was made up to a moment. */
export interface RunUntil {
  /** Of the run so far. Its verdict is about what was judged so far. */
  readonly result: RunResult;
  readonly moment: Moment;
  /** The event of the step; undefined where the run is over before its first. */
  readonly event: StepEntry | undefined;
}

/** Who looks at a run. */
export interface Onlooker {
  /** Called once the moment is known, before the run that it is for: a debugger may be waited for. */
  ready(about: Pick<RunUntil, 'moment' | 'event'>): void;
  /** Called at the moment, in the asynchronous context of the host; lets the run go on. */
  pause(moment: Moment, goOn: () => void): void;
}

/**
 * Makes the run of a token up to a moment, recorded, and ends it there.
 *
 * @throws {TokenError} If the token is damaged, of another version, or for another scenario.
 * @throws {StaleReplayError} If the scenario changed so that the token no longer says anything about it.
 * @throws {OptionError} If the moment does not come in this run.
 * @throws {DivergenceError} If two runs differ up to there.
 */
export function replayUntil(scenario: Scenario, token: string, words: MomentWords): Promise<RunUntil> {
  const input = { scenario, ...inputOf(scenario, ticketFor(scenario, token)), isRecorded: true };
  return whileInstalled(scenario, async () => {
    const { untilStep, breakOn } = words;
    // What comes after a step that is known by its number is of no interest.
    const isByNumber = untilStep !== undefined && breakOn === undefined;
    const first = await runOnce(isByNumber ? { ...input, interruption: { lastStep: untilStep } } : input);
    const moment = momentOf(words, first);
    const result = await runOnce({ ...input, interruption: { lastStep: moment.step } });
    if (isByNumber) assertSameRun(first, result);
    else assertSameUntil(moment.step, first, result);
    return { result, moment, event: stepOf(result, moment.step) };
  });
}

/**
 * Makes the run of a token twice: to find the moment, and to hand it over there. The second run then goes to
 * its end.
 *
 * @returns Both runs. They differ where the onlooker changed something.
 * @throws As `replayUntil`, but for a divergence.
 */
export function replayWatched(
  scenario: Scenario,
  token: string,
  { words, onlooker }: { readonly words: MomentWords; readonly onlooker: Onlooker },
): Promise<{ readonly alone: RunResult; readonly watched: RunResult }> {
  const input = { scenario, ...inputOf(scenario, ticketFor(scenario, token)), isRecorded: true };
  return whileInstalled(scenario, async () => {
    const alone = await runOnce(input);
    const at = momentOf(words, alone);
    // Waiting for a debugger is no host's fault.
    await sharedPump().leave();
    onlooker.ready({ moment: at, event: stepOf(alone, at.step) });
    const pause = { at, take: (goOn: () => void) => onlooker.pause(at, goOn) };
    return { alone, watched: await runOnce({ ...input, interruption: { pause } }) };
  });
}

/** @throws {OptionError} If it is no step. */
export function checkStep(option: string, step: unknown): number {
  if (typeof step === 'number' && Number.isSafeInteger(step) && step >= 1) return step;
  throw OptionError.expected(option, 'a step, a whole number >= 1', step);
}

function stepOf({ trace = [] }: RunResult, step: number): StepEntry | undefined {
  return trace.find((entry): entry is StepEntry => entry.kind === 'step' && entry.step === step);
}

/** The hash of a step is that of everything before it. */
function assertSameUntil(step: number, whole: RunResult, part: RunResult): void {
  if (stepOf(whole, step)?.hash === stepOf(part, step)?.hash) return;
  throw new DivergenceError(
    `two runs of scenario \`${whole.scenario}\` with seed ${whole.seed} differ before step ${step}. ` +
      'Replay without --until and --break-on to see where.',
    { seed: whole.seed, step },
  );
}
