// The limits that stop a run which does not end by itself.

import { OptionError, checkKeys } from '../errors.ts';
import { checkedUsFromMs } from '../time/duration.ts';

/** Limits of one run, as a user states them. */
export interface Limits {
  /** Steps that a run may take. Default 1,000,000. */
  readonly stepsMax?: number;
  /** Virtual milliseconds that a run may last. Default 3,600,000: one hour. */
  readonly virtualMsMax?: number;
  /** Steps without virtual time advancing, after which the run counts as a livelock. Default 10,000. */
  readonly stepsAtOneTimeMax?: number;
  /** `process.nextTick` callbacks within one step, after which the host counts as hung. Default 1,000,000. */
  readonly ticksPerStepMax?: number;
  /** Real milliseconds that code may keep the thread before it is stopped. Default 5,000. */
  readonly hangMs?: number;
}

/** Limits with every default filled in and times in microseconds. */
export interface CheckedLimits {
  readonly stepsMax: number;
  readonly virtualUsMax: number;
  readonly stepsAtOneTimeMax: number;
  readonly ticksPerStepMax: number;
  readonly hangMs: number;
}

/** @throws {OptionError} If a limit is not a positive number. */
export function checkLimits(limits: Limits = {}): CheckedLimits {
  checkKeys('limits', limits, ['stepsMax', 'virtualMsMax', 'stepsAtOneTimeMax', 'ticksPerStepMax', 'hangMs']);
  return {
    stepsMax: positiveInteger('limits.stepsMax', limits.stepsMax ?? 1_000_000),
    virtualUsMax: checkedUsFromMs('limits.virtualMsMax', limits.virtualMsMax ?? 3_600_000),
    stepsAtOneTimeMax: positiveInteger('limits.stepsAtOneTimeMax', limits.stepsAtOneTimeMax ?? 10_000),
    ticksPerStepMax: positiveInteger('limits.ticksPerStepMax', limits.ticksPerStepMax ?? 1_000_000),
    hangMs: positiveInteger('limits.hangMs', limits.hangMs ?? 5_000),
  };
}

function positiveInteger(option: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw OptionError.expected(option, 'an integer >= 1', value);
  }
  return value;
}
