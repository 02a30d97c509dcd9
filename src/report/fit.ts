// Fits the report of a failure into a size: what is far from the failure is cut first, and what the failure
// depends on last. Says what it cut.

import type { TraceEntry } from '../history/trace.ts';
import { cutEntry, cutOperation, cutValue, type CutCounts } from './cut-entry.ts';
import type { FailureReport, NeighbourReport, RunReport } from './document.ts';

/** Bytes of a failure in a document, so that a page with it stays below 2 MB. */
export const FAILURE_BYTES_MAX = 1_500_000;

/** How much is kept: of what is far from the failure, of what is near it, of the entries themselves. */
interface Measure {
  readonly far: number;
  readonly near: number;
  /** Leaves out far steps in which nothing else happened. */
  readonly areStepsFolded?: boolean;
  /** Entries that are kept besides those near the failure: the last before it. */
  readonly farEntriesMax?: number;
}

const WHOLE = 65_536;
const MEASURES: readonly Measure[] = [
  { far: 4_096, near: WHOLE },
  { far: 1_024, near: WHOLE },
  { far: 256, near: WHOLE },
  { far: 80, near: 16_384 },
  { far: 0, near: 4_096 },
  { far: 0, near: 1_024, areStepsFolded: true },
  ...[4_000, 2_000, 1_000, 300, 0].map((farEntriesMax) => {
    return { far: 0, near: 256, areStepsFolded: true, farEntriesMax };
  }),
];
/** Entries before and after one that matters that are near it. */
const NEAR = 2;
const WORKLOAD_SHARE = 4;

/** @returns The report itself where it is small enough. */
export function fitFailure(failure: FailureReport, bytesMax: number = FAILURE_BYTES_MAX): FailureReport {
  let fitted = failure;
  for (const measure of MEASURES) {
    if (bytesOf(fitted) <= bytesMax) return fitted;
    fitted = measured(failure, measure);
  }
  // What matters alone is too much: then at least it stands alone.
  const { neighbour: _, ...alone } = fitted;
  return bytesOf(fitted) <= bytesMax ? fitted : alone;
}

/** In UTF-8, with `<` as a page has to write it. */
function bytesOf(failure: FailureReport): number {
  const json = JSON.stringify(failure);
  let escapes = 0;
  for (let at = json.indexOf('<'); at >= 0; at = json.indexOf('<', at + 1)) escapes++;
  return Buffer.byteLength(json) + 5 * escapes;
}

function measured(failure: FailureReport, measure: Measure): FailureReport {
  const { run, slice, neighbour } = failure;
  const difference = neighbour?.difference;
  const own = fitRun(run, [...slice, ...placesOf(difference?.failed)], measure);
  return {
    ...failure,
    run: own.run,
    slice: slice.map(own.placeOf),
    ...(neighbour === undefined ? {} : { neighbour: fitNeighbour(neighbour, own.placeOf, measure) }),
  };
}

function fitNeighbour(
  neighbour: NeighbourReport,
  placeInFailed: (place: number) => number,
  measure: Measure,
): NeighbourReport {
  const { difference } = neighbour;
  const { run, placeOf } = fitRun(neighbour.run, placesOf(difference?.passed), measure);
  if (difference === undefined) return { ...neighbour, run };
  const { failed, passed, text } = difference;
  const places = {
    ...(failed === undefined ? {} : { failed: placeInFailed(failed) }),
    ...(passed === undefined ? {} : { passed: placeOf(passed) }),
  };
  return { ...neighbour, run, difference: { ...places, text } };
}

function placesOf(place: number | undefined): number[] {
  return place === undefined ? [] : [place];
}

interface Fitted {
  readonly run: RunReport;
  /** Where an entry that matters stands now. */
  placeOf(this: void, place: number): number;
}

function fitRun(run: RunReport, matters: readonly number[], measure: Measure): Fitted {
  const { far, near } = measure;
  const counts: CutCounts = new Map();
  const isNear = nearby(matters, run.trace.length);
  const isKept = keptPlaces(run.trace, isNear, measure);
  const trace: TraceEntry[] = [];
  const places = new Map<number, number>();
  const operations = new Set<number>();
  for (const [place, entry] of run.trace.entries()) {
    if (isKept[place] !== true) continue;
    if (isNear[place] === true && entry.kind === 'operation') operations.add(entry.id);
    places.set(place, trace.length);
    trace.push(cutEntry(entry, isNear[place] === true ? near : far, counts));
  }
  const history = run.history.map((operation) =>
    cutOperation(operation, operations.has(operation.id) ? near : far, counts),
  );
  const workload = cutValue(run.workload, near * WORKLOAD_SHARE, counts);
  const left = run.trace.length - trace.length;
  if (left > 0) counts.set('entries left out', left);
  const cuts = [...counts].map(([what, count]) => `${count} ${what}`);
  return {
    run: { ...run, workload, history, trace, ...(cuts.length === 0 ? {} : { cuts }) },
    placeOf: (place) => places.get(place) ?? 0,
  };
}

function nearby(matters: readonly number[], length: number): boolean[] {
  const isNear = Array.from({ length }, () => false);
  for (const place of matters) {
    for (let k = Math.max(0, place - NEAR); k <= Math.min(length - 1, place + NEAR); k++) isNear[k] = true;
  }
  return isNear;
}

function keptPlaces(
  trace: readonly TraceEntry[],
  isNear: readonly boolean[],
  { areStepsFolded = false, farEntriesMax = Number.POSITIVE_INFINITY }: Measure,
): boolean[] {
  const eventful = new Set(trace.filter(({ kind }) => kind !== 'step').map(({ step }) => step));
  const isKept = trace.map(
    ({ kind, step }, place) =>
      isNear[place] === true || !areStepsFolded || kind !== 'step' || eventful.has(step),
  );
  let left = farEntriesMax;
  for (let place = trace.length - 1; place >= 0; place--) {
    if (isKept[place] !== true || isNear[place] === true) continue;
    if (left-- <= 0) isKept[place] = false;
  }
  return isKept;
}
