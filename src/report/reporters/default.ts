// The reporter `default`: for people. How far it is while it runs, a line for what passed, the short story of
// what failed, and an HTML page of each failure beside.

import { reportDocument } from '../build-document.ts';
import type { ScenarioReport } from '../document.ts';
import { extentLines } from '../extent-text.ts';
import { errorName, failureStory, hasFailed } from '../failure-lines.ts';
import { paintedStory } from '../paint-story.ts';
import { printable } from '../printable.ts';
import { statisticsText } from '../statistics-text.ts';
import { reportPage } from '../page/page.ts';
import { progressLine, virtualTime } from './progress.ts';
import type { Output, Reporter, ReporterTools, ScenarioProgress } from './reporter.ts';

const FILE_NAME_MAX = 100;

/** Prints as it goes. */
export function defaultReporter({ output, versions, save, nowMs }: ReporterTools): Reporter {
  let progress: (progress: ScenarioProgress) => void = () => {};
  return {
    begin(scenario) {
      progress = progressLine(printable(scenario), output, nowMs);
    },
    progress: (far) => progress(far),
    async ended(scenario) {
      output.print(hasFailed(scenario) ? failureText(scenario, output) : passedText(scenario, output));
      if (scenario.failure === undefined) return;
      const page = await reportPage(reportDocument([scenario], versions));
      output.print(`  report: ${save(pageName(scenario), page)}\n\n`);
    },
  };
}

/** The file of a failure's page: `checkout-8417.html`. */
function pageName({ name, seed, failure }: ScenarioReport): string {
  const plain = name.replace(/[^\w.-]+/g, '-').slice(0, FILE_NAME_MAX);
  return `${plain}-${failure?.run.seed ?? seed}.html`;
}

/** The story of a failure; an empty line follows where nothing else will. */
export function failureText(scenario: ScenarioReport, output: Output): string {
  const text = paintedStory(failureStory(scenario), output).join('\n');
  const end = scenario.failure === undefined ? '\n\n' : '\n';
  return `${output.red(errorName(scenario))}: ${text}${end}`;
}

function passedText(scenario: ScenarioReport, output: Output): string {
  const { runs, virtualMs, steps, reached, struck, repeated, seed, outcome, message } = scenario;
  const { known, extent, remarks = [], statistics } = scenario;
  const name = output.bold(printable(scenario.name));
  const state = outcome === 'interrupted' ? output.yellow(outcome) : output.green(outcome);
  if (message !== undefined) return `${name} ${state}: ${printable(message)}\n`;
  const perSecond = Math.round((runs * 1000) / Math.max(1, scenario.elapsedMs));
  return (
    `${name} ${state}: ${runs} runs, seed ${seed}, ${virtualTime(virtualMs)} of virtual time, ` +
    `${steps} steps, ${perSecond} runs/s, ${repeated} repeated and equal\n` +
    (known === undefined ? '' : `  known counterexamples: ${known} replayed, none fails any more\n`) +
    (extent === undefined ? [] : extentLines(extent)).map((line) => `  ${printable(line)}\n`).join('') +
    remarks.map((remark) => `  ${output.yellow(printable(remark))}\n`).join('') +
    countsText('faults', struck) +
    countsText('reached', reached) +
    (statistics === undefined ? '' : statisticsText(statistics)) +
    '\n'
  );
}

function countsText(title: string, table: Readonly<Record<string, number>>): string {
  const entries = Object.entries(table);
  if (entries.length === 0) return '';
  return `  ${title}: ${entries.map(([name, count]) => `${printable(name)} ${count}`).join(', ')}\n`;
}
