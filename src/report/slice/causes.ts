// The edges of the causal slice: what each entry of a trace came from, as places in the trace.

import type { Activity } from '../../history/provenance.ts';
import type { ArrivedEntry, HostEntry, StateEntry, StepEntry } from '../../history/trace.ts';
import type { TraceIndex } from './trace-index.ts';

/** What an entry came from, directly. Nothing for what the scenario or the storm began. */
export function causesOf(index: TraceIndex, place: number): number[] {
  const entry = index.at(place);
  switch (entry.kind) {
    case 'step':
      return causesOfStep(index, entry);
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
    case 'fault':
    case 'log':
    case 'note':
      return known(index.step(entry.step));
  }
}

/**
 * A step came from the message that arrived in it, or from the step that scheduled it. A timer that repeats
 * goes back to its last time only: a heartbeat has no beginning that matters.
 */
function causesOfStep(index: TraceIndex, entry: StepEntry): number[] {
  const arrival = index.arrivalIn(entry.step);
  if (arrival !== undefined) {
    const sent = index.sent(index.at(arrival) as ArrivedEntry, arrival);
    if (sent !== undefined) return [arrival, sent];
  }
  if (entry.cause === undefined) return known(arrival);
  const before = index.stepEntry(entry.cause);
  if (before !== undefined && isSameTimer(before, entry)) return known(arrival);
  return [...known(arrival), ...contextOf(index, entry.cause, { host: entry.host })];
}

function isSameTimer(left: StepEntry, right: StepEntry): boolean {
  return left.host === right.host && left.what === right.what && left.site === right.site;
}

/**
 * What was going on in a step when something in it was done: an operation that its client had begun there, or
 * the step itself. What a client does next is its own decision, so its chain ends at the operation.
 */
function contextOf(
  index: TraceIndex,
  step: number,
  { host, before = Number.POSITIVE_INFINITY }: { host?: string; before?: number },
): number[] {
  const invoked = index.within(step).findLast((place) => {
    const entry = index.at(place);
    return place < before && entry.kind === 'operation' && entry.type === 'invoke' && entry.client === host;
  });
  return known(invoked ?? index.step(step));
}

/** A change of state also came from the message that its host was handling, some awaits ago. */
function causesOfActivity(index: TraceIndex, entry: StateEntry, place: number): number[] {
  let cause: Activity | undefined = entry.cause;
  while (cause?.kind === 'timer') cause = cause.after;
  if (cause?.kind !== 'message') return [];
  const { from, label, nth, isCopy } = cause;
  const message = cause.message as ArrivedEntry['message'];
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
