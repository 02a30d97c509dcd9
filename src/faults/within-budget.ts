// Keeps drawn faults within what a budget says is survivable: what would exceed it is left out. Stricter than
// the judgement of what happened, because it has to hold before the run is made.

import type { FaultBudget } from './budget.ts';
import { isTimedFault, type Fault, type TimedFault } from './fault.ts';
import { longestOf, tollOf } from './survivable.ts';

/** A stretch of a plan, in milliseconds. What waits for a trigger may happen at any time. */
interface Stretch {
  readonly name: string;
  readonly fromMs: number;
  readonly forMs: number;
  readonly isTriggered: boolean;
}

/** The faults of a list, in its order, that together stay within the budget. */
export function withinBudget(budget: FaultBudget, faults: readonly Fault[]): Fault[] {
  const { hostsDown = 1, neverCrash = [], partitionsHealWithinMs, disksFaulty } = budget.survivable ?? {};
  const pausedMs = pausesOf(faults);
  const down: Stretch[] = [];
  const cuts: Stretch[] = [];
  const disks = new Set<string>();
  return faults.filter((fault) => {
    if (!isTimedFault(fault)) return true;
    const toll = tollOf(fault);
    if (toll.kills?.some((host) => neverCrash.includes(host)) === true) return false;
    // A paused host neither ends nor boots before it is resumed.
    const falls = (toll.down ?? []).map(({ host, forMs }) => stretch(fault, host, forMs + pausedMs(host)));
    if (falls.length > 0 && mostDown(falls, down) > hostsDown) return false;
    const cut = (toll.cuts?.links ?? []).map((link) => stretch(fault, link, toll.cuts?.forMs ?? 0));
    if (partitionsHealWithinMs !== undefined && !heals([...cuts, ...cut], partitionsHealWithinMs))
      return false;
    const harmed = new Set([...disks, ...(toll.disks ?? [])]);
    if (harmed.size > disks.size && harmed.size > (disksFaulty ?? Number.POSITIVE_INFINITY)) return false;
    down.push(...falls);
    cuts.push(...cut);
    for (const host of harmed) disks.add(host);
    return true;
  });
}

function stretch({ atMs, after }: TimedFault, name: string, forMs: number): Stretch {
  return { name, fromMs: atMs, forMs, isTriggered: after !== undefined };
}

function pausesOf(faults: readonly Fault[]): (host: string) => number {
  return (host) =>
    faults.reduce(
      (sum, fault) => (fault.kind === 'pause' && fault.host === host ? sum + fault.forMs : sum),
      0,
    );
}

/** How many hosts are down when these fall. Faults come in the order of their times. */
function mostDown(falls: readonly Stretch[], before: readonly Stretch[]): number {
  const names = new Set(falls.map(({ name }) => name));
  for (const { name, fromMs, forMs, isTriggered } of before) {
    const mayMeet = isTriggered || falls.some((fall) => fall.isTriggered || fall.fromMs <= fromMs + forMs);
    if (mayMeet) names.add(name);
  }
  return names.size;
}

/** Whether no link is cut for longer than that without a gap. */
function heals(cuts: readonly Stretch[], withinMs: number): boolean {
  for (const link of new Set(cuts.map(({ name }) => name))) {
    const stretches = cuts.filter(({ name }) => name === link);
    const isAnyTime = stretches.some(({ isTriggered }) => isTriggered);
    const cutMs = isAnyTime
      ? stretches.reduce((sum, { forMs }) => sum + forMs, 0)
      : longestOf(stretches.map(({ fromMs, forMs }) => ({ from: fromMs, to: fromMs + forMs })));
    if (cutMs > withinMs) return false;
  }
  return true;
}
