// `wavetank report`: makes reports of stored reports, without running anything.

import { joinDocuments } from '../report/read-document.ts';
import type { Words } from './command.ts';
import { ExitCode, UsageError } from './exit-code.ts';
import { chosenReporters } from './reporter-words.ts';
import { Reporting, type Surroundings } from './reporting.ts';
import { storedDocument } from './stored-document.ts';

/** Reports what files have. @returns the exit code: what they say failed is no failure of this. */
export async function reportCommand(
  files: readonly string[],
  words: Words,
  surroundings: Surroundings,
): Promise<number> {
  const chosen = chosenReporters(words, surroundings.env);
  if (files.length === 0) throw new UsageError('Expected `wavetank report FILE [FILE ...]`.');
  const document = joinDocuments(files.map(storedDocument));
  const reporting = new Reporting(chosen, surroundings);
  for (const scenario of document.scenarios) {
    reporting.begin(scenario.name);
    await reporting.ended(scenario);
  }
  await reporting.end(document);
  return ExitCode.passed;
}
