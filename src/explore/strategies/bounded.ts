// The search from the calm run outwards: no deviation, then each single one, then each pair.

import { combine32, hashString } from '../../random/hash.ts';
import type { FaultPlan } from '../../faults/fault.ts';
import { deviationsOf, planOf, type Deviation } from './deviations.ts';
import type { Course, Proposal, Setting, Strategy } from './strategy.ts';

/** So many runs are made of one workload before it is the turn of another. */
const SLICE = 24;
const WORKLOADS = hashString('bounded/workloads');

/**
 * Lists plans instead of drawing them: for one workload after another first the calm run, then the calm run
 * with one thing that goes wrong, for each thing that could, then with two. What could go wrong is what the
 * fault budget allows, for each message, request, operation on a disk and host of the calm run. Every second
 * stretch of runs is about the first workload, every fourth about the second one, and so on. Where everything
 * is listed, runs are drawn.
 *
 * Finds first what needs one fault, or two that come early in the list, and finds it almost as small as it
 * shrinks to; what needs many faults, or one at a moment that is rarely met, it does not find.
 *
 * Source: Delay-Bounded Scheduling (Emmi, Qadeer and Rakamarić, POPL 2011); differs in that faults are
 * bounded beside delays, and in that it does not claim to have seen all runs within the bound: the moments
 * and lengths of faults are samples.
 */
export const bounded: Strategy = { name: 'bounded', open: (setting) => new BoundedCourse(setting) };

class BoundedCourse implements Course {
  readonly #setting: Setting;
  readonly #deviations = new Map<number, readonly Deviation[]>();
  #number: number;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#number = setting.runsBefore;
  }

  async next(generated: Proposal): Promise<Proposal> {
    const { scenario, sound, block } = this.#setting;
    const { workload: which, nth } = placeOf(this.#number++);
    const sounding = await sound(combine32(block.base, WORKLOADS) | 0, which);
    let deviations = this.#deviations.get(which);
    if (deviations === undefined) {
      deviations = deviationsOf(scenario, sounding);
      this.#deviations.set(which, deviations);
    }
    const plan = planAt(nth, deviations, (chosen) => planOf(scenario.faults, chosen));
    return plan === undefined
      ? generated
      : { plan, seed: sounding.seed, workload: sounding.input, isSteered: true };
  }
}

/** Which workload a run is about, and which of the runs about it it is. */
export function placeOf(number: number): { readonly workload: number; readonly nth: number } {
  const slice = Math.floor(number / SLICE) + 1;
  // How often it can be halved.
  const workload = 31 - Math.clz32(slice & -slice);
  return { workload, nth: (slice >>> (workload + 1)) * SLICE + (number % SLICE) };
}

/** None, one or two of the deviations; undefined from where all have been listed. */
function planAt(
  nth: number,
  deviations: readonly Deviation[],
  plan: (chosen: readonly Deviation[]) => FaultPlan | undefined,
): FaultPlan | undefined {
  if (nth === 0) return plan([]);
  const one = deviations[nth - 1];
  if (one !== undefined) return plan([one]);
  // Pairs of the first two, then those of the third one with an earlier one, and so on.
  const pair = nth - 1 - deviations.length;
  const second = Math.floor((1 + Math.sqrt(1 + 8 * pair)) / 2);
  const first = pair - (second * (second - 1)) / 2;
  const [left, right] = [deviations[first], deviations[second]];
  return left === undefined || right === undefined ? undefined : plan([left, right]);
}
