// The reporter `agent`: the facts and the next command, for programs that read text.

import type { ScenarioReport } from '../document.ts';
import { errorName, failureLines, hasFailed } from '../failure-lines.ts';
import { printable } from '../printable.ts';
import type { Reporter, ReporterTools } from './reporter.ts';

/** Prints when everything is over. */
export function agentReporter({ output }: ReporterTools): Reporter {
  return { end: ({ scenarios }) => output.print(`${scenarios.map(agentText).join('\n')}\n`) };
}

function agentText(scenario: ScenarioReport): string {
  const { name, outcome, runs, seed } = scenario;
  const facts = `${outcome} ${JSON.stringify(printable(name))} runs=${runs} seed=${seed}`;
  if (!hasFailed(scenario)) return facts;
  return `${facts}\n${errorName(scenario)}: ${failureLines(scenario).join('\n')}`;
}
