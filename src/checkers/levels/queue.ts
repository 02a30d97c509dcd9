// How many requests a host may have at once.

import { checkKeys, OptionError } from '../../errors.ts';
import { Histogram, type HistogramData } from '../../history/histogram.ts';
import type { TimedCall, Traffic } from '../../history/traffic.ts';
import { brokenBy, distributionOf, offenderData, offenderOf, samplesMinOf, type Offender } from './count.ts';
import { levelOf, type Breach, type Counter, type LevelJudgement, type Reader } from './level.ts';
import type { ServiceLevel } from './level.ts';
import { checkDuring, compileNames, describeOptions, type During } from './route.ts';

const WORST_MAX = 5;

/** Options of {@link expectQueue}. */
export interface QueueOptions {
  /** How many requests the host may have at once: arrived, not answered, and with a client that waits. */
  readonly depthMax: number;
  /** Default `all`: what a host can hold is the same in a storm. */
  readonly during?: During;
  /** How many requests have to arrive; with fewer the answer is `unknown`. Default 1. */
  readonly samplesMin?: number;
}

/**
 * A bound on how many requests a host has at once, working on them or letting them wait.
 *
 * @param host - Its name, which may end in `*`: then each of them.
 * @throws {OptionError} If an option is missing or out of range.
 * @example
 * expectQueue('payments', { depthMax: 50 });
 */
export function expectQueue(host: string, options: QueueOptions): ServiceLevel {
  checkKeys('expectQueue', options, ['depthMax', 'during', 'samplesMin']);
  if (typeof host !== 'string') throw OptionError.expected('host', 'the name of a host', host);
  const isMeant = compileNames('host', host);
  const { depthMax } = options;
  if (!Number.isSafeInteger(depthMax) || depthMax < 0)
    throw OptionError.expected('depthMax', 'a whole number >= 0', depthMax);
  const during = checkDuring(options.during ?? 'all');
  const samplesMin = samplesMinOf(options.samplesMin, 1);
  return levelOf({
    title: `${host}: at most ${depthMax} requests at once${describeOptions({ during })}`,
    during,
    counter: () => new DepthCounter(host, { depthMax, samplesMin }),
    reader: () => arrivalReader(isMeant, during),
  });
}

function arrivalReader(isMeant: (host: string) => boolean, during: During): Reader {
  let next = 0;
  return {
    read({ arrivals }: Traffic, counter) {
      for (; next < arrivals.length; next++) {
        const { call, depth, isCalm } = arrivals[next] as Traffic['arrivals'][number];
        if (during !== 'all' && isCalm !== (during === 'calm')) continue;
        if (isMeant(call.to)) counter.add(call, depth);
      }
      return [];
    },
  };
}

/** What a {@link DepthCounter} counted. */
interface DepthCounts {
  readonly depths: HistogramData;
  readonly beyond: number;
  readonly deep: readonly Offender[];
}

class DepthCounter implements Counter {
  readonly #host: string;
  readonly #limits: { readonly depthMax: number; readonly samplesMin: number };
  readonly #depths = new Histogram();
  readonly #deep: Offender[] = [];
  #beyond = 0;
  #deepest = 0;

  constructor(host: string, limits: { depthMax: number; samplesMin: number }) {
    this.#host = host;
    this.#limits = limits;
  }

  add(call: TimedCall, depth: number): void {
    this.#depths.add(depth);
    if (depth <= this.#limits.depthMax) return;
    this.#beyond++;
    this.#deepest = Math.max(this.#deepest, depth);
    if (this.#deep.length >= WORST_MAX) return;
    const { name, nth, from, to } = call;
    const text = `${name} #${nth} ${from} → ${to} made it ${depth}`;
    this.#deep.push({ ...offenderOf(call, call.sentMs), text });
  }

  close(): void {
    // A request that has not arrived is in no queue.
  }

  takeWorst(): Breach | undefined {
    const size = this.#deepest;
    this.#deepest = 0;
    return size === 0 ? undefined : { size, text: `${size} requests at once` };
  }

  data(): DepthCounts {
    return { depths: this.#depths.data(), beyond: this.#beyond, deep: this.#deep.map(offenderData) };
  }

  merge(data: unknown): void {
    const { depths, beyond, deep } = data as DepthCounts;
    this.#depths.mergeData(depths);
    this.#beyond += beyond;
    this.#deep.push(...deep.slice(0, WORST_MAX - this.#deep.length));
  }

  judge(): LevelJudgement {
    const { depthMax, samplesMin } = this.#limits;
    const samples = this.#depths.count;
    const numbers = {
      samples,
      beyond: this.#beyond,
      ...(samples === 0 ? {} : { distribution: distributionOf('requests', this.#depths) }),
    };
    if (this.#beyond > 0) {
      const what = `${this.#host} had ${this.#depths.max} requests at once, above ${depthMax}`;
      return { ...brokenBy(what, this.#deep), ...numbers };
    }
    if (samples >= samplesMin) return { verdict: 'ok', message: '', ...numbers };
    return { verdict: 'unknown', message: `${samples} of ${samplesMin} requests arrived.`, ...numbers };
  }
}
