// The search from the calm run outwards: no deviation, then each single one, then each pair.

import { combine32, hashString } from '../../random/hash.ts';
import type { FaultPlan } from '../../faults/fault.ts';
import { deviationsOf, planOf, type Deviation } from './deviations.ts';
import type { Course, Proposal, Setting, Strategy } from './strategy.ts';

/** So many deviations are tried with one workload before it is the turn of another. */
const SLICE = 24;
/** How far down the list one is looked for that goes together with the next. */
const PARTNERS_MAX = 8;
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
export const bounded: Strategy = {
  name: 'bounded',
  open: (setting) => new BoundedCourse(setting, { slice: SLICE, groups: oneByOne }),
};

/**
 * As {@link bounded}, but what may be enough alone is tried two at a time, and nothing is calm: half as many
 * runs, for those who have others to make as well. One of two may hide the other, so it is no replacement.
 */
export const boundedInPairs: Strategy = {
  name: 'bounded',
  open: (setting) => new BoundedCourse(setting, { slice: SLICE / 2, groups: twoByTwo }),
};

/** How deviations are tried before all pairs of them are. */
interface Manner {
  /** So many runs are made of one workload before it is the turn of another. */
  readonly slice: number;
  readonly groups: (deviations: readonly Deviation[], planOf: PlanOf) => (readonly Deviation[])[];
}

/** The plan of some deviations; undefined where together they exceed the budget. */
type PlanOf = (deviations: readonly Deviation[]) => FaultPlan | undefined;

/** What is listed about one workload. */
interface Listed {
  readonly deviations: readonly Deviation[];
  readonly groups: readonly (readonly Deviation[])[];
}

class BoundedCourse implements Course {
  readonly #setting: Setting;
  readonly #manner: Manner;
  readonly #listed = new Map<number, Listed>();
  #number: number;

  constructor(setting: Setting, manner: Manner) {
    this.#setting = setting;
    this.#manner = manner;
    this.#number = setting.runsBefore;
  }

  async next(generated: Proposal): Promise<Proposal> {
    const { scenario, sound, block } = this.#setting;
    const { slice, groups } = this.#manner;
    const { workload: which, nth } = placeOf(this.#number++, slice);
    const sounding = await sound(combine32(block.base, WORKLOADS) | 0, which);
    if (sounding === undefined) return generated;
    const planned: PlanOf = (chosen) => planOf(scenario.faults, chosen);
    let listed = this.#listed.get(which);
    if (listed === undefined) {
      const deviations = deviationsOf(scenario, sounding);
      listed = { deviations, groups: groups(deviations, planned) };
      this.#listed.set(which, listed);
    }
    const chosen = chosenAt(nth, listed);
    const plan = chosen === undefined ? undefined : planned(chosen);
    return plan === undefined
      ? generated
      : { plan, seed: sounding.seed, workload: sounding.input, isSteered: true };
  }
}

/** Which workload a run is about, and which of the runs about it it is. */
export function placeOf(
  number: number,
  length: number = SLICE,
): { readonly workload: number; readonly nth: number } {
  const slice = Math.floor(number / length) + 1;
  // How often it can be halved.
  const workload = 31 - Math.clz32(slice & -slice);
  return { workload, nth: (slice >>> (workload + 1)) * length + (number % length) };
}

/** None, then each by itself. */
function oneByOne(deviations: readonly Deviation[]): (readonly Deviation[])[] {
  return [[], ...deviations.map((each) => [each])];
}

/** Each with the next one that goes together with it, if there is one near. */
function twoByTwo(deviations: readonly Deviation[], planned: PlanOf): (readonly Deviation[])[] {
  const groups: (readonly Deviation[])[] = [];
  const left = [...deviations];
  for (let first = left.shift(); first !== undefined; first = left.shift()) {
    const one = first;
    const partner = left.slice(0, PARTNERS_MAX).findIndex((other) => planned([one, other]) !== undefined);
    groups.push(partner === -1 ? [one] : [one, ...left.splice(partner, 1)]);
  }
  return groups;
}

/** A group, or a pair; undefined from where all have been listed. */
function chosenAt(nth: number, { deviations, groups }: Listed): readonly Deviation[] | undefined {
  const group = groups[nth];
  if (group !== undefined) return group;
  // Pairs of the first two, then those of the third one with an earlier one, and so on.
  const pair = nth - groups.length;
  const second = Math.floor((1 + Math.sqrt(1 + 8 * pair)) / 2);
  const first = pair - (second * (second - 1)) / 2;
  const [left, right] = [deviations[first], deviations[second]];
  return left === undefined || right === undefined ? undefined : [left, right];
}
