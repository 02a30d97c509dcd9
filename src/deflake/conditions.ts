// The conditions under which a test file runs once, as plain data: everything that may differ between two
// machines, or two days, on which the same tests run. A run is a function of the file and of these.

import { TokenError } from '../errors.ts';
import type { FaultPlan } from '../faults/fault.ts';
import { checkPlan } from '../faults/plan.ts';
import { calmPlan } from '../faults/fault.ts';
import { isZone } from '../time/zone.ts';

/** The host that runs the tests. */
export const TEST_HOST = 'test';

/** Something that took longer than usual: `what` names it, `nth` says which of that name, counted from 1. */
export interface Slow {
  readonly what: string;
  readonly nth: number;
  readonly us: number;
}

/** What code waits for besides messages: `calm` as usual, `drawn` from the seed, or these alone. */
export type Slowness = 'calm' | 'drawn' | readonly Slow[];

/** The order of the tests of a file: as written, shuffled by a seed, or these alone, in this order. */
export type TestOrder = 'as written' | { readonly shuffled: number } | { readonly only: readonly string[] };

/** See above. */
export interface Conditions {
  /** What everything `drawn` is drawn from. */
  readonly seed: number;
  /** How late messages are, the order of what is due together, and when nothing runs for a while. */
  readonly plan: FaultPlan;
  /** How long files, look-ups, hashes take. */
  readonly operations: Slowness;
  /** How long code takes to come to a reading of a clock. */
  readonly readings: Slowness;
  /** The wall-clock time at which the run begins, in milliseconds since 1970. */
  readonly startMs: number;
  /** The time zone. A `TZ` in the environment wins. */
  readonly zone: string;
  /** The seed of `Math.random`, `crypto.randomUUID` and their like. */
  readonly randomSeed: number;
  readonly tests: TestOrder;
}

/** A run in which nothing is late, on an ordinary day. */
export function calmConditions(startMs: number): Conditions {
  return {
    seed: 0,
    plan: calmPlan,
    operations: 'calm',
    readings: 'calm',
    startMs,
    zone: 'UTC',
    randomSeed: 1,
    tests: 'as written',
  };
}

/** @throws {TokenError} If data from outside is none. */
export function readConditions(json: unknown): Conditions {
  const value = json as Conditions;
  const isWhole =
    [value.seed, value.startMs, value.randomSeed].every((number) => Number.isSafeInteger(number)) &&
    isSlowness(value.operations) &&
    isSlowness(value.readings) &&
    isZone(value.zone) &&
    isOrder(value.tests);
  if (!isWhole) throw new TokenError('The token does not say under which conditions the tests run.');
  return { ...value, plan: checkPlan(value.plan, [TEST_HOST]) };
}

function isSlowness(value: unknown): boolean {
  if (value === 'calm' || value === 'drawn') return true;
  return (
    Array.isArray(value) &&
    (value as Slow[]).every(
      ({ what, nth, us }) =>
        typeof what === 'string' && Number.isSafeInteger(nth) && Number.isSafeInteger(us),
    )
  );
}

function isOrder(value: unknown): boolean {
  if (value === 'as written') return true;
  const { shuffled, only } = value as { shuffled?: unknown; only?: unknown };
  if (Array.isArray(only)) return only.every((id) => typeof id === 'string');
  return Number.isSafeInteger(shuffled);
}
