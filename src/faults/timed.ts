// What faults that begin at a time have in common, and what each kind of them has to say of itself. A kind is
// one file of the folder `kinds/`.

import { nearMiss, OptionError } from '../errors.ts';
import type { HostMachine } from '../host/machine.ts';
import type { MachinePark } from '../host/park.ts';
import type { Link } from '../network/link.ts';
import { checkedUsFromMs } from '../time/duration.ts';
import type { FaultBudget } from './budget.ts';
import type { TimedFault } from './fault.ts';

/** What a fault waits for before its `atMs` counts. Without one it counts from the start of the run. */
export type Trigger =
  /** The `nth` time (from 1) that a host reaches a marker of its code; without `host`, any host. */
  | { readonly marker: string; readonly host?: string; readonly nth: number }
  /** The `nth` operation of that name that ended `ok`: a write was acknowledged. */
  | { readonly acknowledged: string; readonly nth: number }
  /** The moment before that step of the run. */
  | { readonly step: number };

/** When a fault begins. */
export interface Timed {
  /** Virtual milliseconds from the start of the run, or from the trigger. */
  readonly atMs: number;
  readonly after?: Trigger;
}

/** Plain data from outside, not checked yet. */
export type Loose = Readonly<Record<string, unknown>>;

/** Draws an integer from 0 to `bound - 1`. */
export type Draw = (bound: number) => number;

/** Told of what happens while a fault lasts. */
export interface StormListener {
  /** A message met a partition. */
  blocked?(link: Link): void;
  /** An event came due on a paused host. */
  deferred?(host: string): void;
}

/** The storm, for the kinds of faults that make it. */
export interface Storm {
  readonly park: MachinePark;
  /**
   * Writes down that a fault made the run another one. The first time counts.
   *
   * @param as - The same with what was drawn in the run. Default: the fault as it was planned.
   */
  struck(fault: TimedFault, as?: TimedFault): void;
  /** Does something later, unless the storm is over by then. */
  later(us: number, what: string, act: () => void): void;
  /** Undoes a fault after a time, or when the storm is over: whatever comes first. */
  lasts(us: number, what: string, undo: () => void): void;
  /** Undoes a fault when the storm is over. */
  untilEnd(undo: () => void): void;
  /** Listens until the storm is over. @returns a function that ends it before. */
  listen(listener: StormListener): () => void;
  /** The machine of a host; undefined where a plan names one that is not there. */
  machine(host: string): HostMachine | undefined;
}

/** What a kind draws with. */
export interface DrawContext {
  readonly budget: FaultBudget;
  /** The hosts of the scenario. */
  readonly hosts: readonly string[];
  readonly draw: Draw;
  /** Until when faults begin, in milliseconds. */
  readonly horizonMs: number;
  /** A moment before the horizon, in milliseconds with three decimals. */
  readonly atMs: () => number;
  /** A length of time up to a longest one. */
  readonly lengthMs: (maxMs: number) => number;
  /** For how long links are cut: never for longer than the budget says. */
  readonly cutMs: () => number;
  /** One of a list. */
  readonly oneOf: <Value>(values: readonly Value[]) => Value;
}

/**
 * What a fault costs a system, for budgets: what it survives is stated in hosts that are down, in disks that
 * fail and in links that are cut.
 */
export interface Toll {
  /** Hosts that it takes down, and for how many milliseconds. */
  readonly down?: readonly { readonly host: string; readonly forMs: number }[];
  /** Hosts whose process dies unasked. */
  readonly kills?: readonly string[];
  /** Hosts whose disk does not do what a disk should. */
  readonly disks?: readonly string[];
  /** Links (`'a -> b'`) on which nothing passes, and for how many milliseconds. */
  readonly cuts?: { readonly links: readonly string[]; readonly forMs: number };
}

/** All there is to know of one kind of timed fault. */
export interface TimedKind<F extends TimedFault = TimedFault> {
  readonly kind: F['kind'];
  /** Checks what it has besides its time. @throws {OptionError} */
  check(at: string, fault: Loose, hosts: readonly string[]): void;
  /** Checks what a budget allows. @throws {OptionError} */
  checkBudget(allowed: unknown, hosts: readonly string[]): void;
  /** In plain words, without its time: `crash of orders, back 20 ms later`. `at` is where its time goes. */
  describe(fault: F, at: string): string;
  /** Lets it happen. */
  strike(fault: F, storm: Storm): void;
  /** Draws faults that the budget allows. What is drawn depends on nothing but the context. */
  draw(context: DrawContext): readonly F[];
  /** Plainer forms, besides rounder times. */
  plainer?(fault: F): Iterable<F>;
  /** What it costs, where a budget has to know: hosts down, disks, cut links. Default: nothing. */
  toll?(fault: F): Toll;
  /** Tells whether a budget that allows the kind allows this fault. Default: by the hosts that both name. */
  isAllowed?(fault: F, allowed: unknown): boolean;
}

