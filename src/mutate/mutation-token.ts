// The mutation token: a run and the one thing in it that is altered, in one word.

import type { FaultPlan } from '../faults/fault.ts';
import { packToken, unpackToken, type TokenFormat } from '../explore/packed-token.ts';
import { decodeValue, encodeValue } from '../explore/value-codec.ts';
import { checkAlteration, type Alteration } from './alteration.ts';

const FORMAT: TokenFormat = { version: 'wm1', name: 'a mutation token' };

/** What a mutation token says. */
export interface MutationTicket {
  readonly scenario: string;
  readonly seed: number;
  readonly workload: unknown;
  readonly plan: FaultPlan;
  readonly alteration: Alteration;
}

/** @throws {TypeError} For a workload that no token can carry. */
export function encodeMutation({ scenario, seed, workload, plan, alteration }: MutationTicket): string {
  return packToken(FORMAT, JSON.stringify([scenario, seed, encodeValue(workload), plan, alteration]));
}

/** @throws {TokenError} If it is no token, truncated, altered, or of another version. */
export function decodeMutation(token: string): MutationTicket {
  return unpackToken(FORMAT, token, (json) => {
    const [scenario, seed, workload, plan, alteration] = json as unknown[];
    if (typeof scenario !== 'string' || typeof seed !== 'number')
      throw new TypeError('it does not say which run it is about');
    return {
      scenario,
      seed,
      workload: decodeValue(workload),
      plan: plan as FaultPlan,
      alteration: checkAlteration('alteration', alteration),
    };
  });
}
