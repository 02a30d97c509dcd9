// The story of one test in one recorded run: what happened, in its order, without what every run has.

import { relative } from 'node:path';
import type { StepEntry, TraceEntry } from '../history/trace.ts';
import { TEST_HOST } from './conditions.ts';

/** Something that happened. */
export interface StoryEvent {
  /** Virtual milliseconds since the run began. */
  readonly atMs: number;
  readonly text: string;
  /** Where the code asked for it, in a file of the user: `test/orders.test.ts:12:5`. */
  readonly site?: string;
}

/** Steps that every run has, or that are parts of one thing that is told. */
const ROUTINE =
  /^(drive|boot|end of the event loop|read|written|resume|connection to |signal |dns\.lookup localhost)/;

/** Everything from the beginning of the run on: an earlier test may be what matters. */
export function storyOf(trace: readonly TraceEntry[]): StoryEvent[] {
  const events: StoryEvent[] = [];
  for (const entry of trace) {
    const text = textOf(entry);
    if (text === undefined) continue;
    const site = entry.kind === 'step' ? ownSite(entry) : undefined;
    events.push({ atMs: entry.atUs / 1000, text, ...(site === undefined ? {} : { site }) });
  }
  return events;
}

/** The part of a story that is about one test: from its beginning to its end. */
export function partAbout(id: string, events: readonly StoryEvent[]): readonly StoryEvent[] {
  const begin = events.findIndex(({ text }) => text === `test begins: ${id}`);
  if (begin === -1) return events;
  const end = events.findIndex(({ text }) => text.startsWith('test ') && text.endsWith(`ed: ${id}`));
  return events.slice(begin, end === -1 ? undefined : end + 1);
}

/** Where two stories part: how many events they have in common at the beginning, but for their times. */
export function commonEvents(one: readonly StoryEvent[], other: readonly StoryEvent[]): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at]?.text === other[at]?.text) at++;
  return at;
}

function textOf(entry: TraceEntry): string | undefined {
  if (entry.kind === 'step') return stepText(entry);
  if (entry.kind === 'log') return `prints: ${entry.text.trimEnd()}`;
  if (entry.kind === 'fault') {
    if (entry.fault !== 'pause') return undefined;
    return entry.change === 'ends' ? 'code runs again' : 'nothing runs from here on';
  }
  if (entry.kind !== 'note') return undefined;
  return /^(test |exit code|uncaught|unhandled)/.test(entry.text) ? entry.text : undefined;
}

function stepText(step: StepEntry): string | undefined {
  const { host, what } = step;
  if (host !== TEST_HOST || ROUTINE.test(what)) return undefined;
  if (what === 'immediate') return ownSite(step) === undefined ? undefined : 'immediate';
  const message = /^(.*) from test$/.exec(what)?.[1];
  if (message !== undefined) return `${message} arrives`;
  return /^(timer|interval)/.test(what) ? what : `${what} is done`;
}

/** Of a file of the user, relative to where the command was called. */
function ownSite({ site }: StepEntry): string | undefined {
  if (site === undefined || /[\\/]node_modules[\\/]|^node:/.test(site)) return undefined;
  return shownPath(site);
}

/** A path as it is shown: relative to where the command was called, if that is shorter. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.length < path.length ? near : path;
}
