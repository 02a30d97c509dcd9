// A recorded run with its indexes: which entries belong to a step, which message arrived where, what led to
// what. Computed once; pure.

import type { StepEntry, TraceEntry } from '../../../../history/trace.ts';
import type { RunReport } from '../../../document.ts';

/** Entries of the trace from `from` up to, but not including, `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A run, indexed. Entries are named by their places in the trace. */
export interface RunModel {
  readonly run: RunReport;
  readonly trace: readonly TraceEntry[];
  /** Hosts and clients: the driver of the scenario is none of them. */
  readonly names: ReadonlySet<string>;
  /** All steps that have entries, in order. */
  readonly steps: readonly number[];
  readonly rangeOf: (step: number) => Range;
  /** The executed event of a step; undefined for what was there before the first. */
  readonly stepEntryOf: (step: number) => StepEntry | undefined;
  /** Where a sent message arrived, or -1; and its copy. */
  readonly arrivalOf: Int32Array;
  readonly copyOf: Int32Array;
  /** Where an arrived message was sent, or -1. */
  readonly sentOf: Int32Array;
  /** The steps that were scheduled during a step. */
  readonly effectsOf: (step: number) => readonly number[];
}

const NOTHING: readonly number[] = [];

/** Indexes a run. */
export function runModel(run: RunReport): RunModel {
  const { trace } = run;
  const ranges = new Map<number, { from: number; to: number }>();
  const steps: number[] = [];
  const stepEntries = new Map<number, StepEntry>();
  const effects = new Map<number, number[]>();
  for (const [i, entry] of trace.entries()) {
    const range = ranges.get(entry.step);
    if (range === undefined) {
      ranges.set(entry.step, { from: i, to: i + 1 });
      steps.push(entry.step);
    } else range.to = i + 1;
    if (entry.kind !== 'step') continue;
    stepEntries.set(entry.step, entry);
    if (entry.cause === undefined) continue;
    const list = effects.get(entry.cause);
    if (list === undefined) effects.set(entry.cause, [entry.step]);
    else list.push(entry.step);
  }
  return {
    run,
    trace,
    steps,
    names: new Set([...run.clients, ...run.hosts]),
    rangeOf: (step) => ranges.get(step) ?? { from: 0, to: 0 },
    stepEntryOf: (step) => stepEntries.get(step),
    effectsOf: (step) => effects.get(step) ?? NOTHING,
    ...pairs(trace),
  };
}

/** Pairs each message that was sent with its arrivals. */
function pairs(trace: readonly TraceEntry[]): Pick<RunModel, 'arrivalOf' | 'copyOf' | 'sentOf'> {
  const arrivalOf = new Int32Array(trace.length).fill(-1);
  const copyOf = new Int32Array(trace.length).fill(-1);
  const sentOf = new Int32Array(trace.length).fill(-1);
  const lastSent = new Map<string, number>();
  for (const [i, entry] of trace.entries()) {
    if (entry.kind !== 'sent' && entry.kind !== 'arrived') continue;
    const key = `${entry.message}\n${entry.from}\n${entry.to}\n${entry.nth}\n${entry.label}`;
    if (entry.kind === 'sent') {
      lastSent.set(key, i);
      continue;
    }
    const sent = lastSent.get(key);
    if (sent === undefined) continue;
    sentOf[i] = sent;
    const places = entry.isCopy ? copyOf : arrivalOf;
    places[sent] = i;
  }
  return { arrivalOf, copyOf, sentOf };
}

/** All names that can have a lane: clients, hosts, and whoever else sends or receives, in that order. */
export function laneNames({ run, trace }: Pick<RunModel, 'run' | 'trace'>): string[] {
  const names = new Set([...run.clients, ...run.hosts]);
  for (const entry of trace) {
    if (entry.kind !== 'sent') continue;
    names.add(entry.from);
    names.add(entry.to);
  }
  return [...names];
}
