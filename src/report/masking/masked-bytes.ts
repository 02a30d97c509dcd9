// Masks the secrets in the body of a message that is no text. In bytes nothing can be replaced: a body in
// which a secret is found is masked as a whole.

import { brotliDecompressSync, constants, unzipSync } from 'node:zlib';
import type { Bytes } from '../../history/trace.ts';

/** Shown instead of the body. */
const MASKED = '[masked]';
/** A few bytes may be the beginning of very many. */
const UNPACKED_MAX = 4_000_000;

/**
 * The body, or that it is masked: where it has a secret under its name, as a multipart form with a file has,
 * or one that is known from elsewhere. What is compressed is looked into.
 *
 * @param text - Masks text.
 * @param headers - Of the message, names in lower case.
 */
export function maskedBytes(
  body: Bytes,
  text: (words: string) => string,
  headers: readonly (readonly [name: string, value: string])[] = [],
): Bytes {
  if (body.base64 === undefined) return body;
  const bytes = Buffer.from(body.base64, 'base64');
  const read = unpacked(bytes, headers.find(([name]) => name === 'content-encoding')?.[1] ?? '');
  const words = read.toString('latin1');
  return text(words) === words ? body : { text: MASKED, byteLength: body.byteLength };
}

/** As far as it can be read: the end of a long body is not kept. */
function unpacked(bytes: Buffer, encoding: string): Buffer {
  try {
    if (/^(?:x-)?gzip$|^deflate$/i.test(encoding)) {
      return unzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: UNPACKED_MAX });
    }
    if (/^br$/i.test(encoding)) {
      const finishFlush = constants.BROTLI_OPERATION_FLUSH;
      return brotliDecompressSync(bytes, { finishFlush, maxOutputLength: UNPACKED_MAX });
    }
  } catch {
    // It is not what it says.
  }
  return bytes;
}
