// What conditions have that the calm run has not, in words, and what of the test depends on it.

import { describeFault } from '../faults/describe.ts';
import type { Fault } from '../faults/fault.ts';
import { nameOf } from '../network/message.ts';
import type { TraceEntry } from '../history/trace.ts';
import type { Conditions } from './conditions.ts';
import { momentsFrom } from './moments.ts';
import { PATH_SEPARATOR } from './runner/tree.ts';

/** What the outcome of a test may depend on. */
export type Cause =
  | 'the order of events'
  | 'how long code takes'
  | 'the time at which it runs'
  | 'the time zone'
  | 'random values'
  | 'the order of tests';

/** One difference from the calm run. */
export interface Deviation {
  readonly cause: Cause;
  /** In words that go on after "when": `it begins at 2026-11-21 23:59:59.999`. */
  readonly text: string;
}

const MINUTE_MS = 60_000;

/** What the words are about: a test, the run with what it differs in, and what the calm run begins at. */
export interface DeviationContext {
  readonly test: string;
  readonly trace: readonly TraceEntry[];
  readonly noonMs: number;
}

/** Lists what differs from the calm run. */
export function deviationsOf(conditions: Conditions, context: DeviationContext): Deviation[] {
  const { test, trace, noonMs } = context;
  return [
    ...orderOfTests(conditions, test),
    ...startOf(conditions, noonMs),
    ...zoneOf(conditions),
    ...randomOf(conditions),
    ...readings(conditions),
    ...operations(conditions),
    ...events(conditions, trace),
  ];
}

function orderOfTests({ tests }: Conditions, test: string): Deviation[] {
  if (tests === 'as written') return [];
  const cause = 'the order of tests';
  if ('shuffled' in tests) return [{ cause, text: 'the tests run in another order' }];
  const others = tests.only.filter((id) => id !== test && !test.startsWith(`${id}${PATH_SEPARATOR}`));
  if (others.length === 0) return [{ cause, text: 'it runs alone' }];
  const names = others.map((id) => `\`${id}\``).join(', ');
  return [{ cause, text: `only ${names} ${others.length === 1 ? 'runs' : 'run'} before it` }];
}

function startOf({ startMs }: Conditions, noonMs: number): Deviation[] {
  if (startMs === noonMs) return [];
  const moment = momentsFrom(noonMs).find(({ ms }) => ms >= startMs && ms - startMs <= MINUTE_MS);
  const before = moment === undefined ? '' : `, ${moment.ms - startMs} ms before ${moment.name}`;
  return [{ cause: 'the time at which it runs', text: `it begins at ${dateText(startMs)}${before}` }];
}

/** `2026-11-21 23:59:59.999 UTC`. */
export function dateText(ms: number): string {
  return `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

function zoneOf({ zone }: Conditions): Deviation[] {
  return zone === 'UTC' ? [] : [{ cause: 'the time zone', text: `the time zone is ${zone}` }];
}

function randomOf({ randomSeed }: Conditions): Deviation[] {
  if (randomSeed === 1) return [];
  return [{ cause: 'random values', text: `random values are others (those of seed ${randomSeed})` }];
}

function readings({ readings: slowness, seed }: Conditions): Deviation[] {
  const cause = 'how long code takes';
  if (slowness === 'calm') return [];
  if (slowness === 'drawn') return [{ cause, text: `code takes some time (seed ${seed})` }];
  return slowness.map(({ nth, us }) => {
    return { cause, text: `code takes ${msText(us)} before it reads a clock for the ${ordinal(nth)} time` };
  });
}

function operations({ operations: slowness, seed }: Conditions): Deviation[] {
  const cause = 'the order of events';
  if (slowness === 'calm') return [];
  if (slowness === 'drawn') return [{ cause, text: `files and look-ups take longer (seed ${seed})` }];
  return slowness.map(({ what, nth, us }) => ({ cause, text: `${what} #${nth} takes ${msText(us)} longer` }));
}

function events({ plan, seed }: Conditions, trace: readonly TraceEntry[]): Deviation[] {
  const cause = 'the order of events';
  const found: Deviation[] = plan.faults.map((fault, nth) => {
    return { cause, text: faultText(fault, beginningMs(trace, nth)) };
  });
  if (plan.latency === 'drawn') found.push({ cause, text: `messages take other times (seed ${seed})` });
  if (plan.order === 'drawn')
    found.push({ cause, text: `what is due at the same time runs in another order (seed ${seed})` });
  return found;
}

/** When a fault of the plan began. */
function beginningMs(trace: readonly TraceEntry[], nth: number): number | undefined {
  const begins = trace.find((entry) => {
    return entry.kind === 'fault' && entry.change === 'begins' && entry.nth === nth;
  });
  return begins === undefined ? undefined : begins.atUs / 1000;
}

function faultText(fault: Fault, beganMs: number | undefined): string {
  if (fault.kind === 'delay') {
    return `${nameOf(fault.message, fault.label, fault.nth)} takes ${msText(fault.byMs * 1000)} longer`;
  }
  if (fault.kind !== 'pause') return describeFault(fault);
  const { after, forMs } = fault;
  const step = after !== undefined && 'step' in after ? ` (before step ${after.step})` : '';
  return `nothing runs for ${forMs} ms from ${msText((beganMs ?? fault.atMs) * 1000)} on${step}`;
}

function msText(us: number): string {
  return `${Number((us / 1000).toFixed(3))} ms`;
}

/** `1st`, `2nd`, `3rd`, `11th`. */
function ordinal(number: number): string {
  const isTeen = number % 100 > 10 && number % 100 < 14;
  const end = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${end}`;
}
