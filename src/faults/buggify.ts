// The faults that code commits itself: at each `buggify(name)` of `wavetank/markers` that a plan, or a
// chance, tells to be true.

import { OptionError } from '../errors.ts';
import { combine32, hashString } from '../random/hash.ts';
import type { KeyedRandom } from '../random/keyed.ts';
import type { FaultPlan } from './fault.ts';
import type { Ledger } from './ledger.ts';
import { checkHostList, type Draw, type Loose } from './timed.ts';

/** The `nth` call (from 1) of `buggify(name)` on a host is true. */
export interface BuggifyFault {
  readonly kind: 'buggify';
  /** A host, or a client that calls code of one. */
  readonly host: string;
  readonly name: string;
  readonly nth: number;
}

/** Buggify points that are active at random: each is drawn for once a run, by its name. */
export interface BuggifyChance {
  /** Probability that a point is active in the run, from 0 to 1; an active one fires as often as it says. */
  readonly rate: number;
  /** Hosts that it is limited to. Default: all, and clients. */
  readonly hosts?: readonly string[];
}

/** Answers for `buggify(name, probability)` on a host. */
export type Buggify = (host: string, name: string, probability: number) => boolean;

const ACTIVE = hashString('buggify is active');
const RATES: readonly number[] = [0.1, 0.25, 0.5, 1];

/** A point of the code on one host. */
interface Point {
  readonly key: number;
  readonly isActive: boolean;
  readonly planned: ReadonlySet<number>;
  count: number;
}

/**
 * @returns undefined where the plan tells no code to misbehave, so that a run without it pays nothing.
 *
 * Determinism: see `buggify` in src/markers.ts. What a plan lists is not drawn for.
 */
export function compileBuggify(plan: FaultPlan, random: KeyedRandom, ledger: Ledger): Buggify | undefined {
  const planned = plan.faults.filter((fault) => fault.kind === 'buggify');
  const { buggify: chance } = plan;
  if (planned.length === 0 && chance === undefined) return undefined;
  const points = new Map<string, Map<string, Point>>();
  const open = (host: string, name: string): Point => {
    const nameKey = hashString(name);
    return {
      key: combine32(hashString(host), nameKey),
      isActive:
        chance?.hosts?.includes(host) !== false &&
        random.chance(chance?.rate ?? 0, combine32(ACTIVE, nameKey), 1),
      planned: new Set(planned.filter((each) => each.host === host && each.name === name).map(nthOf)),
      count: 0,
    };
  };
  return (host, name, probability) => {
    let ofHost = points.get(host);
    if (ofHost === undefined) points.set(host, (ofHost = new Map<string, Point>()));
    let point = ofHost.get(name);
    if (point === undefined) ofHost.set(name, (point = open(host, name)));
    const nth = ++point.count;
    const isDrawn = point.isActive && random.chance(probability, point.key, nth);
    if (!isDrawn && !point.planned.has(nth)) return false;
    ledger.add({ kind: 'buggify', host, name, nth });
    return true;
  };
}

function nthOf({ nth }: BuggifyFault): number {
  return nth;
}

/** Draws whether, and how many of, the points are active. */
export function drawBuggify(
  allowed: boolean | readonly string[] | undefined,
  draw: Draw,
): BuggifyChance | undefined {
  if (allowed === undefined || allowed === false || draw(2) === 0) return undefined;
  const rate = RATES[draw(RATES.length)] as number;
  return allowed === true ? { rate } : { rate, hosts: allowed };
}

/** @throws {OptionError} If a budget does not say where code may misbehave. */
export function checkBuggifyBudget(allowed: unknown, hosts: readonly string[]): void {
  if (allowed !== undefined && typeof allowed !== 'boolean') checkHostList('faults.buggify', allowed, hosts);
}

/** @throws {OptionError} If it is no chance. */
export function checkBuggifyChance(at: string, chance: unknown, hosts: readonly string[]): void {
  if (typeof chance !== 'object' || chance === null)
    throw OptionError.expected(at, 'an object with a `rate`', chance);
  const { rate, hosts: limited } = chance as Loose;
  if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1))
    throw OptionError.expected(`${at}.rate`, 'a number from 0 to 1', rate);
  if (limited !== undefined) checkHostList(`${at}.hosts`, limited, hosts);
}

/** @throws {OptionError} If it does not name a call. */
export function checkBuggify(at: string, { host, name, nth }: Loose): void {
  // A client may call code of a host, and has no name before a run.
  for (const [key, value] of Object.entries({ host, name })) {
    if (typeof value !== 'string') throw OptionError.expected(`${at}.${key}`, 'a string', value);
  }
  if (!Number.isSafeInteger(nth) || (nth as number) < 1)
    throw OptionError.expected(`${at}.nth`, 'an integer >= 1', nth);
}

/** In words: `buggify "the cache is cold" on orders, call #2`. */
export function describeBuggify({ host, name, nth }: BuggifyFault): string {
  return `buggify "${name}" on ${host}, call #${nth}`;
}

/** In words: `a quarter of the buggify points is active`, with a number. */
export function describeBuggifyChance({ rate, hosts }: BuggifyChance): string {
  const where = hosts === undefined ? '' : ` on ${hosts.join(', ')}`;
  const percent = Number((rate * 100).toPrecision(3));
  return `each buggify point${where} is active with a probability of ${percent} %`;
}

/** Plainer forms: an earlier call. */
export function plainerBuggify(fault: BuggifyFault): BuggifyFault[] {
  const calls = new Set([1, fault.nth - 1].filter((nth) => nth >= 1 && nth < fault.nth));
  return [...calls].map((nth) => ({ ...fault, nth }));
}
