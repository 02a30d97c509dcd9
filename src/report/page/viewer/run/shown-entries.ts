// Which entries of a run are shown: those of the story, or all; less what filters leave out. Pure.

import type { TraceEntry } from '../../../../history/trace.ts';
import { isRoutine, sentenceOf } from './event-text.ts';
import type { RunModel } from './run-model.ts';

/** What a reader can leave out. */
export const KINDS = [
  'messages',
  'operations',
  'faults',
  'state',
  'logs',
  'notes',
  'timers',
  'routine',
] as const;

/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

/** What is shown of a run. */
export interface Filter {
  /** The entries of the story, in order; undefined for everything. */
  readonly story: readonly number[] | undefined;
  /** Steps of which everything is shown, whatever the story: from and to, both included. */
  readonly opened: readonly (readonly [from: number, to: number])[];
  readonly hiddenHosts: ReadonlySet<string>;
  readonly hiddenKinds: ReadonlySet<Kind>;
  /** Only what contains this, in whatever case; empty for all. */
  readonly text: string;
}

/** Everything. */
export const NO_FILTER: Filter = {
  story: undefined,
  opened: [],
  hiddenHosts: new Set(),
  hiddenKinds: new Set(),
  text: '',
};

/** The kind of an entry, as filters know it. */
export function kindOf(entry: TraceEntry): Kind {
  if (isRoutine(entry)) return 'routine';
  switch (entry.kind) {
    case 'sent':
    case 'arrived':
      return 'messages';
    case 'operation':
      return 'operations';
    case 'fault':
    case 'host':
      return 'faults';
    case 'state':
      return 'state';
    case 'log':
      return 'logs';
    case 'step':
      return 'timers';
    default:
      return 'notes';
  }
}

/**
 * The entries to show, in order; with a message of the story, its arrival. The event of a step is shown for
 * itself only where no message arrived in it, and nothing befell its host: else that shows it.
 */
export function shownEntries(model: RunModel, filter: Filter): number[] {
  const shown: number[] = [];
  const text = filter.text.trim().toLowerCase();
  const consider = (i: number): void => {
    const entry = model.trace[i];
    if (entry === undefined || filter.hiddenKinds.has(kindOf(entry))) return;
    if (entry.kind === 'step' && (!model.names.has(entry.host) || isTold(model, i))) return;
    if (hostsOf(entry).some((host) => filter.hiddenHosts.has(host))) return;
    if (text !== '' && !searchedText(entry).includes(text)) return;
    shown.push(i);
  };
  if (filter.story === undefined) {
    for (let i = 0; i < model.trace.length; i++) consider(i);
    return shown;
  }
  const wanted = new Set(filter.story);
  for (const i of filter.story) {
    const arrival = model.arrivalOf[i] ?? -1;
    if (arrival >= 0) wanted.add(arrival);
  }
  for (const [from, to] of filter.opened) {
    for (const step of model.steps) {
      if (step < from || step > to) continue;
      const range = model.rangeOf(step);
      for (let i = range.from; i < range.to; i++) wanted.add(i);
    }
  }
  for (const i of [...wanted].toSorted((a, b) => a - b)) consider(i);
  return shown;
}

/** Whether the event of a step shows as the message that arrives in it, or as what becomes of its host. */
function isTold(model: RunModel, index: number): boolean {
  const step = model.trace[index]?.step ?? 0;
  const { from, to } = model.rangeOf(step);
  for (let i = from; i < to; i++) {
    const kind = model.trace[i]?.kind;
    if (kind === 'arrived' || kind === 'host') return true;
  }
  return false;
}

/** The hosts that an entry is about. */
export function hostsOf(entry: TraceEntry): readonly string[] {
  switch (entry.kind) {
    case 'sent':
    case 'arrived':
      return [entry.from, entry.to];
    case 'operation':
      return [entry.client];
    case 'fault':
      return entry.hosts.length === 1 ? entry.hosts : [];
    default:
      return entry.host === undefined ? [] : [entry.host];
  }
}

/** What a text filter looks at: the sentence, and of messages headers and body. */
function searchedText(entry: TraceEntry): string {
  const parts = [sentenceOf(entry)];
  if (entry.kind === 'sent' && entry.content !== undefined) {
    for (const [name, value] of entry.content.headers ?? []) parts.push(`${name}: ${value}`);
    parts.push(entry.content.body?.text ?? '');
  }
  if (entry.kind === 'state') parts.push(JSON.stringify(entry.patches));
  return parts.join('\n').toLowerCase();
}
