// The fault budget: which faults a scenario allows, and how much of them at once is survivable.

import { OptionError, checkKeys } from '../errors.ts';
import { checkedUsFromMs } from '../time/duration.ts';
import { checkAnswerBudget, REQUEST_KINDS, type AnswerOptions } from './answers/table.ts';
import { checkBuggifyBudget } from './buggify.ts';
import { checkCoreBudget, type CoreBudget } from './core.ts';
import { DISK_KIND_NAMES } from './disk-fault.ts';
import type { ClockBudget, ClockError } from './kinds/clock-hosts.ts';
import type { PartitionOptions } from './kinds/partition.ts';
import { checkLinks } from './check-links.ts';
import { TIMED_KINDS } from './kinds/table.ts';
import { checkHostList, HORIZON_MS_DEFAULT } from './timed.ts';

/** `true`: on every link. A list: on these links, `'source -> target'`. */
export type LinkSelection = boolean | readonly string[];

/** What a system claims to survive. */
export interface Survivable {
  /** How many hosts may be down at the same time. Default 1. */
  readonly hostsDown?: number;
  /** Hosts that never crash, whatever kinds of faults name them. Default: none. */
  readonly neverCrash?: readonly string[];
  /** Partitions and clogged links heal within this virtual time, in milliseconds. Default: any. */
  readonly partitionsHealWithinMs?: number;
  /** On how many hosts the disk may be faulty in one run: fewer than half, say. Default: all. */
  readonly disksFaulty?: number;
  /**
   * Hosts that suffice, so that a run may end with a random core of them and all others dead: any two of
   * three with `{ of: ['a', 'b', 'c'], size: 2 }`, or a list of sets of hosts. Default: all hosts come back.
   */
  readonly core?: CoreBudget;
}

/** Moments at which a fault finds more than at any other. */
export interface Aim {
  /** Markers in the code of hosts: `a leader stepped down`. */
  readonly markers?: readonly string[];
  /** Operations of clients, at the moment in which they end `ok`: a write was acknowledged. */
  readonly operations?: readonly string[];
}

/** What a scenario allows. Everything that is not named does not happen. */
export interface SwarmOptions extends AnswerOptions {
  readonly drop?: LinkSelection;
  readonly delay?: LinkSelection;
  readonly duplicate?: LinkSelection;
  readonly reset?: LinkSelection;
  readonly refuse?: LinkSelection;
  /** Between any two groups of hosts (`true`), or of these; or in these shapes. */
  readonly partition?: boolean | readonly string[] | PartitionOptions;
  /** Hosts that may crash and boot again. */
  readonly crash?: readonly string[];
  /** Hosts that may be stopped gracefully and boot again. */
  readonly stop?: readonly string[];
  /** Hosts that may be paused. */
  readonly pause?: readonly string[];
  /** Hosts that may crash again and again, each time shortly after they were booted. */
  readonly crashLoop?: readonly string[];
  /** Hosts of which several may crash at the same moment: as many as `survivable.hostsDown` says. */
  readonly crashTogether?: readonly string[];
  /** Hosts that may be stopped and booted with another of their `versions`. */
  readonly upgrade?: readonly string[];
  /** Hosts on which everything may take longer. */
  readonly slowHost?: readonly string[];
  /** Hosts whose event loop may be blocked again and again. */
  readonly loopLag?: readonly string[];
  /** Hosts that may be out of file descriptors. */
  readonly descriptors?: readonly string[];
  /** Hosts whose process may die of having too much open at once. */
  readonly memory?: readonly string[];
  /** Hosts whose look-ups of another host may fail. */
  readonly dnsFailure?: readonly string[];
  /** Hosts whose look-ups of another host may take long. */
  readonly dnsDelay?: readonly string[];
  /** Hosts that may die and boot at another address, while names lead to the old one. */
  readonly move?: readonly string[];
  /** Links that may lose messages in runs. */
  readonly burstLoss?: LinkSelection;
  /** Links that may get narrow, so that messages queue. */
  readonly bandwidth?: LinkSelection;
  /** Links that may slow down under load. */
  readonly congestion?: LinkSelection;
  /** Links that may be clogged and unclogged, one by one. */
  readonly clog?: LinkSelection;
  /** Hosts whose machine may lose its power: what they did not sync may be gone. They boot again. */
  readonly powerLoss?: readonly string[];
  /** Hosts whose disk may be full for a while. */
  readonly diskFull?: readonly string[];
  /** Hosts on which single operations on the disk may fail with `EIO`. */
  readonly ioError?: readonly string[];
  /** Hosts on which single operations on the disk may fail with `ENOSPC`. */
  readonly noSpace?: readonly string[];
  /** Hosts on which a write may take fewer bytes than it was given. */
  readonly shortWrite?: readonly string[];
  /** Hosts on which `fsync` may take long. */
  readonly slowSync?: readonly string[];
  /** Hosts on which a write to the disk may be acknowledged and never be made. */
  readonly lostWrite?: readonly string[];
  /** Hosts on which a write may go to another place of the file. */
  readonly misdirectedWrite?: readonly string[];
  /** Hosts on which a read may give what was there before the last write. */
  readonly staleRead?: readonly string[];
  /** Hosts on which a read may give one bit wrong. */
  readonly flippedBit?: readonly string[];
  /** Hosts whose requests may not be executed for a while. */
  readonly outage?: readonly string[];
  /** Hosts of whose requests some may fail or be slow for a while. */
  readonly brownout?: readonly string[];
  /** Hosts whose wall clock may be wrong by a constant, from the start; at most `msMax`, default 60,000. */
  readonly clockSkew?: ClockBudget<ClockError>;
  /** Hosts whose clock may run fast or slow; at most by `ppmMax` parts per million, default 500. */
  readonly clockDrift?: ClockBudget<{ readonly ppmMax?: number }>;
  /** Hosts whose wall clock may jump while they run; at most by `msMax`, default 60,000. */
  readonly clockStep?: ClockBudget<ClockError>;
  /** Hosts on which a leap second may be smeared, over `forMs`, default a day. */
  readonly clockSmear?: ClockBudget<{ readonly forMs?: number }>;
  /** Hosts whose time zone may be one of `zones`. Default: four, with summer time and odd offsets. */
  readonly clockZone?: ClockBudget<{ readonly zones?: readonly string[] }>;
  /** Hosts (`true`: all, and clients) on which `buggify` of `wavetank/markers` may be true. */
  readonly buggify?: boolean | readonly string[];
  /** What the system claims to survive. What goes beyond does not happen, and a failure by it is no bug. */
  readonly survivable?: Survivable;
  /**
   * Where faults are aimed at: half of those that begin at a time wait for one of these moments instead.
   * `true`: for the markers that the scenario lists under `sometimes`. Default: none.
   */
  readonly aim?: true | Aim;
  /** Timed faults begin within this virtual time, in milliseconds. Default 3,000. */
  readonly horizonMs?: number;
}

