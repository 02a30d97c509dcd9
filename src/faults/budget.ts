// The fault budget: which faults a scenario allows, and how much of them at once is survivable.

import { OptionError, checkKeys } from '../errors.ts';
import { checkedUsFromMs } from '../time/duration.ts';
import { TIMED_KINDS } from './kinds/table.ts';
import { checkHostList, HORIZON_MS_DEFAULT } from './timed.ts';

/** `true`: on every link. A list: on these links, `'source -> target'`. */
export type LinkSelection = boolean | readonly string[];

/** What a scenario allows. Everything that is not named does not happen. */
export interface SwarmOptions {
  readonly drop?: LinkSelection;
  readonly delay?: LinkSelection;
  readonly duplicate?: LinkSelection;
  readonly reset?: LinkSelection;
  readonly refuse?: LinkSelection;
  /** Between any hosts (`true`), or among these. */
  readonly partition?: boolean | readonly string[];
  /** Hosts that may crash and boot again. */
  readonly crash?: readonly string[];
  /** Hosts that may be stopped gracefully and boot again. */
  readonly stop?: readonly string[];
  /** Hosts that may be paused. */
  readonly pause?: readonly string[];
  readonly survivable?: {
    /** How many hosts may be down at the same time. Default 1. */
    readonly hostsDown?: number;
  };
  /** Timed faults begin within this virtual time, in milliseconds. Default 3,000. */
  readonly horizonMs?: number;
}

/** A checked budget; made by {@link swarm}. */
export interface FaultBudget extends SwarmOptions {
  readonly kind: 'swarm';
}

const LINK_KINDS = ['drop', 'delay', 'duplicate', 'reset', 'refuse'] as const;
const KNOWN: readonly string[] = [
  ...LINK_KINDS,
  ...TIMED_KINDS.map(({ kind }) => kind),
  'survivable',
  'horizonMs',
];

/**
 * Allows faults, to be drawn anew for each run: a random subset of the kinds, each at a random intensity,
 * because leaving kinds out finds more bugs than using all of them always.
 *
 * Source: Swarm Testing (Groce et al., ISSTA 2012).
 *
 * Determinism: a plan is drawn from the seed of its run; what strikes is drawn per message, keyed.
 *
 * @throws {OptionError} If an option is unknown or of the wrong type. Host names are checked by the scenario.
 * @example
 * swarm({ drop: true, delay: true, crash: ['orders'], survivable: { hostsDown: 1 } })
 */
export function swarm(options: SwarmOptions): FaultBudget {
  checkKeys('swarm', options, KNOWN);
  checkKeys('swarm.survivable', options.survivable ?? {}, ['hostsDown']);
  const hostsDown = options.survivable?.hostsDown ?? 1;
  if (!Number.isInteger(hostsDown) || hostsDown < 0) {
    throw OptionError.expected('survivable.hostsDown', 'an integer >= 0', hostsDown);
  }
  checkedUsFromMs('horizonMs', options.horizonMs ?? HORIZON_MS_DEFAULT);
  return Object.freeze({ ...options, kind: 'swarm' as const });
}

/** @throws {OptionError} If the budget names what the scenario does not have. */
export function checkBudget(budget: FaultBudget, hosts: readonly string[]): FaultBudget {
  if (budget?.kind !== 'swarm') throw OptionError.expected('faults', 'made by swarm()', budget);
  for (const each of TIMED_KINDS) {
    const allowed = budget[each.kind];
    if (allowed !== undefined) each.checkBudget(allowed, hosts);
  }
  for (const kind of LINK_KINDS) {
    const links = budget[kind];
    if (links === undefined || typeof links === 'boolean') continue;
    if (!Array.isArray(links))
      throw OptionError.expected(`faults.${kind}`, 'true, or links like "a -> b"', links);
    for (const link of links) {
      const ends = typeof link === 'string' ? link.split(' -> ') : [];
      if (ends.length !== 2)
        throw OptionError.expected(`faults.${kind}`, 'true, or links like "a -> b"', link);
      // One end may be a client, which has no name before a run.
      if (!ends.some((end) => hosts.includes(end))) checkHostList(`faults.${kind}`, ends, hosts);
    }
  }
  return budget;
}
