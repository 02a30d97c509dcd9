// An append-only log: entries keep the place that they were given, and none is ever lost.

import fc from 'fast-check';
import { isEqual } from './equal.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown, told } from './words.ts';

/** What a client asks of the log. `log` names one of several, which do not touch each other. */
export type LogInput<Entry> =
  | { readonly name: 'append'; readonly entry: Entry; readonly log?: string }
  | { readonly name: 'read'; readonly from: number; readonly limit?: number; readonly log?: string }
  | { readonly name: 'length'; readonly log?: string };

/** What it is answered: a place, entries, or how many there are. */
export type LogOutput<Entry> = number | readonly Entry[];

/**
 * Makes the model of an append-only log.
 *
 * - `append` puts an entry at the end, and answers its place, counted from 0.
 * - `read` answers the entries from place `from` on, at most `limit` of them, in order; `[]` beyond the end.
 * - `length` answers how many entries there are.
 *
 * Nothing is left open: places have no gaps, no entry is there twice, and a read sees every entry that was
 * acknowledged before it began. A read that may end early (a page, a poll) is one with a `limit`.
 *
 * Source: the shared log of CORFU (Balakrishnan and others, NSDI 2012), without its holes and its trim.
 */
export function appendOnlyLog<Entry>(): Model<readonly Entry[], LogInput<Entry>, LogOutput<Entry>> {
  return {
    name: 'append-only log',
    initial: [],
    partOf: ({ log = '' }) => log,
    isReader: ({ name }) => name !== 'append',
    next(entries, input, answer) {
      if (input.name === 'append') {
        return answer === UNKNOWN || answer === entries.length ? [[...entries, input.entry]] : [];
      }
      if (answer === UNKNOWN) return [entries];
      if (input.name === 'length') return answer === entries.length ? [entries] : [];
      const { from, limit = Number.POSITIVE_INFINITY } = input;
      return isEqual(answer, entries.slice(from, from + limit)) ? [entries] : [];
    },
    describe,
    describeState: (entries) =>
      entries.length === 0 ? 'an empty log' : `a log of ${entries.length}: ${shown(entries)}`,
  };
}

function describe(input: LogInput<unknown>, answer: Answer<LogOutput<unknown>>): string {
  const log = input.log === undefined ? 'the log' : `log ${input.log}`;
  if (input.name === 'append') {
    const what = `${shown(input.entry)} to ${log}`;
    return told(answer, `asked to append ${what}`, (place) => `appended ${what} at place ${shown(place)}`);
  }
  if (input.name === 'length') {
    const what = `the length of ${log}`;
    return told(answer, `asked to read ${what}`, (length) => `read ${what}: ${shown(length)}`);
  }
  const atMost = input.limit === undefined ? '' : `at most ${input.limit} entries of `;
  const what = `${atMost}${log} from place ${input.from} on`;
  return told(answer, `asked to read ${what}`, (entries) => `read ${what}: ${shown(entries)}`);
}

/**
 * Operations of an append-only log, of few entries and places, so that clients meet.
 *
 * @param options.entries - What is appended. Default: the integers from 0 to 9.
 * @param options.logs - The names of the logs. Default: one log without a name.
 */
export function logOperations(options?: {
  readonly logs?: readonly string[];
}): fc.Arbitrary<LogInput<number>>;
export function logOperations<Entry>(options: {
  readonly entries: fc.Arbitrary<Entry>;
  readonly logs?: readonly string[];
}): fc.Arbitrary<LogInput<Entry>>;
export function logOperations({
  entries = fc.integer({ min: 0, max: 9 }),
  logs = [],
}: {
  readonly entries?: fc.Arbitrary<unknown>;
  readonly logs?: readonly string[];
} = {}): fc.Arbitrary<LogInput<unknown>> {
  const plain = { noNullPrototype: true } as const;
  const from = fc.integer({ min: 0, max: 4 });
  const operation: fc.Arbitrary<LogInput<unknown>> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ name: fc.constant('append' as const), entry: entries }, plain) },
    { weight: 2, arbitrary: fc.record({ name: fc.constant('read' as const), from }, plain) },
    { weight: 1, arbitrary: fc.record({ name: fc.constant('length' as const) }, plain) },
  );
  if (logs.length === 0) return operation;
  return fc.tuple(operation, fc.constantFrom(...logs)).map(([input, log]) => ({ ...input, log }));
}
