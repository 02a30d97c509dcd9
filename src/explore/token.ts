// The replay token: everything that makes a run, in one word that can be pasted into a shell.

import type { FaultPlan } from '../faults/fault.ts';
import { packToken, unpackToken, type TokenFormat } from './packed-token.ts';
import { decodeValue, encodeValue } from './value-codec.ts';

const FORMAT: TokenFormat = { version: 'wt1', name: 'a replay token' };

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
  return packToken(FORMAT, json);
}

/** @throws {TokenError} If it is no token, truncated, altered, or of another version. */
export function decodeToken(token: string): Ticket {
  return unpackToken(FORMAT, token, readTicket);
}

function readTicket(json: unknown): Ticket {
  const [scenario, seed, workload, plan, hash, failure] = json as unknown[];
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
}

function isFailure(value: unknown): value is NonNullable<Ticket['failure']> {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}