/** A checked budget; made by {@link swarm}. */
export interface FaultBudget extends SwarmOptions {
  readonly kind: 'swarm';
  /** How many versions the programs of hosts have; filled in by the scenario. */
  readonly versions?: Readonly<Record<string, number>>;
}

const LINK_KINDS = ['drop', 'delay', 'duplicate', 'reset', 'refuse'] as const;
const SURVIVABLE = ['hostsDown', 'neverCrash', 'partitionsHealWithinMs', 'disksFaulty', 'core'];
const KNOWN: readonly string[] = [
  ...LINK_KINDS,
  ...TIMED_KINDS.map(({ kind }) => kind),
  ...DISK_KIND_NAMES,
  ...REQUEST_KINDS.map(({ kind }) => kind),
  'buggify',
  'survivable',
  'aim',
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
  checkSurvivable(options.survivable ?? {});
  checkAim(options.aim);
  checkedUsFromMs('horizonMs', options.horizonMs ?? HORIZON_MS_DEFAULT);
  return Object.freeze({ ...options, kind: 'swarm' as const });
}

function checkSurvivable(survivable: Survivable): void {
  checkKeys('swarm.survivable', survivable, SURVIVABLE);
  for (const name of ['hostsDown', 'disksFaulty'] as const) {
    const count = survivable[name] ?? 0;
    if (Number.isInteger(count) && count >= 0) continue;
    throw OptionError.expected(`survivable.${name}`, 'an integer >= 0', count);
  }
  checkedUsFromMs('survivable.partitionsHealWithinMs', survivable.partitionsHealWithinMs ?? 0);
}

function checkAim(aim: unknown): void {
  if (aim === undefined || aim === true) return;
  checkKeys('swarm.aim', aim, ['markers', 'operations']);
  for (const [name, values] of Object.entries(aim as Aim)) {
    if (Array.isArray(values) && values.every((value) => typeof value === 'string')) continue;
    throw OptionError.expected(`aim.${name}`, 'a list of names', values);
  }
}

/**
 * Checks a budget against the scenario that it belongs to.
 *
 * @param markers - What the scenario lists under `sometimes`: where `aim: true` aims at.
 * @returns The budget, with its aim spelled out.
 * @throws {OptionError} If the budget names what the scenario does not have.
 */
export function checkBudget(
  budget: FaultBudget,
  hosts: readonly string[],
  markers: readonly string[] = [],
): FaultBudget {
  if (budget?.kind !== 'swarm') throw OptionError.expected('faults', 'made by swarm()', budget);
  checkHostList('faults.survivable.neverCrash', budget.survivable?.neverCrash ?? [], hosts);
  checkCoreBudget(budget, hosts);
  checkBuggifyBudget(budget.buggify, hosts);
  if (budget.aim === true && markers.length === 0) {
    const hint = 'The scenario lists no markers under `sometimes`: name them in `aim: { markers: [...] }`.';
    throw OptionError.expected('faults.aim', 'an object with `markers` or `operations`', true, hint);
  }
  for (const each of TIMED_KINDS) {
    const allowed = budget[each.kind];
    if (allowed !== undefined) each.checkBudget(allowed, hosts);
  }
  checkAnswerBudget(budget, hosts);
  for (const kind of DISK_KIND_NAMES) {
    if (budget[kind] !== undefined) checkHostList(`faults.${kind}`, budget[kind], hosts);
  }
  for (const kind of LINK_KINDS) {
    if (budget[kind] !== undefined) checkLinks(`faults.${kind}`, budget[kind], hosts);
  }
  return budget.aim === true ? Object.freeze({ ...budget, aim: { markers } }) : budget;
}
