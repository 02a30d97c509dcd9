// Judges faults against the budget: what is planned, before a run is made, and what really happened, after a
// run that failed.

import { isRequestFaultAllowed } from './answers/table.ts';
import type { FaultBudget } from './budget.ts';
import { describeFault } from './describe.ts';
import { isDiskFault, type DiskFault } from './disk-fault.ts';
import { isTimedFault, isMessageFault, isRequestFault, type Fault, type TimedFault } from './fault.ts';
import { kindOf } from './kinds/table.ts';
import type { Toll } from './timed.ts';

const NO_TOLL: Toll = {};
/** How many faults of one sort are told of. */
const TOLD_MAX = 3;

/** What a fault costs. */
export function tollOf(fault: TimedFault | DiskFault): Toll {
  if (isDiskFault(fault)) return fault.kind === 'slowSync' ? NO_TOLL : { disks: [fault.host] };
  return kindOf(fault).toll?.(fault) ?? NO_TOLL;
}

/**
 * Tells whether a budget allows a fault by itself: its kind, its hosts, its links.
 *
 * A message that is late, and a datagram that is lost, are the weather of a network rather than faults.
 */
export function isAllowed(budget: FaultBudget, fault: Fault): boolean {
  const allowed: unknown = budget[fault.kind];
  if (isMessageFault(fault)) {
    if (fault.kind === 'delay' || fault.message === 'datagram') return true;
    return allowed === true || isListed(allowed, `${fault.from} -> ${fault.to}`);
  }
  if (isDiskFault(fault)) return isListed(allowed, fault.host);
  if (isRequestFault(fault)) return isRequestFaultAllowed(budget, fault);
  if (fault.kind === 'buggify') return allowed === true || isListed(allowed, fault.host);
  if (allowed === undefined || allowed === false) return false;
  const kills = tollOf(fault).kills ?? [];
  if (kills.some((host) => isListed(budget.survivable?.neverCrash, host))) return false;
  return kindOf(fault).isAllowed?.(fault, allowed) ?? areHostsAllowed(fault, allowed);
}

function isListed(list: unknown, name: string): boolean {
  return Array.isArray(list) && list.includes(name);
}

/** Where a budget lists hosts, a fault befalls no others. */
function areHostsAllowed(fault: TimedFault, allowed: unknown): boolean {
  const list: unknown = Array.isArray(allowed) ? allowed : (allowed as { hosts?: unknown }).hosts;
  if (!Array.isArray(list)) return true;
  return hostsOf(fault).every((host) => list.includes(host));
}

function hostsOf(fault: TimedFault): unknown[] {
  const { host, hosts, from, to } = fault as unknown as Record<string, unknown>;
  return [host, hosts, from, to].flat().filter((each) => typeof each === 'string');
}

/** A stretch of time, in any unit. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** The longest stretch without a gap. */
export function longestOf(spans: readonly Span[]): number {
  let longest = 0;
  let from = 0;
  let to = Number.NEGATIVE_INFINITY;
  for (const span of spans.toSorted((left, right) => left.from - right.from)) {
    if (span.from > to) ({ from } = span);
    to = Math.max(to, span.to);
    longest = Math.max(longest, to - from);
  }
  return longest;
}

/** What the timed faults of one run did to its hosts and links, told while it happens. */
export class Casualties {
  readonly #nowUs: () => number;
  /** Hosts that a fault keeps down now. */
  readonly #down = new Set<string>();
  /** Until when a fault may take a host down again: a crash loop does. */
  readonly #fallsUntilUs = new Map<string, number>();
  readonly #cuts: { readonly links: readonly string[]; readonly fromUs: number; readonly forUs: number }[] =
    [];
  #worst: { readonly hosts: readonly string[]; readonly atUs: number } = { hosts: [], atUs: 0 };
  #healedUs = Number.POSITIVE_INFINITY;

  constructor(nowUs: () => number) {
    this.#nowUs = nowUs;
  }

  /** A fault struck that began at that time. */
  struck(fault: TimedFault, beganUs: number): void {
    const { down = [], cuts } = tollOf(fault);
    for (const { host, forMs } of down) {
      this.#fallsUntilUs.set(host, beganUs + forMs * 1000);
      this.#fell(host);
    }
    if (cuts !== undefined) this.#cuts.push({ links: cuts.links, fromUs: beganUs, forUs: cuts.forMs * 1000 });
  }

  /** A host is up. */
  up(host: string): void {
    this.#down.delete(host);
  }

  /** A host went down, by a fault or by itself. */
  down(host: string): void {
    if (this.#nowUs() < (this.#fallsUntilUs.get(host) ?? 0)) this.#fell(host);
  }

  /** The storm is over: nothing is cut off any more. */
  healed(): void {
    this.#healedUs = this.#nowUs();
    this.#fallsUntilUs.clear();
  }

  /** What exceeds a budget, in words. */
  beyond({ survivable = {} }: FaultBudget): string[] {
    const said: string[] = [];
    const { hostsDown = 1, partitionsHealWithinMs: healMs = Number.POSITIVE_INFINITY } = survivable;
    const { hosts, atUs } = this.#worst;
    if (hosts.length > hostsDown) {
      const names = hosts.toSorted().join(', ');
      said.push(`${hosts.length} hosts were down at ${atUs / 1000} ms (${names}), and it says ${hostsDown}`);
    }
    for (const [link, spans] of this.#cutSpans()) {
      const ms = longestOf(spans) / 1000;
      if (ms > healMs) said.push(`${link} was cut for ${ms} ms, and it says ${healMs} ms`);
    }
    return said;
  }

  #fell(host: string): void {
    this.#down.add(host);
    if (this.#down.size > this.#worst.hosts.length)
      this.#worst = { hosts: [...this.#down], atUs: this.#nowUs() };
  }

  #cutSpans(): Map<string, Span[]> {
    const byLink = new Map<string, Span[]>();
    for (const { links, fromUs, forUs } of this.#cuts) {
      const span: Span = { from: fromUs, to: Math.min(fromUs + forUs, this.#healedUs, this.#nowUs()) };
      for (const link of links) byLink.set(link, [...(byLink.get(link) ?? []), span]);
    }
    return byLink;
  }
}

/**
 * Says in what a run went beyond its budget.
 *
 * @param ledger - What struck.
 * @returns Sentences, each without a full stop. Empty where the system should have survived.
 */
export function beyondBudget(
  budget: FaultBudget,
  ledger: readonly Fault[],
  casualties: Casualties,
): string[] {
  const said = casualties.beyond(budget);
  const excess = ledger.filter((fault) => !isAllowed(budget, fault));
  for (const fault of excess.slice(0, TOLD_MAX)) said.push(`it does not allow this: ${describeFault(fault)}`);
  if (excess.length > TOLD_MAX) said.push(`nor ${excess.length - TOLD_MAX} more faults`);
  const disks = new Set(
    ledger.flatMap((each) => (isTimedFault(each) || isDiskFault(each) ? (tollOf(each).disks ?? []) : [])),
  );
  const disksMax = budget.survivable?.disksFaulty ?? Number.POSITIVE_INFINITY;
  if (disks.size > disksMax)
    said.push(
      `the disks of ${disks.size} hosts were faulty (${[...disks].join(', ')}), and it says ${disksMax}`,
    );
  return said;
}
