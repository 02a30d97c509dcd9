// What the faults of clocks share: what a budget says of them, which hosts they befall, and that they strike
// when a process reads something wrong.

import { checkKeys, OptionError } from '../../errors.ts';
import type { WrongReading } from '../../time/machine-clock.ts';
import type { TimedFault } from '../fault.ts';
import { checkHostList, type DrawContext, type Storm } from '../timed.ts';

/** The hosts whose clocks a budget lets go wrong: a list, or a list and how wrong. */
export type ClockBudget<More> = readonly string[] | ({ readonly hosts: readonly string[] } & More);

/** By how much a wall clock may be wrong. */
export interface ClockError {
  /** The most, forward and backward, in whole milliseconds. Default 60,000. */
  readonly msMax?: number;
}

/** The widest error of a wall clock where a budget says nothing. */
export const CLOCK_MS_MAX = 60_000;
/** The most that a wall clock is wrong in any plan: ten years. */
export const WRONG_MS_MAX = 315_360_000_000;

/** What a budget says of any of the kinds, in its long form. */
export interface ClockAllowance extends ClockError {
  readonly hosts: readonly string[];
  readonly ppmMax?: number;
  readonly forMs?: number;
  readonly zones?: readonly string[];
}

/** What a budget says, in its long form; no hosts where it says nothing. */
export function allowanceOf(allowed: unknown): ClockAllowance {
  if (Array.isArray(allowed)) return { hosts: allowed };
  return (allowed ?? { hosts: [] }) as ClockAllowance;
}

/** @throws {OptionError} If it is no list of hosts, and no object with one and these options. */
export function checkClockBudget(
  kind: string,
  allowed: unknown,
  hosts: readonly string[],
  options: readonly string[],
): ClockAllowance {
  const at = `faults.${kind}`;
  if (Array.isArray(allowed)) {
    checkHostList(at, allowed, hosts);
    return { hosts };
  }
  if (typeof allowed !== 'object' || allowed === null)
    throw OptionError.expected(at, 'a list of host names, or an object with `hosts`', allowed);
  checkKeys(at, allowed, ['hosts', ...options]);
  checkHostList(`${at}.hosts`, Reflect.get(allowed, 'hosts'), hosts);
  return allowed as ClockAllowance;
}

/** @throws {OptionError} If it is neither left out nor a positive number up to `most`. */
export function checkPositive(option: string, value: unknown, most: number): void {
  if (value === undefined || (typeof value === 'number' && value > 0 && value <= most)) return;
  throw OptionError.expected(option, `a number above 0, up to ${most.toLocaleString('en')}`, value);
}

/** @throws {OptionError} If it is no number other than zero, at most so far from it. */
export function checkSigned(option: string, value: unknown, most: number): void {
  if (typeof value === 'number' && value !== 0 && Math.abs(value) <= most) return;
  const range = most.toLocaleString('en');
  throw OptionError.expected(option, `a number other than 0, from -${range} to ${range}`, value);
}

/** Draws one fault for some of the hosts, in half of all plans. */
export function drawForClocks<F>(
  { draw, oneOf }: DrawContext,
  hosts: readonly string[],
  make: (host: string) => F,
): F[] {
  if (hosts.length === 0 || draw(2) === 0) return [];
  const some = hosts.filter(() => draw(2) === 0);
  return (some.length > 0 ? some : [oneOf(hosts)]).map(make);
}

/** Clocks are wrong on several scales: programs compare times of milliseconds, and of hours. */
const SCALES: readonly number[] = [100, 1_000, 10_000, 100_000, 10_000_000];

/** Draws a whole number other than zero, at most so far from it. */
export function drawSigned({ draw, oneOf }: DrawContext, most: number): number {
  const size = 1 + draw(Math.max(1, Math.floor(Math.min(oneOf(SCALES), most))));
  return draw(2) === 0 ? size : -size;
}

/** Tells when a fault of a clock strikes: at the first reading that is wrong. */
export function strikesWhenRead(
  fault: TimedFault & { readonly host: string },
  storm: Storm,
  isIt: (reading: WrongReading) => boolean,
): void {
  const unwatch = storm.machine(fault.host)?.clock.watch((reading) => {
    if (!isIt(reading)) return;
    unwatch?.();
    storm.struck(fault);
  });
}

/** When the storm ends, a time service sets the clock right. */
export function isRightAfterwards(host: string, storm: Storm): void {
  storm.untilEnd(() => storm.machine(host)?.clock.correct());
}

/** Negative numbers with fewer digits; plans round the positive ones by themselves. */
export function* rounderBehind(value: number): Generator<number> {
  if (value >= 0) return;
  const unit = 10 ** (String(-value).length - 1);
  const round = -Math.ceil(-value / unit) * unit;
  if (round !== value) yield round;
}
