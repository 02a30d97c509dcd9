// The reporter `json`: the report document as it is. `report.schema.json` describes it.

import type { Reporter, ReporterTools } from './reporter.ts';

/** Prints the document on one line when everything is over. */
export function jsonReporter({ output }: ReporterTools): Reporter {
  return { end: (document) => output.print(`${JSON.stringify(document)}\n`) };
}
