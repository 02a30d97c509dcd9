// The replay token: everything that makes a run, in one word that can be pasted into a shell.

import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { TokenError } from '../errors.ts';
import type { FaultPlan } from '../faults/fault.ts';
import { decodeValue, encodeValue } from './value-codec.ts';

/** The version of the format; a token says it in its first characters. */
const VERSION = 'wt1';
/** The longest token that is read, in characters: far beyond any shrunk run. */
const LENGTH_MAX = 1_000_000;
/** The most that a token may unfold to: hostile ones unfold to anything. */
const BYTES_MAX = 4_000_000;

/** What a token says. */
export interface Ticket {
  /** The name of the scenario. */
  readonly scenario: string;
  readonly seed: number;
  readonly workload: unknown;
  readonly plan: FaultPlan;
  /** The trace hash of the run. */
  readonly hash: string;
  /** What failed: code and name of the first violation. */
  readonly failure: readonly [code: string, name: string] | undefined;
}

/**
 * Writes a token: printable, without quotes or spaces.
 *
 * @throws {TypeError} For a workload that no token can carry.
 */
export function encodeToken(ticket: Ticket): string {
  const { scenario, seed, workload, plan, hash, failure } = ticket;
  const json = JSON.stringify([scenario, seed, encodeValue(workload), plan, hash, failure ?? null]);
  const packed = deflateRawSync(json, { level: 9 });
  const token = `${VERSION}:${packed.toString('base64url')}.${checksum(packed)}`;
  if (token.length <= LENGTH_MAX && Buffer.byteLength(json) <= BYTES_MAX) return token;
  throw new TypeError(`a replay token cannot carry a workload of ${json.length} characters`);
}

/** @throws {TokenError} If it is no token, truncated, altered, or of another version. */
export function decodeToken(token: string): Ticket {
  const shape = /^(wt\d+):([\w-]+)\.([0-9a-z]+)$/.exec(token.trim());
  const version = /^\s*(wt\d+):/.exec(token)?.[1];
  if (version !== undefined && version !== VERSION) {
    throw new TokenError(
      `Expected a replay token of version "${VERSION}", got one of "${version}". ` +
        'Use the wavetank that made it.',
    );
  }
  if (shape === null || token.length > LENGTH_MAX) {
    throw new TokenError(
      `Expected a replay token ("${VERSION}:..."), got ${JSON.stringify(shorten(token))}. ` +
        'Paste the whole line.',
    );
  }
  const packed = Buffer.from(shape[2] as string, 'base64url');
  // The last character holds bits that belong to no byte: those must be as they were written, too.
  const isWhole = packed.toString('base64url') === shape[2];
  if (!isWhole || checksum(packed) !== shape[3]) {
    throw new TokenError(
      `The replay token ${JSON.stringify(shorten(token))} was truncated or altered: its checksum is ` +
        'wrong. Paste the whole line.',
    );
  }
  return readTicket(packed);
}

function readTicket(packed: Buffer): Ticket {
  try {
    const json = inflateRawSync(packed, { maxOutputLength: BYTES_MAX }).toString();
    const [scenario, seed, workload, plan, hash, failure] = JSON.parse(json) as unknown[];
    if (typeof scenario !== 'string' || typeof seed !== 'number' || typeof hash !== 'string') {
      throw new TypeError('it does not say which run it is about');
    }
    if (failure !== null && !isFailure(failure)) throw new TypeError('it does not say what failed');
    return {
      scenario,
      seed,
      workload: decodeValue(workload),
      plan: plan as FaultPlan,
      hash,
      failure: failure ?? undefined,
    };
  } catch (error) {
    // A message of V8 may repeat all of what it could not read.
    throw new TokenError(`The replay token cannot be read: ${(error as Error).message.slice(0, 200)}.`);
  }
}

function isFailure(value: unknown): value is NonNullable<Ticket['failure']> {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}

function checksum(packed: Buffer): string {
  return crc32(packed).toString(36);
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
