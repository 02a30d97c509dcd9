// The token of one test under some conditions: what replays one of the two outcomes of a flaky test.

import { TokenError } from '../errors.ts';
import { packToken, unpackToken, type TokenFormat } from '../explore/packed-token.ts';
import { readConditions, type Conditions } from './conditions.ts';

const FORMAT: TokenFormat = { version: 'wtd1', name: 'a deflake token' };

/** What a token says. */
export interface DeflakeTicket {
  /** The id of the test. */
  readonly test: string;
  readonly conditions: Conditions;
  readonly verdict: 'passed' | 'failed';
  /** The trace hash of the run. */
  readonly hash: string;
}

/** Writes a token: printable, without quotes or spaces. */
export function encodeDeflakeToken({ test, conditions, verdict, hash }: DeflakeTicket): string {
  return packToken(FORMAT, JSON.stringify([test, conditions, verdict, hash]));
}

/** @throws {TokenError} If it is no token, truncated, altered, or of another version. */
export function decodeDeflakeToken(token: string): DeflakeTicket {
  return unpackToken(FORMAT, token, (json) => {
    const [test, conditions, verdict, hash] = json as unknown[];
    const isVerdict = verdict === 'passed' || verdict === 'failed';
    if (typeof test !== 'string' || !isVerdict || typeof hash !== 'string')
      throw new TokenError('it does not say which test it is about');
    return { test, conditions: readConditions(conditions), verdict, hash };
  });
}
