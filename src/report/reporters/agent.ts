// The reporter `agent`: the facts and the next command, for machines and coding agents that read text.

import { agentText } from '../agent-text.ts';
import type { Reporter, ReporterTools } from './reporter.ts';

/** Prints when everything is over. */
export function agentReporter({ output }: ReporterTools): Reporter {
  return { end: ({ scenarios }) => output.print(scenarios.map(agentText).join('\n')) };
}
