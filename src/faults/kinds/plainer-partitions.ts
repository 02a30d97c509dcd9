// Plainer partitions: one cut rather than many, two hosts rather than groups, one way rather than both.

import { HOSTS_MIN } from './partition-shapes.ts';
import type { CutFault, PartitionFault, RingFault } from './partition.ts';

/** Yields them, the plainest first. None leads back, so that it ends. */
export function* plainerPartitions(fault: PartitionFault): Generator<PartitionFault> {
  const { flapMs, ...single } = fault;
  if (flapMs !== undefined) {
    yield single;
    yield { ...single, forMs: flapMs };
  }
  if ('ring' in fault) yield* plainerThanRing(fault);
  else yield* plainerCuts(fault);
}

function* plainerThanRing(fault: RingFault): Generator<PartitionFault> {
  const { ring, ...rest } = fault;
  for (const [i, from] of ring.entries()) {
    for (const to of ring.slice(i + 2, i === 0 ? -1 : ring.length))
      yield { ...rest, from: [from], to: [to], oneWay: false };
  }
  if (ring.length === HOSTS_MIN.ring) return;
  for (const i of ring.keys()) yield { ...fault, ring: ring.toSpliced(i, 1) };
}

function* plainerCuts(fault: CutFault): Generator<CutFault> {
  const { from, to } = fault;
  if (from.length + to.length > 2) {
    // One host on each side, if that is enough.
    for (const one of from) for (const other of to) yield { ...fault, from: [one], to: [other] };
    if (from.length > 1) for (const i of from.keys()) yield { ...fault, from: from.toSpliced(i, 1) };
    if (to.length > 1) for (const i of to.keys()) yield { ...fault, to: to.toSpliced(i, 1) };
  }
  if (fault.oneWay) return;
  yield { ...fault, oneWay: true };
  yield { ...fault, from: to, to: from, oneWay: true };
}
