// Packs data into one word that can be pasted into a shell, and unpacks it: version, deflated JSON, checksum.

import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { TokenError } from '../errors.ts';

/** The longest token that is read, in characters: far beyond any shrunk run. */
const LENGTH_MAX = 1_000_000;
/** The most that a token may unfold to: hostile ones unfold to anything. */
const BYTES_MAX = 4_000_000;

/** A sort of token, in a version that it says in its first characters. */
export interface TokenFormat {
  /** `wt1`: letters and a number. */
  readonly version: string;
  /** `a replay token`. */
  readonly name: string;
}

/**
 * Packs JSON: printable, without quotes or spaces.
 *
 * @throws {TypeError} If it is too long to be read again.
 */
export function packToken({ version, name }: TokenFormat, json: string): string {
  const packed = deflateRawSync(json, { level: 9 });
  const token = `${version}:${packed.toString('base64url')}.${checksum(packed)}`;
  if (token.length <= LENGTH_MAX && Buffer.byteLength(json) <= BYTES_MAX) return token;
  throw new TypeError(`${name} cannot carry a workload of ${json.length} characters`);
}

/**
 * Unpacks a token, and reads what is in it.
 *
 * @throws {TokenError} If it is no token, truncated, altered, or of another version, or cannot be read.
 */
export function unpackToken<Read>(format: TokenFormat, token: string, read: (json: unknown) => Read): Read {
  const { version, name } = format;
  const shape = /^([a-z]+\d+):([\w-]+)\.([0-9a-z]+)$/.exec(token.trim());
  const letters = version.replace(/\d+$/, '');
  const got = new RegExp(`^\\s*(${letters}\\d+):`).exec(token)?.[1];
  if (got !== undefined && got !== version) {
    throw new TokenError(
      `Expected ${name} of version "${version}", got one of "${got}". Use the wavetank that made it.`,
    );
  }
  if (shape === null || got === undefined || token.length > LENGTH_MAX) {
    throw new TokenError(
      `Expected ${name} ("${version}:..."), got ${JSON.stringify(shorten(token))}. Paste the whole line.`,
    );
  }
  const packed = Buffer.from(shape[2] as string, 'base64url');
  const the = name.replace(/^an? /, 'the ');
  // The last character holds bits that belong to no byte: those must be as they were written, too.
  const isWhole = packed.toString('base64url') === shape[2];
  if (!isWhole || checksum(packed) !== shape[3]) {
    throw new TokenError(
      `${capital(the)} ${JSON.stringify(shorten(token))} was truncated or altered: its checksum is ` +
        'wrong. Paste the whole line.',
    );
  }
  try {
    return read(JSON.parse(inflateRawSync(packed, { maxOutputLength: BYTES_MAX }).toString()));
  } catch (error) {
    // A message of V8 may repeat all of what it could not read.
    throw new TokenError(`${capital(the)} cannot be read: ${(error as Error).message.slice(0, 200)}.`);
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function checksum(packed: Buffer): string {
  return crc32(packed).toString(36);
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
