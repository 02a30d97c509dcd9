// The reporters by name, in the order in which they are documented.

import { agentReporter } from './agent.ts';
import { blobReporter } from './blob.ts';
import { defaultReporter } from './default.ts';
import { dotReporter } from './dot.ts';
import { githubReporter } from './github.ts';
import { htmlReporter } from './html.ts';
import { jsonReporter } from './json.ts';
import { junitReporter } from './junit.ts';
import type { MakeReporter } from './reporter.ts';
import { chromeTraceReporter, otlpReporter } from './traces.ts';

/** How a reporter is made, and where it writes. */
export interface ReporterKind {
  readonly make: MakeReporter;
  /** Where it writes unless it is told: a file in the folder for reports. Absent: it prints. */
  readonly file?: string;
  /**
   * `whole`: what reads it can read nothing else beside it. `commands`: lines among other lines, which the
   * machine that runs the job obeys.
   */
  readonly prints?: 'whole' | 'commands';
}

/** All of them. */
export const REPORTERS: Readonly<Record<string, ReporterKind>> = {
  default: { make: defaultReporter },
  dot: { make: dotReporter },
  agent: { make: agentReporter },
  github: { make: githubReporter, prints: 'commands' },
  json: { make: jsonReporter, prints: 'whole' },
  junit: { make: junitReporter, prints: 'whole' },
  html: { make: htmlReporter, file: 'report.html', prints: 'whole' },
  otlp: { make: otlpReporter, file: 'traces.otlp.json', prints: 'whole' },
  'chrome-trace': { make: chromeTraceReporter, file: 'trace.json', prints: 'whole' },
  blob: { make: blobReporter, file: 'report.blob', prints: 'whole' },
};
