// The file of a report document that is to be read again: a line that says what it is, then the document,
// compressed. The line has the length and the checksum of the rest, so that what is cut off is noticed.

import { createHash } from 'node:crypto';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { ReportError } from '../errors.ts';
import type { ReportDocument } from './document.ts';

const NAME = 'wavetank-blob';
/** Counts up with each change after which an older reader could not read a file. */
const VERSION = 1;
const HEAD = /^wavetank-blob (\d{1,6}) (\d{1,12}) ([0-9a-f]{64})\n/;
const HEAD_BYTES_MAX = 128;

/** Packs a document. */
export function packBlob(document: ReportDocument): Uint8Array {
  const body = gzipSync(JSON.stringify(document), { level: constants.Z_BEST_COMPRESSION });
  return Buffer.concat([Buffer.from(`${NAME} ${VERSION} ${body.length} ${checksum(body)}\n`), body]);
}

/** Whether a file says of itself that it is one. */
export function isBlob(content: Uint8Array): boolean {
  return textOf(content.subarray(0, NAME.length)) === NAME;
}

/**
 * Unpacks the JSON of a document.
 *
 * @param options.bytesMax - Of the JSON.
 * @throws {ReportError} If it is of another version, cut off, altered, or larger than that.
 */
export function unpackBlob(
  content: Uint8Array,
  { place, bytesMax }: { readonly place: string; readonly bytesMax: number },
): string {
  const head = HEAD.exec(textOf(content.subarray(0, HEAD_BYTES_MAX)));
  if (head === null) throw new ReportError(`${place}: the first line of the blob is cut off or altered.`);
  const [line, version = '', length = '', sum = ''] = head;
  if (Number(version) !== VERSION) {
    throw new ReportError(
      `${place}: expected a blob of version ${VERSION}, got one of version ${version}. ` +
        'Read it with the version of wavetank that wrote it.',
    );
  }
  const body = content.subarray(line.length);
  if (body.length !== Number(length)) {
    throw new ReportError(`${place}: expected ${length} bytes after the first line, got ${body.length}.`);
  }
  if (checksum(body) !== sum) {
    throw new ReportError(`${place}: the blob was altered: its checksum is wrong.`);
  }
  return unpacked(body, place, bytesMax);
}

function unpacked(body: Uint8Array, place: string, bytesMax: number): string {
  try {
    return gunzipSync(body, { maxOutputLength: bytesMax }).toString('utf8');
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_BUFFER_TOO_LARGE') {
      throw new ReportError(`${place}: the blob cannot be unpacked: ${(error as Error).message}.`);
    }
    throw new ReportError(`${place}: unpacked, the blob is larger than ${bytesMax} bytes.`);
  }
}

function checksum(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
