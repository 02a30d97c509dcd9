// What `wavetank deflake` prints.

import type { DeflakeReport, FlakyOutcome, ReplayedTest, TestReport } from '../deflake/deflake.ts';
import { dateText } from '../deflake/deviations.ts';
import { commonEvents, partAbout, shownPath, type StoryEvent } from '../deflake/story.ts';
import type { Outcome } from '../deflake/runner/outcome.ts';
import type { Output } from '../report/reporters/reporter.ts';
import { printable } from '../report/printable.ts';

/** How many events of a story are shown before and after the place where two stories part. */
const COMMON_MAX = 2;
const DIFFERENT_MAX = 6;
/** How many lines of a message, and frames of a stack in the user's own files, are shown. */
const MESSAGE_LINES_MAX = 12;
const FRAMES_MAX = 2;
const REPLAYED_MAX = 300;

const MARKS = { stable: '✓', flaky: '✗', fails: '✗', unrun: '-' } as const;

/** The report of one file. */
export function deflakeText(report: DeflakeReport, output: Output): string {
  const { file, tests, runs, seed, today } = report;
  const head = `${output.bold(file)} ${output.dim(`${runs} runs, seed ${seed}, as on ${today}`)}`;
  const lines = tests.flatMap((test) => testLines(test, file, output));
  return `${[head, '', ...lines, '', summary(report)].join('\n')}\n\n`;
}

function testLines(test: TestReport, file: string, output: Output): string[] {
  const { verdict, passed, failed, outcome, flaky } = test;
  const id = printable(test.id);
  const mark = MARKS[verdict];
  if (verdict === 'stable') return [`  ${output.green(mark)} ${id}`];
  if (verdict === 'unrun') return [`  ${output.dim(`${mark} ${id} (does not run)`)}`];
  if (verdict === 'fails')
    return [`  ${output.red(mark)} ${id}: fails in every run`, ...outcomeLines(outcome).map(indented)];
  const counts = `passed ${passed} times, failed ${failed} times`;
  const head = `  ${output.red(mark)} ${id}: ${output.red('flaky')}, ${counts}`;
  if (flaky === undefined) return [head];
  const { calm, other } = flaky;
  const causes = [...new Set(other.deviations.map(({ cause }) => cause))];
  const [fewer, more] = differing(test.id, calm, other);
  return [
    head,
    indented(`depends on ${causes.join(', and on ') || 'what was drawn'}`),
    '',
    ...outcomeBlock(calm, { what: 'when nothing is late', events: fewer, file, output }),
    '',
    ...outcomeBlock(other, { what: whenText(other), events: more, file, output }),
    '',
  ];
}

interface Block {
  readonly what: string;
  readonly events: readonly string[];
  readonly file: string;
  readonly output: Output;
}

function outcomeBlock({ outcome, token }: FlakyOutcome, { what, events, file, output }: Block): string[] {
  const verb = outcome.verdict === 'failed' ? output.red('fails') : output.green('passes');
  return [
    `${verb} ${what}`,
    ...outcomeLines(outcome).map((line) => `  ${line}`),
    ...events.map((line) => `  ${output.dim(line)}`),
    `  ${replayLine(file, token)}`,
  ].map(indented);
}

function whenText({ deviations }: FlakyOutcome): string {
  return printable(`when ${deviations.map(({ text }) => text).join(', and ') || 'it is run so'}`);
}

function replayLine(file: string, token: string): string {
  const word = /[^\w./@-]/.test(file) ? `'${file.replaceAll("'", String.raw`'\''`)}'` : file;
  return `npx wavetank deflake ${word} --replay ${token}`;
}

/** The message of a failure, and where it was thrown. */
function outcomeLines({ message, stack = [] }: Outcome): string[] {
  if (message === undefined) return [];
  const lines = printable(message)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const own = stack.filter((frame) => !/node_modules|node:/.test(frame)).slice(0, FRAMES_MAX);
  const frames = own.map((frame) => frame.replace(/(\()?(file:\/\/)?(\/[^\s()]+)/, shownFrame));
  return [...lines.slice(0, MESSAGE_LINES_MAX), ...frames.map(printable)];
}

function shownFrame(_: string, open = '', __: string | undefined, path = ''): string {
  return `${open}${shownPath(path)}`;
}

/** What happens in each of two runs from where they part, with the little before that they have in common. */
function differing(id: string, calm: FlakyOutcome, other: FlakyOutcome): [string[], string[]] {
  const [one, two] = [partAbout(id, calm.story), partAbout(id, other.story)];
  const from = Math.max(0, commonEvents(one, two) - COMMON_MAX);
  const shown = (events: readonly StoryEvent[]): string[] => {
    const part = events.slice(from, from + COMMON_MAX + DIFFERENT_MAX).map(eventLine);
    const rest = events.length - from - part.length;
    return rest > 0 ? [...part, `           ... ${rest} more`] : part;
  };
  return [shown(one), shown(two)];
}

function eventLine({ atMs, text, site }: StoryEvent): string {
  const where = site === undefined ? '' : `   ${site}`;
  return printable(`${atMs.toFixed(1).padStart(9)} ms  ${text.replaceAll('\n', ' ')}${where}`);
}

function indented(line: string): string {
  return line === '' ? line : `      ${line}`;
}

function summary({ tests, isInterrupted }: DeflakeReport): string {
  const count = (verdict: TestReport['verdict']): number =>
    tests.filter((test) => test.verdict === verdict).length;
  const parts = [`${count('flaky')} flaky`, `${count('stable')} stable`];
  if (count('fails') > 0) parts.push(`${count('fails')} failing in every run`);
  if (count('unrun') > 0) parts.push(`${count('unrun')} that do not run`);
  return `${parts.join(', ')}${isInterrupted ? ' (interrupted)' : ''}`;
}

/** The replay of one outcome. */
export function replayedText(replayed: ReplayedTest, output: Output): string {
  const { id, outcome, story, isSameRun, expected, conditions } = replayed;
  const isFailed = outcome.verdict === 'failed';
  const verb = isFailed ? output.red('fails') : output.green('passes');
  const same = isSameRun ? 'the very same run' : 'another run than recorded: the code changed';
  const isOther = (expected === 'failed') !== isFailed;
  const remark = isOther ? `; it ${expected} then` : '';
  const lines = story.slice(0, REPLAYED_MAX).map((event) => `  ${eventLine(event)}`);
  const rest = story.length - lines.length;
  return [
    `${output.bold(printable(id))} ${verb} (${same}${remark}), beginning at ${dateText(conditions.startMs)}`,
    '',
    ...lines,
    ...(rest > 0 ? [`  ... ${rest} more`] : []),
    ...(isFailed ? ['', ...outcomeLines(outcome).map((line) => `  ${line}`)] : []),
    '',
    '',
  ].join('\n');
}
