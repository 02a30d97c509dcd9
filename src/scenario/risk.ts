// The fault budget in a few words: which kinds of faults it allows, and what the system claims to survive.

import type { FaultBudget, Survivable } from '../faults/budget.ts';
import type { CoreBudget } from '../faults/core.ts';

/** What a scenario takes on. */
export interface Risk {
  /** Kinds of faults, as `swarm` names them, in the order in which they were written. */
  readonly faults: readonly string[];
  /** What the system claims to survive, in words. */
  readonly survives: readonly string[];
}

/** What is no kind of fault. */
const SETTINGS: ReadonlySet<string> = new Set(['kind', 'versions', 'survivable', 'aim', 'horizonMs']);
/** The kinds by which a host goes down. */
const DOWN = ['crash', 'crashLoop', 'crashTogether', 'stop', 'upgrade', 'memory', 'powerLoss', 'move'];

/** What a budget allows; nothing where there is none. */
export function riskOf(budget: FaultBudget | undefined): Risk {
  if (budget === undefined) return { faults: [], survives: [] };
  const kinds = Object.entries(budget).filter(([kind, allowed]) => !SETTINGS.has(kind) && isAllowed(allowed));
  const faults = kinds.map(([kind]) => kind);
  const mayGoDown = faults.some((kind) => DOWN.includes(kind));
  return { faults, survives: claims(budget.survivable ?? {}, mayGoDown) };
}

/** A risk in one sentence: `drop, crash; survives 1 host down`. */
export function riskText({ faults, survives }: Risk): string {
  if (faults.length === 0) return 'calm: no faults';
  const list = faults.join(', ');
  return survives.length === 0 ? list : `${list}; survives ${survives.join(', ')}`;
}

function isAllowed(allowed: unknown): boolean {
  return Array.isArray(allowed) ? allowed.length > 0 : allowed !== undefined && allowed !== false;
}

function claims(
  { hostsDown = 1, neverCrash = [], partitionsHealWithinMs, disksFaulty, core }: Survivable,
  mayGoDown: boolean,
): string[] {
  const all = [
    mayGoDown ? `${hostsDown} host${hostsDown === 1 ? '' : 's'} down` : '',
    neverCrash.length === 0 ? '' : `${neverCrash.join(', ')} never down`,
    partitionsHealWithinMs === undefined ? '' : `partitions of ${partitionsHealWithinMs} ms`,
    disksFaulty === undefined ? '' : `${disksFaulty} faulty disk${disksFaulty === 1 ? '' : 's'}`,
    core === undefined ? '' : coreText(core),
  ];
  return all.filter((text) => text !== '');
}

function coreText(core: CoreBudget): string {
  if ('size' in core) return `with any ${core.size} of ${core.of.join(', ')}`;
  return `with ${core.map((hosts) => hosts.join(', ')).join(' or ')} alone`;
}
