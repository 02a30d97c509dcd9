// Reads stored reports, JSON or blobs. They come from other machines and other versions, so nothing in them
// is believed before it was compared with the schema.

import { readFileSync } from 'node:fs';
import { ReportError } from '../errors.ts';
import { ownFile } from '../own-package.ts';
import { isBlob, unpackBlob } from './blob.ts';
import { DOCUMENT_VERSION, type ReportDocument } from './document.ts';
import { schemaProblem, type Schema } from './json-schema.ts';

/** The largest file that is read, and the largest JSON in a blob: what fits into one string, with room. */
export const REPORT_BYTES_MAX: number = 256 * 1024 * 1024;
/** Writing JSON and drawing pages go into depth by calling themselves. */
const DEPTH_MAX = 500;

/**
 * Reads a report document.
 *
 * @param place - The name of the file, for messages.
 * @throws {ReportError} If it is no report, of another version, damaged, or too large or too deep to be read.
 */
export function readDocument(
  content: Uint8Array,
  place: string,
  { bytesMax = REPORT_BYTES_MAX }: { readonly bytesMax?: number } = {},
): ReportDocument {
  if (content.byteLength > bytesMax) {
    throw new ReportError(`${place}: the file has ${content.byteLength} bytes, more than ${bytesMax}.`);
  }
  if (content.byteLength === 0) throw new ReportError(`${place}: the file is empty.`);
  const json = isBlob(content)
    ? unpackBlob(content, { place, bytesMax })
    : Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8');
  const document = parsed(json, place);
  checkHead(document, place);
  checkDepth(document, place);
  const problem = schemaProblem(document, schema());
  if (problem !== undefined) throw new ReportError(`${place}: ${problem}.`);
  return document as ReportDocument;
}

/** Puts documents together: all scenarios, in the order of the documents. */
export function joinDocuments(documents: readonly ReportDocument[]): ReportDocument {
  const all = (name: 'wavetank' | 'node'): string =>
    [...new Set(documents.map((document) => document[name]))].join(', ');
  return {
    format: 'wavetank-report',
    version: DOCUMENT_VERSION,
    wavetank: all('wavetank'),
    node: all('node'),
    scenarios: documents.flatMap(({ scenarios }) => scenarios),
  };
}

function parsed(json: string, place: string): unknown {
  // A byte order mark, as some tools write it.
  const text = json.startsWith('\uFEFF') ? json.slice(1) : json;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ReportError(
      `${place}: expected a report, as the reporters json and blob write it: ${(error as Error).message}.`,
    );
  }
}

/** Before anything else: a document of another version need not fit the schema. */
function checkHead(document: unknown, place: string): void {
  const { format, version } = (typeof document === 'object' && document !== null ? document : {}) as Partial<
    Record<'format' | 'version', unknown>
  >;
  if (format !== 'wavetank-report') {
    throw ReportError.expected(place, '`format` to be "wavetank-report"', format);
  }
  if (version === DOCUMENT_VERSION) return;
  throw ReportError.expected(
    place,
    `a report of version ${DOCUMENT_VERSION}`,
    version,
    'Read it with the version of wavetank that wrote it.',
  );
}

/** Without calling itself, as the schema does for what it knows alone. */
function checkDepth(document: unknown, place: string): void {
  let level: unknown[] = [document];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX) throw new ReportError(`${place}: it is nested deeper than ${DEPTH_MAX} levels.`);
    const next: unknown[] = [];
    for (const value of level) {
      for (const inner of Object.values(value as object)) {
        if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
    }
    level = next;
  }
}

let loaded: Schema | undefined;

function schema(): Schema {
  loaded ??= JSON.parse(readFileSync(ownFile('report.schema.json'), 'utf8')) as Schema;
  return loaded;
}
