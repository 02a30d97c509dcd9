// What an exhaustive search tries, as an option and in words.

import { OptionError, checkKeys } from '../../errors.ts';
import { SINGLE_KINDS, type FaultTimes } from '../../faults/single-faults.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { checkedUsFromMs } from '../../time/duration.ts';
import { declaredKinds } from '../vacuity.ts';

/** How far an exhaustive search goes. */
export interface ExhaustiveBound {
  /** How many faults a run may have: 0, 1 or 2. Default 1. */
  readonly faults?: number;
  /** Whether events are tried in every order, rather than in the calm one alone. Default true. */
  readonly orders?: boolean;
  /** Whether events that commute are not tried in both orders. Default true. */
  readonly reduces?: boolean;
  /**
   * Whether runs that come to a state which was there before are taken to go on as they did then; only where
   * the scenario has a `state`. Default true.
   */
  readonly mergeStates?: boolean;
  /** By how much a delayed message is late, in virtual milliseconds. Default 1,000. */
  readonly delayMs?: number;
  /** After how long a message comes again, in virtual milliseconds. Default 10. */
  readonly againMs?: number;
  /** How long a host is down, in virtual milliseconds. Default 100. */
  readonly downMs?: number;
}

/** A bound with every default filled in. */
export interface CheckedBound {
  readonly faultsMax: number;
  readonly hasOrders: boolean;
  readonly reduces: boolean;
  readonly mergesStates: boolean;
  readonly times: FaultTimes;
}

const KEYS: readonly string[] = [
  ...['faults', 'orders', 'reduces', 'mergeStates'],
  ...['delayMs', 'againMs', 'downMs'],
];

/**
 * Checks a bound.
 *
 * @param at - What it is called where it was given.
 * @throws {OptionError} If it is none.
 */
export function checkBound(at: string, bound: ExhaustiveBound): CheckedBound {
  checkKeys(at, bound, KEYS);
  const { faults = 1, orders = true, reduces = true, mergeStates = true } = bound;
  if (![0, 1, 2].includes(faults)) throw OptionError.expected(`${at}.faults`, '0, 1 or 2', faults);
  for (const [name, flag] of Object.entries({ orders, reduces, mergeStates }))
    if (typeof flag !== 'boolean') throw OptionError.expected(`${at}.${name}`, 'true or false', flag);
  const { delayMs = 1_000, againMs = 10, downMs = 100 } = bound;
  for (const [name, ms] of Object.entries({ delayMs, againMs, downMs })) checkedUsFromMs(`${at}.${name}`, ms);
  const times = { delayMs, againMs, downMs };
  return { faultsMax: faults, hasOrders: orders, reduces, mergesStates: mergeStates, times };
}

/**
 * Tells what is within a bound, and which kinds of faults of the budget are not.
 *
 * @throws {OptionError} If it is none.
 */
export function boundInWords(
  { faults: budget, workload }: Pick<Scenario, 'faults' | 'workload'>,
  bound: ExhaustiveBound,
): { readonly bound: string; readonly outside: readonly string[] } {
  const { faultsMax, hasOrders, times } = checkBound('bound', bound);
  const declared = declaredKinds(budget);
  const within = faultsMax === 0 ? [] : SINGLE_KINDS.filter((kind) => declared.includes(kind));
  const parts = [
    hasOrders ? 'every order of events' : 'events in the calm order',
    within.length === 0
      ? 'no faults'
      : `up to ${faultsMax} ${faultsMax === 1 ? 'fault' : 'faults'} ` +
        `(${within.map((kind) => kind + lengthOf(kind, times)).join(', ')})`,
    ...(workload === undefined ? [] : ['one workload']),
  ];
  const outside = declared.filter((kind) => !(within as readonly string[]).includes(kind));
  return { bound: parts.join('; '), outside };
}

/** The one length that a kind of fault is tried with. */
function lengthOf(kind: string, { delayMs, againMs, downMs }: FaultTimes): string {
  if (kind === 'delay') return ` by ${delayMs} ms`;
  if (kind === 'duplicate') return ` after ${againMs} ms`;
  return kind === 'crash' ? ` for ${downMs} ms` : '';
}
