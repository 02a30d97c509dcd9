// A rate limiter in virtual time, for services that turn away what is too much: a bucket of tokens.

import { currentHost } from '../ambient/registry.ts';
import { checkKeys, OptionError } from '../errors.ts';

/** How much a service takes. */
export interface RateLimitOptions {
  /** Requests a second that are taken in the long run, above 0. */
  readonly perSecond: number;
  /** Requests that are taken at once after a silence, an integer >= 1. Default: `perSecond`, rounded up. */
  readonly burst?: number;
  /** Whom a request is counted for: each gets a bucket of its own. Default: one bucket for all. */
  readonly by?: (request: Request) => string;
}

/** @returns 429 with `Retry-After` for a request that is too much, or undefined for one that is taken. */
export type RateLimiter = (request: Request) => Response | undefined;

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * Makes a rate limiter. Make it in the factory of a host, so that each life of the host begins with a full
 * bucket.
 *
 * The limit is a token bucket: each request takes a token, and tokens come back at a steady rate, up to the
 * size of the bucket. A request that finds none is answered with 429, and a `Retry-After` in whole seconds
 * after which there is a token again, at least 1.
 *
 * Determinism: counts by the monotonic clock of its host, and draws nothing.
 *
 * @throws {OptionError} If an option is missing, unknown or out of range, or if no host is being booted.
 * @example
 * handler(() => {
 *   const limited = rateLimit({ perSecond: 10, burst: 20 });
 *   return (request) => limited(request) ?? new Response('taken');
 * })
 */
export function rateLimit(options: RateLimitOptions): RateLimiter {
  const { perSecond, burst, by } = checkRateLimit(options);
  if (currentHost() === undefined) {
    const hint = 'Each life of the host then begins with a full bucket, and runs share nothing.';
    throw new OptionError(`rateLimit(): call it in the factory of a host. ${hint}`);
  }
  const buckets = new Map<string, Bucket>();
  return (request) => {
    const name = by === undefined ? '' : by(request);
    const atMs = performance.now();
    const bucket = buckets.get(name) ?? { tokens: burst, atMs };
    const tokens = Math.min(burst, bucket.tokens + ((atMs - bucket.atMs) * perSecond) / 1000);
    const isTaken = tokens >= 1;
    buckets.set(name, { tokens: isTaken ? tokens - 1 : tokens, atMs });
    if (isTaken) return undefined;
    const seconds = Math.max(1, Math.ceil((1 - tokens) / perSecond));
    return new Response('Too Many Requests', { status: 429, headers: { 'Retry-After': String(seconds) } });
  };
}

/** @throws {OptionError} If an option is missing, unknown or out of range. */
export function checkRateLimit(options: RateLimitOptions): Omit<Required<RateLimitOptions>, 'by'> & {
  readonly by: RateLimitOptions['by'];
} {
  checkKeys('rateLimit', options, ['perSecond', 'burst', 'by']);
  const { perSecond, burst = Math.ceil(perSecond), by } = options;
  if (!(Number.isFinite(perSecond) && perSecond > 0))
    throw OptionError.expected('rateLimit.perSecond', 'a number above 0', perSecond);
  if (!(Number.isInteger(burst) && burst >= 1))
    throw OptionError.expected('rateLimit.burst', 'an integer >= 1', burst);
  if (by !== undefined && typeof by !== 'function')
    throw OptionError.expected('rateLimit.by', 'a function of a request', by);
  return { perSecond, burst, by };
}
