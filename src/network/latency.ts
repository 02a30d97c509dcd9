// Latency distributions. A distribution turns a uniform 32-bit draw into microseconds by integer tables and
// linear interpolation, because the last bits of `Math.log` and friends differ between engines.

import { OptionError } from '../errors.ts';
import { checkedUsFromMs } from '../time/duration.ts';

/**
 * How long messages on a link take. Make one with `latency.constant`, `.uniform`, `.longTail` or
 * `.histogram`.
 */
export interface Latency {
  readonly kind: 'latency';
  /**
   * What every message takes on a calm network, in microseconds; everything above is a delay in the ledger.
   */
  readonly baseUs: number;
  /** Ascending quantiles: `[share, us]` with share from 0 to 2^32, linear in between. */
  readonly quantiles: readonly (readonly [share: number, us: number])[];
}

const WHOLE = 0x1_0000_0000;

/** Takes the latency of one message out of a distribution. `draw` is uniform over the 32-bit integers. */
export function sampleUs(latency: Latency, draw: number): number {
  const { quantiles } = latency;
  let low = quantiles[0] as readonly [number, number];
  for (let i = 1; i < quantiles.length; i++) {
    const high = quantiles[i] as readonly [number, number];
    if (draw < high[0]) {
      return low[1] + Math.floor(((high[1] - low[1]) * (draw - low[0])) / (high[0] - low[0]));
    }
    low = high;
  }
  return low[1];
}

/** How much longer than the base the slowest message takes. */
export function spreadUs({ baseUs, quantiles }: Latency): number {
  return (quantiles.at(-1)?.[1] ?? baseUs) - baseUs;
}

function fromShares(shares: readonly (readonly [share: number, us: number])[]): Latency {
  const quantiles = shares.map(([share, us]) => [Math.round(share * WHOLE), us] as const);
  return { kind: 'latency', baseUs: shares[0]?.[1] ?? 0, quantiles };
}

function constant(ms: number): Latency {
  const us = checkedUsFromMs('latency.constant(ms)', ms);
  return { kind: 'latency', baseUs: us, quantiles: [[0, us]] };
}

function uniform(options: { minMs?: number; maxMs: number }): Latency {
  const minUs = checkedUsFromMs('minMs', options.minMs ?? 0);
  const maxUs = checkedUsFromMs('maxMs', options.maxMs);
  if (maxUs < minUs) throw OptionError.expected('maxMs', `at least minMs (${options.minMs})`, options.maxMs);
  return fromShares([
    [0, minUs],
    [1, maxUs],
  ]);
}

function longTail(options: { medianMs: number; p99Ms: number }): Latency {
  const medianUs = checkedUsFromMs('medianMs', options.medianMs);
  const p99Us = checkedUsFromMs('p99Ms', options.p99Ms);
  if (p99Us < medianUs) {
    throw OptionError.expected('p99Ms', `at least medianMs (${options.medianMs})`, options.p99Ms);
  }
  const tailUs = p99Us - medianUs;
  return fromShares([
    [0, Math.floor(medianUs / 2)],
    [0.5, medianUs],
    [0.9, medianUs + Math.floor(tailUs / 4)],
    [0.99, p99Us],
    [0.999, p99Us + tailUs],
    [1, p99Us + 3 * tailUs],
  ]);
}

function histogram(buckets: readonly { ms: number; count: number }[]): Latency {
  if (!Array.isArray(buckets) || buckets.length === 0) {
    throw OptionError.expected('buckets', 'a list of { ms, count } with at least one entry', buckets);
  }
  const sorted = buckets
    .map(({ ms, count }) => ({ us: checkedUsFromMs('buckets[].ms', ms), count: checkedCount(count) }))
    .toSorted((left, right) => left.us - right.us);
  const total = sorted.reduce((sum, each) => sum + each.count, 0);
  if (total === 0) throw OptionError.expected('buckets', 'a histogram with at least one message', buckets);
  let seen = 0;
  const shares: [number, number][] = [[0, sorted[0]?.us ?? 0]];
  for (const { us, count } of sorted) shares.push([(seen += count) / total, us]);
  return fromShares(shares);
}

function checkedCount(count: unknown): number {
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
    throw OptionError.expected('buckets[].count', 'an integer >= 0', count);
  }
  return count;
}

/**
 * The latency distributions. All times are virtual milliseconds, >= 0, with microsecond resolution.
 *
 * - `constant(ms)`: every message takes this long.
 * - `uniform({ minMs = 0, maxMs })`: every time between the bounds is equally likely.
 * - `longTail({ medianMs, p99Ms })`: half of the messages take from half the median to the median; one in a
 *   hundred takes longer than p99, and the slowest four times as far from the median.
 * - `histogram([{ ms, count }])`: recorded upper bounds of buckets with the number of messages in each.
 *
 * Determinism: one draw per message, keyed by (link, label, occurrence); none for `constant`.
 *
 * @throws {OptionError} If a time is negative or not finite, or bounds cross.
 */
export const latency: {
  readonly constant: typeof constant;
  readonly uniform: typeof uniform;
  readonly longTail: typeof longTail;
  readonly histogram: typeof histogram;
} = { constant, uniform, longTail, histogram };
