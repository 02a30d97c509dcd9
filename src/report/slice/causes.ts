// The edges of the causal slice: what each entry of a trace came from, as places in the trace.

import type { Activity } from '../../history/provenance.ts';
import type { ArrivedEntry, HostEntry, StateEntry, StepEntry } from '../../history/trace.ts';
import type { TraceIndex } from './trace-index.ts';

/** How far back a loop is looked for. */
const LOOP_STEPS_MAX = 200;

/**
 * What an entry came from, directly. Nothing for what the scenario or the storm began.
 *
 * @param isEarlierRound - Whether a step is of interest only as the round of a loop before the last one: what
 *   is between it and the first round is left out then.
 */
export function causesOf(index: TraceIndex, place: number, isEarlierRound = false): number[] {
  const entry = index.at(place);
  switch (entry.kind) {
    case 'step':
      return causesOfStep(index, entry, isEarlierRound);
    case 'arrived':
      return known(index.sent(entry, place), index.step(entry.step));
    case 'sent':
      return contextOf(index, entry.step, { host: entry.from, before: place });
    case 'operation':
      if (entry.type === 'invoke') return [];
      return [...known(index.invoked(entry)), ...contextOf(index, entry.step, { before: place })];
    case 'state':
      return [...known(index.step(entry.step)), ...causesOfActivity(index, entry, place)];
    case 'host':
      return [...known(index.step(entry.step)), ...known(changedBefore(index, entry, place))];
    default:
      return known(index.step(entry.step));
  }
}

/** A step came from the message that arrived in it, or from the step that scheduled it. */
function causesOfStep(index: TraceIndex, entry: StepEntry, isEarlierRound: boolean): number[] {
  const arrival = index.arrivalIn(entry.step);
  if (arrival !== undefined) {
    const sent = index.sent(index.at(arrival) as ArrivedEntry, arrival);
    if (sent !== undefined) return [arrival, sent];
  }
  return [...known(arrival), ...scheduledBy(index, entry, isEarlierRound)];
}

/**
 * Where a timer was set. One that repeats goes back to its last time only: a heartbeat has no beginning that
 * matters. Of a loop that waits again and again, its last round is how the waiting ended.
 */
function scheduledBy(index: TraceIndex, entry: StepEntry, isEarlierRound: boolean): number[] {
  const { cause, host } = entry;
  if (cause === undefined) return [];
  const invoked = invokedIn(index, cause, { host });
  if (invoked !== undefined) return [invoked];
  const before = index.stepEntry(cause);
  // The step was left out of this trace: then what is left of its loop is what it came from.
  if (before === undefined) {
    return index.all('step', (each) => each.step < entry.step && isSameTimer(each, entry));
  }
  if (isSameTimer(before, entry)) return [];
  const from = isEarlierRound ? (firstRound(index, entry) ?? before) : before;
  return known(index.step(from.step));
}

/**
 * The round of a loop before the one that a step begins, if it begins one: where that round began, and the
 * steps from there to here.
 */
export function roundBefore(
  index: TraceIndex,
  place: number,
): { readonly place: number | undefined; readonly steps: readonly number[] } | undefined {
  const entry = index.at(place);
  if (entry.kind !== 'step' || index.arrivalIn(entry.step) !== undefined) return undefined;
  const steps: number[] = [];
  for (const step of stepsBefore(index, entry)) {
    steps.push(step.step);
    if (isSameTimer(step, entry)) return { place: index.step(step.step), steps };
  }
  return undefined;
}

function isSameTimer(left: StepEntry, right: StepEntry): boolean {
  return left.host === right.host && left.what === right.what && left.site === right.site;
}

/** The first round of the loop that a timer is in, if there are others in between. */
function firstRound(index: TraceIndex, entry: StepEntry): StepEntry | undefined {
  const rounds = [...stepsBefore(index, entry)].filter((step) => isSameTimer(step, entry));
  return rounds.length >= 2 ? rounds.at(-1) : undefined;
}

/** The steps that led to a step within the same operation, the last one first. */
function* stepsBefore(index: TraceIndex, entry: StepEntry): Generator<StepEntry> {
  let step = stepBefore(index, entry);
  for (let length = 0; step !== undefined && length < LOOP_STEPS_MAX; length++) {
    yield step;
    step = stepBefore(index, step);
  }
}

/** The step from which another came, within the same operation. */
function stepBefore(index: TraceIndex, entry: StepEntry): StepEntry | undefined {
  const arrival = index.arrivalIn(entry.step);
  const sent = arrival === undefined ? undefined : index.sent(index.at(arrival) as ArrivedEntry, arrival);
  const [before] =
    sent !== undefined
      ? causesOf(index, sent)
      : entry.cause === undefined
        ? []
        : contextOf(index, entry.cause, { host: entry.host });
  const found = before === undefined ? undefined : index.at(before);
  return found?.kind === 'step' ? found : undefined;
}

/** Something that was done in a step. */
interface Doing {
  /** Who did it. */
  readonly host?: string;
  /** Where in the trace. Default: at the end of the step. */
  readonly before?: number;
}

/**
 * What a step was about: an operation that its client had begun there, or the step itself. What a client does
 * next is its own decision, so its chain ends at the operation.
 */
function contextOf(index: TraceIndex, step: number, doing: Doing): number[] {
  return known(invokedIn(index, step, doing) ?? index.step(step));
}

function invokedIn(
  index: TraceIndex,
  step: number,
  { host, before = Number.POSITIVE_INFINITY }: Doing,
): number | undefined {
  return index.within(step).findLast((place) => {
    const entry = index.at(place);
    return place < before && entry.kind === 'operation' && entry.type === 'invoke' && entry.client === host;
  });
}

/** A change of state also came from the message that its host was handling, some awaits ago. */
function causesOfActivity(index: TraceIndex, entry: StateEntry, place: number): number[] {
  let cause: Activity | undefined = entry.cause;
  while (cause?.kind === 'timer') cause = cause.after;
  if (cause?.kind !== 'message') return [];
  const { from, message, label, nth, isCopy } = cause;
  return known(index.handled({ from, to: entry.host, message, label, nth, isCopy }, place));
}

/** A host that is there again was gone, and one that goes on was paused. */
function changedBefore(index: TraceIndex, { host, change }: HostEntry, place: number): number | undefined {
  const was = change === 'resumed' ? ['paused'] : change === 'booted' ? ['crashed', 'stopped'] : undefined;
  if (was === undefined) return undefined;
  return index
    .all('host', (entry) => entry.host === host && was.includes(entry.change))
    .findLast((each) => each < place);
}

function known(...places: (number | undefined)[]): number[] {
  return places.filter((place) => place !== undefined);
}
