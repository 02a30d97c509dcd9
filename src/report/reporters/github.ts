// The reporter `github`: an annotation at the line of each scenario that failed, by the workflow commands of
// GitHub Actions, and a summary of the job.

import type { ScenarioReport } from '../document.ts';
import { errorName, failureLines, failureMessage, hasFailed } from '../failure-lines.ts';
import { printable } from '../printable.ts';
import type { Reporter, ReporterTools } from './reporter.ts';

/** Of the summary of a step, GitHub takes 1 MiB, and nothing of a longer one. */
const SUMMARY_BYTES_MAX = 1_000_000;
/** Of a message, more than anybody reads in an annotation. */
const STORY_MAX = 16_000;

/** Prints an annotation when each scenario ends, and the summary when everything is over. */
export function githubReporter({ output, summarize, folder = '' }: ReporterTools): Reporter {
  return {
    ended(scenario) {
      if (hasFailed(scenario)) output.print(`${annotation(scenario, folder)}\n`);
    },
    end: ({ scenarios }) => summarize?.(summary(scenarios)),
  };
}

function annotation(scenario: ScenarioReport, folder: string): string {
  const { name, file, line, failure } = scenario;
  const place = file === undefined ? [] : [`file=${property(folder === '' ? file : `${folder}/${file}`)}`];
  if (file !== undefined && line !== undefined) place.push(`line=${line}`);
  const title = `title=${property(printable(failure === undefined ? name : `${name}: ${failure.name}`))}`;
  return `::error ${[...place, title].join(',')}::${data(`${errorName(scenario)}: ${storyOf(scenario)}`)}`;
}

/** As GitHub's toolkit escapes the text of a command. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** As it escapes the properties of one: they end at a comma, or at a colon. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function storyOf(scenario: ScenarioReport): string {
  const story = failureLines(scenario).join('\n');
  return story.length > STORY_MAX ? `${story.slice(0, STORY_MAX)}\n...` : story;
}

/** As much as is taken: the failures first. */
function summary(scenarios: readonly ScenarioReport[]): string {
  const failed = scenarios.filter(hasFailed);
  const passed = scenarios.filter(({ outcome }) => outcome === 'passed').length;
  const head = `## wavetank: ${passed} passed, ${failed.length} failed\n\n`;
  const table = ['| scenario | outcome | runs | seed |', '| --- | --- | --- | --- |'];
  for (const { name, outcome, runs, seed } of scenarios) {
    table.push(`| ${cell(name)} | ${outcome} | ${runs} | ${seed} |`);
  }
  const parts = [...failed.map(section), `${table.join('\n')}\n`];
  let text = head;
  for (const part of parts) {
    if (Buffer.byteLength(text) + Buffer.byteLength(part) > SUMMARY_BYTES_MAX) return `${text}\n...\n`;
    text += part;
  }
  return text;
}

function section(scenario: ScenarioReport): string {
  const story = `${errorName(scenario)}: ${storyOf(scenario)}`;
  const fence = fenceAround(story);
  const [message = ''] = failureMessage(scenario).split('\n', 1);
  return `### ${cell(scenario.name)}: ${cell(message)}\n\n${fence}text\n${story}\n${fence}\n\n`;
}

/** Text as Markdown shows it, on one line and in a table: nothing in it is markup. */
function cell(text: string): string {
  return printable(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()<>#+!|~&@:-]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

/** A fence that is longer than any in the text. */
function fenceAround(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return '`'.repeat(Math.max(3, longest + 1));
}
