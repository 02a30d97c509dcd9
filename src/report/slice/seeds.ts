// Where the causal slice begins: what is known to belong to a failure before any cause is followed.

import type { Operation } from '../../history/operation.ts';
import { evidenceSeeds } from './evidence-seeds.ts';
import { faultSeeds } from './fault-seeds.ts';
import { lastDoneFor } from './last-done.ts';
import { namedSeeds, operationPlaces } from './named-seeds.ts';
import { isEndless, remainingFaults, type FailedPromise, type SlicedRun } from './sliced-run.ts';
import { changesIn, lastChanges, stateSeeds } from './state-seeds.ts';
import type { TraceIndex } from './trace-index.ts';

/** Where a slice begins, and how many steps it may have. */
export interface Seeds {
  readonly seeds: readonly number[];
  readonly stepsMax: number;
}

/** Of a run that does not end, so many steps are shown. */
const ENDLESS_STEPS_MAX = 12;
/** What was missed, not done: the step in which that was seen has nothing to do with it. */
const MISSED: readonly string[] = ['WT_LIVENESS', 'WT_DEADLOCK'];
/** What looks at the state of hosts, and may do so some time after it went wrong. */
const SEEN_LATER: readonly string[] = ['WT_INVARIANT', 'WT_LIVENESS', 'WT_ASSERTION', 'WT_DRIVE_THREW'];
/** As many of what waits are shown. */
const PENDING_MAX = 4;
const STORM_ENDS = 'faults stop, everything heals';

/** What belongs to a violation, as places in the trace. */
export function seedsOf(index: TraceIndex, run: SlicedRun, violation: FailedPromise): Seeds {
  const { code, message, evidence } = violation;
  const isCutShort = isEndless(violation);
  const isMissed = MISSED.includes(code);
  const faults = remainingFaults(run);
  const seeds = [
    ...(evidence === undefined ? [] : evidenceSeeds(index, evidence)),
    ...(isMissed ? pendingSeeds(index, run.history) : violatingStep(index, violation)),
    ...(evidence === undefined && SEEN_LATER.includes(code)
      ? stateSeeds(index, changesSeen(index, violation))
      : []),
    ...(isCutShort ? [] : namedSeeds(index, run.history, message)),
    ...faultSeeds(index, faults),
    ...(code === 'WT_LIVENESS' || faults.length > 0 ? endOfStorm(index, violation) : []),
  ];
  return { seeds, stepsMax: isCutShort ? ENDLESS_STEPS_MAX : Number.POSITIVE_INFINITY };
}

/** The step, what it did to the state and to its host, and the operations that ended in it. */
function violatingStep(index: TraceIndex, { step, host }: FailedPromise): number[] {
  const began = index.step(step);
  const told = index.within(step).filter((place) => {
    const entry = index.at(place);
    if (entry.kind === 'operation') return entry.type !== 'invoke';
    if (entry.kind === 'log') return entry.host === host && entry.stream === 'stderr';
    if (entry.kind === 'note') return entry.host === host;
    return entry.kind === 'host' && entry.host === host;
  });
  return [...(began === undefined ? [] : [began]), ...told];
}

/** What the step changed; where that is nothing, what each host was left with. */
function changesSeen(index: TraceIndex, { step, code }: FailedPromise): number[] {
  const changes = code === 'WT_INVARIANT' ? changesIn(index, step) : [];
  return changes.length > 0 ? changes : lastChanges(index, step);
}

/** What has not ended, and what was last done for it. */
function pendingSeeds(index: TraceIndex, history: readonly Operation[]): number[] {
  const pending = history.filter(({ type }) => type === 'pending').slice(0, PENDING_MAX);
  return pending.flatMap((operation) => [
    ...operationPlaces(index, operation),
    ...lastDoneFor(index, operation),
  ]);
}

function endOfStorm(index: TraceIndex, { step }: FailedPromise): number[] {
  return index.all('note', (entry) => entry.text === STORM_ENDS && entry.step <= step);
}
