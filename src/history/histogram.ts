// How often which amounts occurred: a histogram of whole numbers whose buckets grow with the amount, after
// HdrHistogram (Gil Tene). Small, and two of them can be added up.

/** Buckets to a doubling. */
const STEPS = 128;

/** One bucket: what is above the bucket before it, and at most `upTo`. */
export interface Bucket {
  readonly upTo: number;
  readonly count: number;
}

/** A histogram as data, for another process. */
export interface HistogramData {
  readonly counts: readonly (readonly [place: number, count: number])[];
  readonly max: number;
}

/**
 * Counts whole numbers from 0 to 2^53 - 1 in buckets, 128 to a doubling: exact below 256, and to 1/128 (0.8
 * percent) above. Its memory grows with the number of different buckets, and not with what is counted.
 */
export class Histogram {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #max = 0;

  /** How many were counted. */
  get count(): number {
    return this.#count;
  }

  /** The largest, exactly; 0 where there is none. */
  get max(): number {
    return this.#max;
  }

  /** @param value - A whole number >= 0. */
  add(value: number): void {
    const at = placeOf(value, STEPS);
    this.#counts.set(at, (this.#counts.get(at) ?? 0) + 1);
    this.#count++;
    if (value > this.#max) this.#max = value;
  }

  /** Counts everything that another one counted. */
  merge(other: Histogram): void {
    this.mergeData(other.data());
  }

  /** What was counted, as data. */
  data(): HistogramData {
    return { counts: [...this.#counts], max: this.#max };
  }

  /** As {@link merge}, of one that may have been in another process. */
  mergeData({ counts, max }: HistogramData): void {
    for (const [at, count] of counts) {
      this.#counts.set(at, (this.#counts.get(at) ?? 0) + count);
      this.#count += count;
    }
    if (max > this.#max) this.#max = max;
  }

  /**
   * The smallest amount that so many percent do not exceed (nearest rank), or up to 1/128 more.
   *
   * @param percent - A whole number from 1 to 100.
   */
  percentile(percent: number): number {
    let left = rankOf(percent, this.#count);
    if (left === 0) return 0;
    for (const [at, count] of this.#inOrder()) {
      left -= count;
      if (left <= 0) return Math.min(endOf(at, STEPS), this.#max);
    }
    return this.#max;
  }

  /** What was counted, in coarser buckets: so many to a doubling, a power of two, at most 128. */
  buckets(stepsPerDoubling = 8): Bucket[] {
    const buckets: { upTo: number; count: number }[] = [];
    for (const [at, count] of this.#inOrder()) {
      const upTo = endOf(placeOf(endOf(at, STEPS), stepsPerDoubling), stepsPerDoubling);
      const last = buckets.at(-1);
      if (last?.upTo === upTo) last.count += count;
      else buckets.push({ upTo, count });
    }
    return buckets;
  }

  #inOrder(): (readonly [at: number, count: number])[] {
    return [...this.#counts].toSorted(([left], [right]) => left - right);
  }
}

/** Which one, in order of size and counted from 1, is the percentile by nearest rank. */
export function rankOf(percent: number, count: number): number {
  return Math.ceil((count * percent) / 100);
}

/** The number of the bucket of an amount. Without logarithms, whose last bits differ between engines. */
function placeOf(value: number, steps: number): number {
  let mantissa = value;
  let doublings = 0;
  for (; mantissa >= 2 * steps; doublings++) mantissa = Math.floor(mantissa / 2);
  return doublings * steps + mantissa;
}

/** The largest amount in a bucket. */
function endOf(place: number, steps: number): number {
  if (place < 2 * steps) return place;
  const doublings = Math.floor(place / steps) - 1;
  return (place - doublings * steps + 1) * 2 ** doublings - 1;
}
