// Conversions between the public unit (virtual milliseconds) and the inner one (integer microseconds).

import { OptionError } from '../errors.ts';

/** The longest virtual time that a run can represent: about 285 years. */
const MS_MAX = 9_007_199_254_740;

/** Converts validated milliseconds to integer microseconds, rounding to the nearest. */
export function usFromMs(ms: number): number {
  return Math.round(ms * 1000);
}

/** Converts integer microseconds to milliseconds. */
export function msFromUs(us: number): number {
  return us / 1000;
}

/**
 * Validates a duration or a point in time given by a user and converts it to microseconds.
 *
 * @throws {OptionError} If it is not a finite number >= 0.
 */
export function checkedUsFromMs(option: string, ms: unknown): number {
  if (typeof ms !== 'number' || !Number.isFinite(ms) || ms < 0 || ms > MS_MAX) {
    throw OptionError.expected(option, 'a finite number of milliseconds >= 0', ms);
  }
  return usFromMs(ms);
}

/** Shows a virtual time for people: `2,412.5 ms`. */
export function formatUs(us: number): string {
  const tenths = Math.round(us / 100);
  const whole = String(Math.floor(tenths / 10)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${whole}.${tenths % 10} ms`;
}
