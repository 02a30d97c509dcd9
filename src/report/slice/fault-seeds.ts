// Where the remaining faults of a failure struck: what they befell, what the hosts that they befell did last,
// and the messages that met them.

import { isMessageFault, isRequestFault, isTimedFault } from '../../faults/fault.ts';
import type { Fault, MessageFault, TimedFault } from '../../faults/fault.ts';
import type { SentEntry } from '../../history/trace.ts';
import { endsOfGroups } from './first-and-last.ts';
import type { TraceIndex } from './trace-index.ts';

/** What a timed fault does to hosts, where nothing better was recorded. */
const HOST_CHANGES: Readonly<Record<string, readonly string[]>> = {
  crash: ['crashed'],
  crashLoop: ['crashed'],
  crashTogether: ['crashed'],
  powerLoss: ['crashed'],
  memory: ['crashed'],
  stop: ['stopping', 'stopped'],
  upgrade: ['stopping', 'stopped', 'crashed'],
  pause: ['paused'],
};

/** Fates that a message has only by a fault of the network. */
const CUT: ReadonlySet<SentEntry['fate']> = new Set<SentEntry['fate']>([
  'cut off',
  'held',
  'stalled',
  'lost',
]);

/** The entries of a trace that show the faults, as places. */
export function faultSeeds(index: TraceIndex, faults: readonly Fault[]): number[] {
  const seeds = faults.flatMap((fault, nth) => {
    const recorded = index.all('fault', (entry) => entry.nth === nth && entry.fault === fault.kind);
    if (isMessageFault(fault)) return [...recorded, ...struckMessage(index, fault)];
    if (isTimedFault(fault)) return [...recorded, ...timed(index, fault)];
    if (isRequestFault(fault)) {
      return [...recorded, ...struckMessage(index, { ...fault, message: 'request' })];
    }
    return recorded;
  });
  return faults.some(isTimedFault) ? [...seeds, ...cutMessages(index)] : seeds;
}

/** The message, and its arrival where that is late or a second one. */
function struckMessage(index: TraceIndex, fault: Omit<MessageFault, 'kind'> & { kind: string }): number[] {
  const sent = index.sent(fault);
  const isMoved = fault.kind === 'delay' || fault.kind === 'duplicate';
  return [...(sent === undefined ? [] : [sent]), ...(isMoved ? index.arrivals(fault) : [])];
}

function timed(index: TraceIndex, fault: TimedFault): number[] {
  const changes = HOST_CHANGES[fault.kind] ?? [];
  const hosts = hostsOf(fault);
  const began = index
    .all('step', ({ host, what }) => host === 'driver' && what === fault.kind)
    .flatMap((place) => index.within(index.at(place).step))
    .filter((place) => ['note', 'fault', 'step'].includes(index.at(place).kind));
  const struck = index.all('host', ({ host, change }) => hosts.includes(host) && changes.includes(change));
  return [...began, ...struck, ...struck.flatMap((place) => aroundChange(index, place))];
}

function hostsOf(fault: TimedFault): readonly string[] {
  if ('host' in fault) return [fault.host];
  return 'hosts' in fault ? fault.hosts : [];
}

/** What a host did last before it was gone, when it was there again, and who met it in between. */
function aroundChange(index: TraceIndex, place: number): number[] {
  const entry = index.at(place) as { host: string; change: string };
  const { host, change } = entry;
  const did = index.all('step', (step) => step.host === host && step.what !== 'boot');
  const last = did.findLast((each) => each < place && index.at(each).step !== index.at(place).step);
  const back = index
    .all('host', (each) => each.host === host && each.change === (change === 'paused' ? 'resumed' : 'booted'))
    .find((each) => each > place);
  const end = back ?? Number.POSITIVE_INFINITY;
  const met = index.all('sent', ({ from, message, label, fate }) =>
    message === 'signal' ? from === host && label.startsWith('refusal ') : fate === 'refused',
  );
  const between = met.filter((each) => each > place && each < end);
  return [
    ...(last === undefined ? [] : [last]),
    ...(back === undefined ? [] : [back]),
    ...ends(index, between),
  ];
}

function cutMessages(index: TraceIndex): number[] {
  return ends(
    index,
    index.all('sent', ({ fate }) => CUT.has(fate)),
  );
}

/** The first and the last message from each host to each other. */
function ends(index: TraceIndex, places: readonly number[]): number[] {
  return endsOfGroups(places, (place) => {
    const { from, to } = index.at(place) as SentEntry;
    return `${from} ${to}`;
  });
}
