// The story of a run so far: what happened up to a step, and how the hosts are after it.

import { applyPatches } from '../history/apply-patches.ts';
import type { TraceEntry } from '../history/trace.ts';
import { faultLines, headline, paragraph, storyOf, thousands } from './failure-text.ts';
import type { ReportedRun } from './shown-run.ts';
import { placeText, shortJson } from './state-text.ts';
import { BLANK, lineOf, STORY_COLUMNS, type StoryLine } from './story.ts';
import { cutEnd, cutMiddle, widthOf } from './text-width.ts';
import { timeline } from './timeline.ts';
import { CHANGES } from './trace-words.ts';
import { visibleText } from './visible-text.ts';

/** Where a run was stopped. */
export interface StoppedAt {
  readonly step: number;
  readonly host: string;
  /** What happened in this step. */
  readonly what: string;
}

const PLACE_MAX = 34;
const PLACES_MAX = 12;

/** How a host is after each change; any other change is an end. */
const STANDING: Readonly<Record<string, string>> = {
  booted: 'up',
  resumed: 'up',
  stopping: 'is stopping',
  paused: 'paused',
  crashed: 'down: crashed',
  stopped: 'down: stopped',
};

/**
 * Tells a run so far, in lines.
 *
 * @param run - As it may be shown, recorded.
 * @param stopped - Default: it went to its end.
 */
export function runUntilStory(run: ReportedRun, hosts: readonly string[], stopped?: StoppedAt): StoryLine[] {
  const [violation] = run.violations;
  const isCalm = violation === undefined && run.plan.faults.length === 0;
  return [
    ...heading(run, stopped).map((text, i) =>
      i === 0 ? lineOf('headline', text) : paragraph('where', text),
    ),
    ...(isCalm ? [] : faultLines(run, []).map((text) => paragraph('fault', text, 'fault'))),
    ...(violation === undefined ? [] : headline(violation).map(indented)),
    BLANK,
    ...(violation === undefined ? soFar(run, stopped) : storyOf(run)),
    BLANK,
    lineOf('state', `  hosts, after step ${stopped?.step ?? run.steps}:`),
    ...hosts.flatMap((name) => hostLines(name, run.trace ?? [])),
    ...underWay(run),
  ];
}

function heading({ scenario, seed, virtualMs, steps }: ReportedRun, stopped?: StoppedAt): string[] {
  const run = visibleText(`scenario \`${scenario}\`, seed ${seed}`);
  const at = `at ${thousands(virtualMs)} ms`;
  if (stopped === undefined) return [`${run}: over after step ${steps}`, at];
  return [`${run}: stopped after step ${stopped.step}`, `${at}, host \`${stopped.host}\`: ${stopped.what}`];
}

function indented(line: StoryLine): StoryLine {
  return { ...line, spans: [{ text: '  ' }, ...line.spans] };
}

function soFar({ trace = [], history, virtualMs }: ReportedRun, stopped?: StoppedAt): StoryLine[] {
  if (stopped === undefined) return timeline(trace, { history });
  const { step, host } = stopped;
  const ending = { atMs: virtualMs, step, host, text: 'stopped here' };
  return timeline(trace, { history, ending });
}

function hostLines(name: string, trace: readonly TraceEntry[]): StoryLine[] {
  const changes = trace.filter((entry) => entry.kind === 'host' && entry.host === name);
  const boots = changes.filter((entry) => 'change' in entry && entry.change === 'booted').length;
  const last = changes.at(-1);
  const change = last?.kind === 'host' ? last.change : 'has not booted yet';
  const standing = STANDING[change] ?? CHANGES[change] ?? change;
  const life = boots > 1 ? `, life ${boots}` : '';
  return [
    lineOf('state', `    ${cutMiddle(visibleText(`${name} ${standing}${life}`), STORY_COLUMNS - 4)}`),
    ...stateLines(statesOf(name, trace)),
  ];
}

/** What a host keeps, by store. */
function statesOf(name: string, trace: readonly TraceEntry[]): Map<string, unknown> {
  const states = new Map<string, unknown>();
  for (const entry of trace) {
    if (entry.kind !== 'state' || entry.host !== name) continue;
    states.set(entry.store, applyPatches(states.get(entry.store), entry.patches));
  }
  return states;
}

function stateLines(states: ReadonlyMap<string, unknown>): StoryLine[] {
  const places = [...states].flatMap(([store, value]): [string, unknown][] => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[store, value]];
    return Object.entries(value).map(([key, inner]) => [placeText(store, [key]), inner]);
  });
  const shown = places.slice(0, PLACES_MAX).map(([place, value]) => {
    const named = cutMiddle(visibleText(place), PLACE_MAX);
    const room = STORY_COLUMNS - 6 - widthOf(named) - 3;
    return lineOf('state', `      ${named} = ${shortJson(value, room)}`);
  });
  const rest = places.length - shown.length;
  return rest > 0 ? [...shown, lineOf('state', `      ... and ${rest} more`, 'muted')] : shown;
}

function underWay({ history }: ReportedRun): StoryLine[] {
  const pending = history.filter(({ type }) => type === 'pending');
  if (pending.length === 0) return [];
  const lines = pending.map(({ client, name, invokedMs }) => {
    const text = `    \`${name}\` of ${client}, since ${thousands(invokedMs)} ms`;
    return lineOf('state', cutEnd(visibleText(text), STORY_COLUMNS));
  });
  return [lineOf('state', '  operations that have not ended:'), ...lines];
}
