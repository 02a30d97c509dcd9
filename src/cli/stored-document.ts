// Reads the report that a file has.

import { readFileSync, statSync } from 'node:fs';
import { ReportError } from '../errors.ts';
import type { ReportDocument } from '../report/document.ts';
import { readDocument, REPORT_BYTES_MAX } from '../report/read-document.ts';
import { UsageError } from './exit-code.ts';

/** @throws {UsageError} If there is no file. @throws {ReportError} If it is no report, or damaged. */
export function storedDocument(file: string): ReportDocument {
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
