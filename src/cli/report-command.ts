// `wavetank report`: makes reports of stored reports, without running anything.

import { readFileSync, statSync } from 'node:fs';
import { ReportError } from '../errors.ts';
import type { ReportDocument } from '../report/document.ts';
import { joinDocuments, readDocument, REPORT_BYTES_MAX } from '../report/read-document.ts';
import type { Words } from './command.ts';
import { ExitCode, UsageError } from './exit-code.ts';
import { chosenReporters } from './reporter-words.ts';
import { Reporting, type Surroundings } from './reporting.ts';

/** Reports what files have. @returns the exit code: what they say failed is no failure of this. */
export async function reportCommand(
  files: readonly string[],
  words: Words,
  surroundings: Surroundings,
): Promise<number> {
  const chosen = chosenReporters(words, surroundings.env);
  if (files.length === 0) throw new UsageError('Expected `wavetank report FILE [FILE ...]`.');
  const document = joinDocuments(files.map(stored));
  const reporting = new Reporting(chosen, surroundings);
  for (const scenario of document.scenarios) {
    reporting.begin(scenario.name);
    await reporting.ended(scenario);
  }
  await reporting.end(document);
  return ExitCode.passed;
}

function stored(file: string): ReportDocument {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new UsageError(`There is no file ${file}.`);
  // Before it is read: all of it is held in memory.
  if (size > REPORT_BYTES_MAX) {
    throw new ReportError(`${file}: the file has ${size} bytes, more than ${REPORT_BYTES_MAX}.`);
  }
  let content: Uint8Array;
  try {
    content = readFileSync(file);
  } catch (error) {
    throw new ReportError(`${file}: cannot be read: ${(error as Error).message}.`);
  }
  return readDocument(content, file);
}
