// Nothing passes between groups of hosts: a cut between two of them, or a ring; once, or again and again.

import { OptionError, checkKeys } from '../../errors.ts';
import { block, cutText, linkNames, linksOf, ringCuts, unblock, type Cut } from '../../network/partition.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkHostList, checkTimes, msText } from '../timed.ts';
import type { Storm, Timed, TimedKind } from '../timed.ts';
import { drawPartitions, HOSTS_MIN, PARTITION_SHAPES, type PartitionShape } from './partition-shapes.ts';
import { plainerPartitions } from './plainer-partitions.ts';

/** What all partitions have in common. */
interface Passing extends Timed {
  readonly kind: 'partition';
  /** Virtual milliseconds until it heals. */
  readonly forMs: number;
  /** Where it flaps: for so long it is cut, then whole, in turn. At least 1. Default: cut throughout. */
  readonly flapMs?: number;
}

/** Nothing passes between two groups of hosts; a host in neither of them is a bridge, and sees both. */
export interface CutFault extends Passing {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Whether only what goes from `from` to `to` is stopped. */
  readonly oneWay: boolean;
}

/** Each host of a ring sees only the one before it and the one after it. */
export interface RingFault extends Passing {
  readonly ring: readonly string[];
}

/** Nothing passes between some hosts for a while; datagrams are lost, and TCP sends again afterwards. */
export type PartitionFault = CutFault | RingFault;

/** Which partitions a budget allows, where not any two groups. */
export interface PartitionOptions {
  /** The hosts that are cut off from each other. Default: all. */
  readonly among?: readonly string[];
  /** Which shapes are drawn. Default: all that as many hosts can have. */
  readonly shapes?: readonly PartitionShape[];
}

/** See {@link PartitionFault}. It strikes when a message meets it. */
export const partitionKind: TimedKind<PartitionFault> = {
  kind: 'partition',
  check(at, fault, hosts) {
    if (fault['ring'] !== undefined) checkRing(`${at}.ring`, fault['ring'], hosts);
    else {
      for (const side of ['from', 'to']) checkHostList(`${at}.${side}`, fault[side], hosts);
      if (typeof fault['oneWay'] !== 'boolean')
        throw OptionError.expected(`${at}.oneWay`, 'true or false', fault['oneWay']);
    }
    checkTimes(at, fault, ['forMs']);
    const { flapMs } = fault;
    if (flapMs !== undefined && !(typeof flapMs === 'number' && flapMs >= 1 && Number.isFinite(flapMs)))
      throw OptionError.expected(`${at}.flapMs`, 'at least 1 ms', flapMs);
  },
  checkBudget,
  describe(fault, at) {
    const flapping = fault.flapMs === undefined ? '' : `, cut and whole for ${msText(fault.flapMs)} in turn`;
    return `partition ${shapeText(fault)} ${at} for ${msText(fault.forMs)}${flapping}`;
  },
  strike,
  draw: drawPartitions,
  plainer: plainerPartitions,
  toll: (fault) => ({
    cuts: { links: cutsOf(fault).flatMap((cut) => linkNames(cut)), forMs: fault.forMs },
  }),
  isAllowed,
};

function checkRing(at: string, ring: unknown, hosts: readonly string[]): void {
  checkHostList(at, ring, hosts);
  const names = ring as readonly string[];
  if (names.length < HOSTS_MIN.ring || new Set(names).size < names.length)
    throw OptionError.expected(at, `${HOSTS_MIN.ring} different hosts or more`, ring);
}

function checkBudget(allowed: unknown, hosts: readonly string[]): void {
  if (typeof allowed === 'boolean') return;
  if (typeof allowed !== 'object' || allowed === null || Array.isArray(allowed))
    return checkHostList('faults.partition', allowed, hosts);
  checkKeys('faults.partition', allowed, ['among', 'shapes']);
  const { among = hosts, shapes = [] } = allowed as PartitionOptions;
  checkHostList('faults.partition.among', among, hosts);
  if (!Array.isArray(shapes)) throw OptionError.expected('faults.partition.shapes', 'a list', shapes);
  for (const shape of shapes as readonly PartitionShape[]) {
    if (!PARTITION_SHAPES.includes(shape))
      throw OptionError.expected('faults.partition.shapes', `some of ${PARTITION_SHAPES.join(', ')}`, shape);
    if (among.length < HOSTS_MIN[shape]) {
      const what = `${HOSTS_MIN[shape]} hosts or more for the shape "${shape}"`;
      throw OptionError.expected('faults.partition.among', what, among);
    }
  }
}

/** The hosts on both sides, in words. */
function shapeText(fault: PartitionFault): string {
  if ('ring' in fault) return `into the ring ${fault.ring.join(' – ')}`;
  return cutText(cutOf(fault));
}

function cutOf({ from, to, oneWay }: CutFault): Cut {
  return { from, to, isOneWay: oneWay };
}

function cutsOf(fault: PartitionFault): Cut[] {
  return 'ring' in fault ? ringCuts(fault.ring) : [cutOf(fault)];
}

/** What a budget allows, it allows in plainer forms too: one way where it says both, fewer hosts. */
function isAllowed(fault: PartitionFault, allowed: unknown): boolean {
  if (typeof allowed === 'boolean') return allowed;
  const { among, shapes }: PartitionOptions = Array.isArray(allowed)
    ? { among: allowed as readonly string[] }
    : (allowed as PartitionOptions);
  const hosts = 'ring' in fault ? fault.ring : [...fault.from, ...fault.to];
  if (among !== undefined && !hosts.every((host) => among.includes(host))) return false;
  if (shapes === undefined) return true;
  if (fault.flapMs !== undefined && !shapes.includes('flapping')) return false;
  if ('ring' in fault) return shapes.includes('ring');
  return fault.oneWay || shapes.some((shape) => shape !== 'one-way');
}

function strike(fault: PartitionFault, storm: Storm): void {
  const { observer, transport } = storm.park;
  const { network } = transport;
  const cuts = cutsOf(fault);
  const links = new Set(cuts.flatMap((cut) => linksOf(network, cut)));
  let isCut = false;
  let isOver = false;
  const cut = (): void => {
    isCut = true;
    for (const each of cuts) block(network, each);
    observer.noted?.(`partition: ${shapeText(fault)}`);
    for (const link of links) transport.blocked(link);
  };
  const heal = (): void => {
    isCut = false;
    observer.noted?.(`partition heals: ${shapeText(fault)}`);
    for (const link of cuts.flatMap((each) => unblock(network, each))) transport.healed(link);
  };
  const unlisten = storm.listen({
    blocked: (link) => {
      if (isCut && links.has(link)) storm.struck(fault);
    },
  });
  cut();
  const { flapMs } = fault;
  if (flapMs !== undefined) {
    const flap = (): void => {
      if (isOver) return;
      if (isCut) heal();
      else cut();
      storm.later(usFromMs(flapMs), 'flap', flap);
    };
    storm.later(usFromMs(flapMs), 'flap', flap);
  }
  storm.lasts(usFromMs(fault.forMs), 'heal', () => {
    isOver = true;
    unlisten();
    if (isCut) heal();
  });
}