/** Times are drawn on several scales, because systems have fast and slow parts. */
const TIME_SCALES_MS: readonly number[] = [10, 100, 1_000, 5_000];
/** Faults begin within this time where a budget says nothing. */
export const HORIZON_MS_DEFAULT = 3_000;

/** The longest cut where a budget says nothing. */
const CUT_MS_MAX = 10_000;

/** Makes the context for one plan. */
export function drawContext(budget: FaultBudget, hosts: readonly string[], draw: Draw): DrawContext {
  const horizonMs = budget.horizonMs ?? HORIZON_MS_DEFAULT;
  const lengthMs = (maxMs: number): number => {
    const scaleMs = Math.min(TIME_SCALES_MS[draw(TIME_SCALES_MS.length)] as number, maxMs);
    return draw(Math.floor(scaleMs * 1000) + 1) / 1000;
  };
  return {
    budget,
    hosts,
    draw,
    horizonMs,
    atMs: () => lengthMs(horizonMs),
    lengthMs,
    cutMs: () => lengthMs(Math.min(CUT_MS_MAX, budget.survivable?.partitionsHealWithinMs ?? CUT_MS_MAX)),
    oneOf: (values) => values[draw(values.length)] as never,
  };
}

/** Draws one to three faults for the hosts that a budget names, in half of all plans. */
export function drawForHosts<F>(
  { draw, oneOf }: DrawContext,
  hosts: readonly string[] | undefined,
  make: (host: string) => F,
): F[] {
  if (hosts === undefined || hosts.length === 0 || draw(2) === 0) return [];
  return Array.from({ length: 1 + draw(3) }, () => make(oneOf(hosts)));
}

/** @throws {OptionError} If a fault names a host that the scenario does not have. */
export function checkHost(at: string, name: unknown, hosts: readonly string[]): void {
  if (typeof name !== 'string') throw OptionError.expected(at, 'a host name', name);
  if (!hosts.includes(name)) throw new OptionError(`${at}: unknown host "${name}"${nearMiss(name, hosts)}`);
}

/** @throws {OptionError} If it is no list, or names a host that the scenario does not have. */
export function checkHostList(at: string, names: unknown, hosts: readonly string[]): void {
  if (!Array.isArray(names)) throw OptionError.expected(at, 'a list of host names', names);
  for (const name of names) checkHost(at, name, hosts);
}

/** @throws {OptionError} If a budget allows a kind for hosts that the scenario does not have. */
export function checkBudgetHosts(kind: string): (allowed: unknown, hosts: readonly string[]) => void {
  return (allowed, hosts) => checkHostList(`faults.${kind}`, allowed, hosts);
}

/** @throws {OptionError} If one of the named times is missing, negative, or no number. */
export function checkTimes(at: string, fault: Loose, names: readonly string[]): void {
  for (const name of names) checkedUsFromMs(`${at}.${name}`, fault[name]);
}

/** @throws {OptionError} If a fault does not say when it begins. */
export function checkTimed(at: string, fault: Loose, hosts: readonly string[]): void {
  checkTimes(at, fault, ['atMs']);
  if (fault['after'] !== undefined) checkTrigger(`${at}.after`, fault['after'], hosts);
}

function checkTrigger(at: string, trigger: unknown, hosts: readonly string[]): void {
  const what = 'a trigger: { marker, nth }, { acknowledged, nth } or { step }';
  if (typeof trigger !== 'object' || trigger === null) throw OptionError.expected(at, what, trigger);
  const { marker, acknowledged, step, host, nth } = trigger as Loose;
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
  if (step !== undefined) {
    if (!isCount(step)) throw OptionError.expected(`${at}.step`, 'an integer >= 1', step);
    return;
  }
  if (typeof (marker ?? acknowledged) !== 'string') throw OptionError.expected(at, what, trigger);
  if (!isCount(nth)) throw OptionError.expected(`${at}.nth`, 'an integer >= 1', nth);
  if (host !== undefined) checkHost(`${at}.host`, host, hosts);
}

/** A number of milliseconds in words. */
export function msText(value: number): string {
  return `${Math.round(value * 1000) / 1000} ms`;
}

/** When a fault begins, in words: `at 10 ms`, `5 ms after orders reached "wrote the log"`. */
export function whenText({ atMs, after }: Timed): string {
  if (after === undefined) return `at ${msText(atMs)}`;
  const later = atMs === 0 ? 'right' : msText(atMs);
  if ('step' in after) return atMs === 0 ? `before step ${after.step}` : `${later} after step ${after.step}`;
  const nth = after.nth === 1 ? '' : ` for the ${ordinal(after.nth)} time`;
  if ('acknowledged' in after) return `${later} after "${after.acknowledged}" was acknowledged${nth}`;
  return `${later} after ${after.host ?? 'a host'} reached "${after.marker}"${nth}`;
}

/** A place in words: `2nd`, `11th`. */
function ordinal(nth: number): string {
  const endings = ['th', 'st', 'nd', 'rd'];
  const isTeen = Math.floor((nth % 100) / 10) === 1;
  return `${nth}${(isTeen ? undefined : endings[nth % 10]) ?? 'th'}`;
}
