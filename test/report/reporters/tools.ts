// What reporters are given in tests: what they print, save and add to a summary is collected.

import { createOutput } from '../../../src/cli/output.ts';
import type { ReportDocument } from '../../../src/report/document.ts';
import type { MakeReporter, ReporterTools } from '../../../src/report/reporters/reporter.ts';

/** What a reporter left. */
export interface Left {
  readonly printed: string;
  readonly summary: string;
  readonly saved: ReadonlyMap<string, string>;
}

/** Tells a reporter of every scenario of a document, as the command line does. */
export async function reported(
  make: MakeReporter,
  document: ReportDocument,
  { isTTY = false, ...rest }: Partial<ReporterTools> & { readonly isTTY?: boolean } = {},
): Promise<Left> {
  let [printed, summary] = ['', ''];
  const saved = new Map<string, string>();
  const reporter = make({
    output: createOutput({ isTTY, write: (content) => (printed += String(content)) }, {}),
    versions: { wavetank: '0.1.0' },
    save: (name, content) => {
      saved.set(name, String(content));
      return `.wavetank/${name}`;
    },
    summarize: (markdown) => (summary += markdown),
    nowMs: () => 0,
    ...rest,
  });
  for (const scenario of document.scenarios) {
    reporter.begin?.(scenario.name);
    reporter.progress?.({ phase: 'exploring', runs: 1, shrinkRuns: 0, virtualMs: 1 });
    await reporter.ended?.(scenario);
  }
  await reporter.end?.(document);
  return { printed, summary, saved };
}
