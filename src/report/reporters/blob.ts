// The reporter `blob`: the report document, packed, for `wavetank report` to make other reports of.

import { packBlob } from '../blob.ts';
import type { Reporter, ReporterTools } from './reporter.ts';

/** Writes the packed document when everything is over. */
export function blobReporter({ output }: ReporterTools): Reporter {
  return { end: (document) => output.print(packBlob(document)) };
}
