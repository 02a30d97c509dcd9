// Interrupts a run so that it can be looked at: it ends early, or what happens at a moment is handed to
// somebody who lets it go on. The run up to there is the one that it always is.

import type { QueuedEvent } from '../engine/event.ts';
import type { Simulation } from './simulation.ts';

/** A moment of a recorded run. */
export interface Moment {
  /** Before the code of this step runs. */
  readonly step: number;
  /** Not yet then, but when this entry of the trace is written: its place, counted from 0. */
  readonly entry?: number;
}

/** What interrupts a run. */
export interface Interruption {
  /** The run ends with this step, and nothing is judged after it. Default: it goes to its end. */
  readonly lastStep?: number;
  /** Who is handed what happens at a moment, in the asynchronous context of the host. Default: nobody. */
  readonly pause?: { readonly at: Moment; readonly take: (goOn: () => void) => void };
}

/** Waits for the moment of an interruption. */
export function interrupt(
  { engine, recorder }: Pick<Simulation, 'engine' | 'recorder'>,
  { pause }: Interruption,
): void {
  if (pause === undefined) return;
  const { at, take } = pause;
  if (at.entry !== undefined && recorder !== undefined) {
    recorder.onEntry = (place) => {
      if (place === at.entry) take(() => {});
    };
    return;
  }
  const { onStep } = engine;
  engine.onStep = (event, step) => {
    onStep?.(event, step);
    if (step === at.step) takeRun(event, take);
  };
}

/** An interval runs more than once, and is handed over once. */
function takeRun(event: QueuedEvent, take: (goOn: () => void) => void): void {
  Object.defineProperty(event, 'run', {
    configurable: true,
    value: () => {
      Reflect.deleteProperty(event, 'run');
      take(() => event.run());
    },
  });
}
