// The reporter `html`: one page with everything, which opens from disk and needs no network.

import { reportPage } from '../page/page.ts';
import type { Reporter, ReporterTools } from './reporter.ts';

/** Writes the page when everything is over. */
export function htmlReporter({ output }: ReporterTools): Reporter {
  return { end: async (document) => output.print(await reportPage(document)) };
}
