// Finds the moment of a recorded run that a person means: the step of a number, or where something of a name
// happens first.

import { nearMiss, OptionError } from '../errors.ts';
import type { SentEntry, TraceEntry } from '../history/trace.ts';
import { messageKey } from '../report/slice/trace-index.ts';
import { messageName } from '../report/trace-words.ts';
import type { Moment } from '../scenario/interruption.ts';
import type { RunResult } from '../scenario/result.ts';

/** What a moment is found by. */
export interface MomentWords {
  /** A step, counted from 1. */
  readonly untilStep?: number | undefined;
  /**
   * What happens then: the name of a marker, of an operation, of a check that fails, of a message as stories
   * call it (`POST /charge #2`), of a change of a host (`payments crashed`), or a part of a line that a host
   * prints. `NAME #2` is its second time.
   */
  readonly breakOn?: string | undefined;
}

/** How many names are listed for who asks for one that does not happen. */
const LISTED_MAX = 12;

/**
 * Finds a moment. Without words, it is where the run fails.
 *
 * @throws {OptionError} If it does not happen in this run.
 */
export function momentOf({ untilStep, breakOn }: MomentWords, run: RunResult): Moment {
  if (untilStep !== undefined) {
    if (untilStep <= run.steps) return { step: untilStep };
    throw OptionError.expected('--until', `a step of the run, which has ${run.steps}`, untilStep);
  }
  const [violation] = run.violations;
  if (breakOn === undefined) {
    if (violation !== undefined) return { step: Math.max(1, violation.step) };
    throw new OptionError(
      'The run passes, so there is no step at which it fails. ' +
        'Say where to stop: `--until STEP`, `--break-on NAME`.',
    );
  }
  const { trace = [] } = run;
  const moment = named(breakOn, run) ?? printed(breakOn, trace);
  if (moment !== undefined) return moment;
  throw new OptionError(
    `Expected \`--break-on\` to name what happens in this run, got ${JSON.stringify(breakOn)}` +
      nearestText(breakOn, [...new Set(happenings(run).map(({ name }) => name))]),
  );
}

/** Something that happens, and may be named. */
interface Happening {
  readonly name: string;
  readonly moment: Moment;
}

/** A name that itself ends in a number is tried first. */
function named(name: string, run: RunResult): Moment | undefined {
  const all = happenings(run);
  const exact = all.find((each) => each.name === name);
  if (exact !== undefined) return exact.moment;
  const [, base, nth] = /^(.*) #([1-9]\d*)$/s.exec(name) ?? [];
  return base === undefined ? undefined : all.filter((each) => each.name === base)[Number(nth) - 1]?.moment;
}

function happenings({ trace = [], violations }: RunResult): Happening[] {
  const arrivals = new Map<string, number>();
  for (const entry of trace.toReversed()) {
    if (entry.kind === 'arrived' && !entry.isCopy) arrivals.set(messageKey(entry), entry.step);
  }
  return [
    ...violations.slice(0, 1).map(({ name, step }) => ({ name, moment: { step: Math.max(1, step) } })),
    ...trace.flatMap((entry, place) => happening(entry, place, arrivals)),
  ];
}

function happening(entry: TraceEntry, place: number, arrivals: ReadonlyMap<string, number>): Happening[] {
  const here = { step: entry.step, entry: place };
  switch (entry.kind) {
    case 'note': {
      const name = /^(?:reached|buggify): (.*)$/s.exec(entry.text)?.[1];
      return name === undefined ? [] : [{ name, moment: here }];
    }
    case 'operation':
      return entry.type === 'invoke' ? [{ name: entry.name, moment: here }] : [];
    case 'host':
      return [{ name: `${entry.host} ${entry.change}`, moment: here }];
    case 'sent':
      return messageNames(entry).map((name) => {
        const step = arrivals.get(messageKey(entry));
        // Where it arrives, code runs that handles it; what never does is looked at where it is sent.
        return { name, moment: step === undefined ? here : { step } };
      });
    default:
      return [];
  }
}

/** `201 to POST /charge #2`, and `response to POST /charge #2`. */
function messageNames(entry: SentEntry): string[] {
  return [...new Set([messageName(entry, entry.status), messageName(entry)])];
}

function printed(text: string, trace: readonly TraceEntry[]): Moment | undefined {
  const place = trace.findIndex((entry) => entry.kind === 'log' && entry.text.includes(text));
  return place < 0 ? undefined : { step: (trace[place] as TraceEntry).step, entry: place };
}

function nearestText(name: string, known: readonly string[]): string {
  const nearest = nearMiss(name, known);
  if (nearest.includes('did you mean') || known.length <= LISTED_MAX) return nearest;
  const listed = known.slice(0, LISTED_MAX).map((each) => JSON.stringify(each));
  return `. It has: ${listed.join(', ')}, and ${known.length - LISTED_MAX} more.`;
}
