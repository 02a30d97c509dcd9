// Lays spans out on lanes, as threads of the process that a host is: on each lane spans lie beside or within
// each other, and never overlap.

import type { EndedSpan } from './run-span.ts';

/** A lane: the number of the host, and of the lane among its own. */
export interface Place {
  readonly pid: number;
  readonly tid: number;
}

/** The first host; what is below is for the system as a whole. */
const FIRST_PID = 2;

/** Gives each span a lane of its host; lane 0 has the lives of the host. */
export function placesOf(spans: readonly EndedSpan[]): ReadonlyMap<EndedSpan, Place> {
  const hosts = new Map<string, Lanes>();
  const places = new Map<EndedSpan, Place>();
  // What began first comes first; of what began together, the longest.
  const inOrder = spans.toSorted(
    (left, right) =>
      left.startUs - right.startUs || right.endUs - left.endUs || depthOf(left) - depthOf(right),
  );
  for (const span of inOrder) {
    let lanes = hosts.get(span.host);
    if (lanes === undefined) hosts.set(span.host, (lanes = new Lanes(FIRST_PID + hosts.size)));
    const { pid } = lanes;
    const parent = span.parent === undefined ? undefined : places.get(span.parent as EndedSpan);
    const preferred = parent?.pid === pid ? parent.tid : undefined;
    places.set(span, { pid, tid: span.role === 'incarnation' ? 0 : lanes.take(span, preferred) });
  }
  return places;
}

/** The lanes of one host, each with the spans that are open on it, outermost first. */
class Lanes {
  readonly pid: number;
  readonly #lanes: EndedSpan[][] = [];

  constructor(pid: number) {
    this.pid = pid;
  }

  /** Finds a lane with room, if possible the one of the span's parent. @returns its number, from 1. */
  take(span: EndedSpan, preferred: number | undefined): number {
    const beside = preferred === undefined ? undefined : this.#lanes[preferred - 1];
    let lane = beside !== undefined && hasRoom(beside, span) ? beside : undefined;
    lane ??= this.#lanes.find((each) => hasRoom(each, span) && each.length === 0);
    if (lane === undefined) this.#lanes.push((lane = []));
    lane.push(span);
    return this.#lanes.indexOf(lane) + 1;
  }
}

/** Whether a span lies beside or within all that is on a lane. */
function hasRoom(lane: EndedSpan[], { startUs, endUs }: EndedSpan): boolean {
  for (;;) {
    const last = lane.at(-1);
    if (last === undefined) return true;
    if (last.endUs > startUs || (last.endUs === startUs && last.startUs === startUs && endUs === startUs))
      return last.endUs >= endUs;
    lane.pop();
  }
}

function depthOf(span: EndedSpan): number {
  let depth = 0;
  for (let up = span.parent; up !== undefined; up = up.parent) depth++;
  return depth;
}
