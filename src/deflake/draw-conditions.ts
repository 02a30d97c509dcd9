// Draws the conditions of one run of an exploration: any of the dimensions in which runs may differ, on or
// off for itself, so that most runs differ in few of them.

import type { Fault, FaultPlan } from '../faults/fault.ts';
import { hashString } from '../random/hash.ts';
import { KeyedRandom } from '../random/keyed.ts';
import { calmConditions, TEST_HOST, type Conditions } from './conditions.ts';
import { momentsFrom, ZONES } from './moments.ts';

/** What is known of the calm run, which says where something could be otherwise. */
export interface Profile {
  /** How many steps it took. */
  readonly steps: number;
  /** When each of them ran, in whole virtual milliseconds, each once. */
  readonly atMs: readonly number[];
}

/** For how long nothing runs, in milliseconds: a collection of garbage, a neighbour on the processor. */
const PAUSES_MS: readonly number[] = [1, 3, 10, 30, 100];
const PAUSES_MAX = 3;
/** How long before a turn of the calendar a run begins, in milliseconds. */
const BEFORE_MS: readonly number[] = [1, 5, 20, 100, 500];
/** How many of the first steps are as good for a pause as all others together. */
const EARLY_STEPS = 40;

/** In how many runs of a hundred each dimension is not calm. */
const SHARES = {
  messages: 55,
  order: 50,
  pauses: 40,
  operations: 40,
  readings: 30,
  start: 40,
  zone: 20,
  random: 45,
  tests: 35,
} as const;

/** Draws of one run, by name. */
type Draw = (bound: number, name: string, nth?: number) => number;

/**
 * Draws the conditions of a run.
 *
 * Determinism: a function of the arguments alone.
 *
 * @param run - Which run of the exploration it is, from 1.
 */
export function drawConditions(
  { seed, run }: { readonly seed: number; readonly run: number },
  {
    noonMs,
    profile,
    shuffles,
  }: { readonly noonMs: number; readonly profile: Profile; readonly shuffles: boolean },
): Conditions {
  const random = new KeyedRandom(seed);
  const draw: Draw = (bound, name, nth = 0) => random.below(bound, hashString(`deflake/${name}/${nth}`), run);
  const isOn = (name: keyof typeof SHARES): boolean => draw(100, `on ${name}`) < SHARES[name];
  const calm = calmConditions(noonMs);
  return {
    seed: draw(0x1_0000_0000, 'seed'),
    plan: {
      faults: isOn('pauses') ? pauses(draw, profile) : [],
      latency: isOn('messages') ? 'drawn' : 'calm',
      order: isOn('order') ? 'drawn' : 'calm',
    } satisfies FaultPlan,
    operations: isOn('operations') ? 'drawn' : 'calm',
    readings: isOn('readings') ? 'drawn' : 'calm',
    startMs: isOn('start') ? startMs(draw, noonMs, profile) : calm.startMs,
    zone: isOn('zone') ? oneOf(ZONES, draw, 'zone') : calm.zone,
    randomSeed: isOn('random') ? 2 + draw(0x7fff_ffff, 'random') : calm.randomSeed,
    tests: shuffles && isOn('tests') ? { shuffled: draw(0x1_0000_0000, 'tests') } : calm.tests,
  };
}

/** How much conditions deviate in: of two that do the same, the plainer tell more. */
export function weightOf({ plan, operations, readings, ...others }: Conditions): number {
  const calm = calmConditions(others.startMs);
  // An order that was drawn can hardly be told in words.
  const order = plan.order === 'drawn' ? 3 : 0;
  const latency = plan.latency === 'drawn' ? 1 : 0;
  const slow = Number(operations !== 'calm') + 2 * Number(readings !== 'calm');
  const rest =
    Number(others.zone !== calm.zone) +
    Number(others.randomSeed !== calm.randomSeed) +
    Number(others.tests !== calm.tests);
  return plan.faults.length + order + latency + slow + rest;
}

/** Nothing runs for a while, after some of the steps. */
function pauses(draw: Draw, { steps }: Profile): Fault[] {
  const count = 1 + draw(PAUSES_MAX, 'pauses');
  return Array.from({ length: count }, (_, i) => {
    const among = draw(2, 'early', i) === 0 ? Math.min(steps, EARLY_STEPS) : steps;
    return {
      kind: 'pause',
      host: TEST_HOST,
      atMs: 0,
      after: { step: 1 + draw(Math.max(1, among), 'step', i) },
      forMs: oneOf(PAUSES_MS, draw, 'pause', i),
    };
  });
}

/** Shortly before a turn of the calendar, so that it happens between two steps of the calm run or so. */
function startMs(draw: Draw, noonMs: number, { atMs }: Profile): number {
  const moment = oneOf(momentsFrom(noonMs), draw, 'moment').ms;
  const isBetweenSteps = atMs.length > 0 && draw(2, 'between steps') === 0;
  return moment - (isBetweenSteps ? oneOf(atMs, draw, 'between') : oneOf(BEFORE_MS, draw, 'before'));
}

function oneOf<Value>(values: readonly Value[], draw: Draw, name: string, nth = 0): Value {
  return values[draw(values.length, name, nth)] as Value;
}
