// Why a step happened: the message that arrived, the event that scheduled it, and what failed to come in
// between. And the way back from a violation to the first fault. Pure.

import type { TraceEntry } from '../../../../history/trace.ts';
import { isLost } from './event-text.ts';
import type { RunModel } from './run-model.ts';
import { lowerBound } from './scale.ts';
import { hostsOf } from './shown-entries.ts';

/** A step because of which another happened. */
export interface Cause {
  readonly step: number;
  /** `missing`: what was lost while this waited. `fault`: what befell its host meanwhile. */
  readonly why: 'message' | 'scheduled' | 'missing' | 'fault';
  /** The entry that says so, as a place in the trace. */
  readonly index: number;
}

const BEFALLS = new Set(['crashed', 'paused', 'stopped']);

/** Whether an entry is a fault, or shows one at work. */
export function isFault(entry: TraceEntry): boolean {
  switch (entry.kind) {
    case 'fault':
      return entry.change !== 'ends';
    case 'sent':
      return isLost(entry) || entry.fate !== 'delivered' || entry.isTwice === true;
    case 'host':
      return BEFALLS.has(entry.change);
    case 'note':
      return entry.text.startsWith('partition: ');
    default:
      return false;
  }
}

/** Why a step happened: what was lost comes first, then faults, then what made it happen. */
export function causesOf(model: RunModel, step: number): Cause[] {
  const entry = model.stepEntryOf(step);
  if (entry === undefined) return [];
  const { from, to } = model.rangeOf(step);
  const causes: Cause[] = [];
  for (let i = from; i < to; i++) {
    const sent = model.sentOf[i] ?? -1;
    if (sent >= 0) causes.push({ step: stepAt(model, sent), why: 'message', index: sent });
  }
  if (causes.length > 0 || entry.cause === undefined) return causes.filter((cause) => cause.step !== step);
  causes.push({ step: entry.cause, why: 'scheduled', index: model.rangeOf(entry.cause).from });
  return [...befallen(model, entry.host, model.rangeOf(entry.cause).from, from), ...causes];
}

/** What befell a host between two entries, latest first, what was lost before the rest; at most a few. */
function befallen(model: RunModel, host: string, from: number, to: number): Cause[] {
  const missing: Cause[] = [];
  const faults: Cause[] = [];
  const places = faultsByHost(model).get(host) ?? [];
  const first = lowerBound(places.length, (i) => places[i] ?? 0, from);
  const last = lowerBound(places.length, (i) => places[i] ?? 0, to) - 1;
  for (let i = last; i >= first && missing.length + faults.length < BEFALLEN_MAX; i--) {
    const index = places[i] as number;
    const { kind, step } = model.trace[index] as TraceEntry;
    if (kind === 'sent') missing.push({ step, why: 'missing', index });
    else faults.push({ step, why: 'fault', index });
  }
  return [...missing, ...faults];
}

const BEFALLEN_MAX = 4;

const faultsOfRuns = new WeakMap<RunModel, Map<string, number[]>>();

/** The faults of a run by the hosts that they befall, in order. */
function faultsByHost(model: RunModel): Map<string, number[]> {
  const known = faultsOfRuns.get(model);
  if (known !== undefined) return known;
  const byHost = new Map<string, number[]>();
  for (const [i, entry] of model.trace.entries()) {
    if (!isFault(entry)) continue;
    for (const host of entry.kind === 'fault' ? entry.hosts : hostsOf(entry)) {
      const list = byHost.get(host);
      if (list === undefined) byHost.set(host, [i]);
      else list.push(i);
    }
  }
  faultsOfRuns.set(model, byHost);
  return byHost;
}

function stepAt({ trace }: RunModel, index: number): number {
  return trace[index]?.step ?? 0;
}

/**
 * The way back from a violation: the steps that led to it and, among them, those of the story at which a
 * fault was at work; latest first.
 */
export function wayBack(model: RunModel, violation: number, slice: readonly number[]): number[] {
  const way = new Set([violation]);
  const left = [violation];
  // Along every cause: a fault is seldom on the one chain that ends in the violation.
  for (let step = left.pop(); step !== undefined; step = left.pop()) {
    const causes = causesOf(model, step);
    const lost = causes.filter(({ why }) => why === 'missing' || why === 'fault').slice(0, 1);
    for (const cause of [...lost, ...causes.filter(({ why }) => why === 'message' || why === 'scheduled')]) {
      if (cause.step >= step || way.has(cause.step)) continue;
      way.add(cause.step);
      left.push(cause.step);
    }
  }
  for (const i of slice) {
    const entry = model.trace[i];
    if (entry !== undefined && isFault(entry) && entry.step < violation) way.add(entry.step);
  }
  return [...way].toSorted((a, b) => b - a);
}

/** All steps without which one would not have happened, along messages and schedules. */
export function ancestors(model: RunModel, step: number): Set<number> {
  const found = new Set<number>();
  const left = [step];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    for (const { step: cause, why } of causesOf(model, next)) {
      if (why !== 'fault' && cause < next) left.push(cause);
    }
  }
  return found;
}

/** All steps that would not have happened without one, along schedules; at most `stepsMax`. */
export function descendants(model: RunModel, step: number, stepsMax: number): Set<number> {
  const found = new Set<number>([step]);
  for (const next of found) {
    for (const effect of model.effectsOf(next)) if (found.size < stepsMax) found.add(effect);
  }
  return found;
}
