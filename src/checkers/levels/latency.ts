// How long requests or operations may take: percentiles and a maximum.

import { checkKeys, OptionError } from '../../errors.ts';
import { waitedUs } from '../../history/call-text.ts';
import { Histogram, rankOf, type HistogramData } from '../../history/histogram.ts';
import type { TimedCall } from '../../history/traffic.ts';
import { formatUs } from '../../time/duration.ts';
import { brokenBy, distributionOf, offenderData, offenderOf, samplesMinOf, togetherOf } from './count.ts';
import type { Offender } from './count.ts';
import { CallReader, levelOf } from './level.ts';
import type { Breach, Counter, LevelJudgement, ServiceLevel } from './level.ts';
import { checkDuring, compileDuring, compileRoute, describeOptions, ROUTE_OPTIONS } from './route.ts';
import type { RouteOptions } from './route.ts';

/** Bounds for {@link expectLatency}, in virtual milliseconds. At least one is given. */
export interface LatencyOptions extends RouteOptions {
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  readonly p99Ms?: number;
  readonly maxMs?: number;
  /**
   * With fewer the answer is `unknown`. Default: as many as it takes for a percentile to be another than the
   * maximum (2 for p50, 20 for p95, 100 for p99), and 1 for `maxMs`.
   */
  readonly samplesMin?: number;
}

const PERCENTS = { p50Ms: 50, p95Ms: 95, p99Ms: 99, maxMs: 100 } as const;
const NAMES = Object.keys(PERCENTS) as (keyof typeof PERCENTS)[];
/** The worst requests that are kept to be named. */
const WORST_MAX = 5;

interface Bound {
  readonly what: string;
  readonly percent: number;
  readonly maxUs: number;
  readonly samplesMin: number;
}

/**
 * A bound on how long requests of one route take, as their senders see it: from the moment in which a request
 * leaves its sender until the head of its answer is there, or its sender is told that there is none.
 *
 * Nothing is made up about a request that has no answer: one that its sender gave up waited at least so
 * long, and where that leaves open whether a bound holds, the answer is `unknown`; one that is pending counts
 * as soon as it waited longer than a bound. Percentiles are by nearest rank.
 *
 * @param route - `POST /checkout`; `GET /orders/:id` for any one part of a path, `*` for any rest; or the
 *   name of an operation, whose retries by the client are part of its time.
 * @param options.during - Default `calm`: how much of a storm there is in the runs is a matter of the fault
 *   budget, so a percentile of all of them says little. Promises that hold whatever happens say `all`.
 * @throws {OptionError} If there is no bound, or an option is out of range.
 * @example
 * expectLatency('POST /checkout', { p99Ms: 800, from: 'shopper-*' });
 */
export function expectLatency(route: string, options: LatencyOptions): ServiceLevel {
  checkKeys('expectLatency', options, [...NAMES, ...ROUTE_OPTIONS, 'samplesMin']);
  const during = checkDuring(options.during ?? 'calm');
  const isMeant = compileRoute(route, options);
  const bounds = NAMES.filter((name) => options[name] !== undefined).map((name): Bound => {
    const maxMs: unknown = options[name];
    if (typeof maxMs !== 'number' || !Number.isFinite(maxMs) || maxMs < 0)
      throw OptionError.expected(name, 'a finite number of milliseconds >= 0', maxMs);
    const percent = PERCENTS[name];
    const samplesMin = samplesMinOf(options.samplesMin, percent === 100 ? 1 : 100 / (100 - percent));
    return { what: name.replace('Ms', ''), percent, maxUs: Math.round(maxMs * 1000), samplesMin };
  });
  if (bounds.length === 0)
    throw OptionError.expected('expectLatency', `given one of ${NAMES.join(', ')}`, options);
  const asked = bounds.map(({ what, maxUs }) => `${what} at most ${formatUs(maxUs)}`).join(', ');
  return levelOf({
    title: `${route}: ${asked}${describeOptions({ ...options, during })}`,
    during,
    counter: () => new LatencyCounter(route, bounds),
    reader: () => new CallReader(isMeant, compileDuring(during)),
  });
}

/** What was counted for one bound. */
interface Count {
  readonly bound: Bound;
  samples: number;
  /** That certainly waited longer. */
  beyond: number;
  /** Given up before it was clear. */
  unclear: number;
}

/** What a {@link LatencyCounter} counted: `counts` in the order of its bounds. */
interface LatencyCounts {
  readonly counts: readonly Omit<Count, 'bound'>[];
  readonly waits: HistogramData;
  readonly beyond: readonly Offender[];
}

class LatencyCounter implements Counter {
  readonly #route: string;
  readonly #counts: readonly Count[];
  readonly #leastUs: number;
  readonly #waits = new Histogram();
  readonly #beyond: Offender[] = [];
  #longest: Breach | undefined;

  constructor(route: string, bounds: readonly Bound[]) {
    this.#route = route;
    this.#counts = bounds.map((bound) => ({ bound, samples: 0, beyond: 0, unclear: 0 }));
    this.#leastUs = Math.min(...bounds.map(({ maxUs }) => maxUs));
  }

  add(call: TimedCall): void {
    this.#count(call, 0);
  }

  close(open: readonly TimedCall[], nowMs: number): void {
    for (const call of open) this.#count(call, nowMs);
  }

  data(): LatencyCounts {
    const counts = this.#counts.map(({ samples, beyond, unclear }) => ({ samples, beyond, unclear }));
    return { counts, waits: this.#waits.data(), beyond: this.#beyond.map(offenderData) };
  }

  merge(data: unknown): void {
    const { counts, waits, beyond } = data as LatencyCounts;
    for (const [i, count] of this.#counts.entries()) {
      count.samples += counts[i]?.samples ?? 0;
      count.beyond += counts[i]?.beyond ?? 0;
      count.unclear += counts[i]?.unclear ?? 0;
    }
    this.#waits.mergeData(waits);
    for (const offender of beyond) this.#keep(offender);
  }

  takeWorst(): Breach | undefined {
    const longest = this.#longest;
    this.#longest = undefined;
    return longest;
  }

  judge(open: readonly TimedCall[], nowMs: number): LevelJudgement {
    const counts = this.#counts.map((count) => {
      const late = open.filter((call) => waitedUs(call, nowMs) > count.bound.maxUs).length;
      return { ...count, samples: count.samples + late, beyond: count.beyond + late };
    });
    const findings = counts.map((count) => ({ count, ...verdictOf(count) }));
    const broken = findings.find(({ verdict }) => verdict === 'illegal');
    const samples = Math.max(...counts.map((count) => count.samples));
    const numbers = {
      samples,
      beyond: Math.max(...counts.map((count) => count.beyond)),
      ...(this.#waits.count === 0 ? {} : { distribution: distributionOf('us', this.#waits) }),
    };
    if (broken === undefined) {
      return { ...togetherOf(findings.map(({ verdict, why }) => ({ verdict, message: why }))), ...numbers };
    }
    const worst = this.#worst(open, nowMs, broken.count.bound);
    return { ...brokenBy(this.#saying(broken.count, open, nowMs), worst), ...numbers };
  }

  #saying({ bound, samples, beyond }: Count, open: readonly TimedCall[], nowMs: number): string {
    const all = new Histogram();
    all.merge(this.#waits);
    for (const call of open) if (waitedUs(call, nowMs) > this.#leastUs) all.add(waitedUs(call, nowMs));
    const { what, percent, maxUs } = bound;
    const amount = formatUs(percent === 100 ? all.max : all.percentile(percent));
    const whole = samples === 1 ? 'the only one' : `${beyond} of ${samples}`;
    return `${what} of ${this.#route} is ${amount}, above ${formatUs(maxUs)}: ${whole} took longer`;
  }

  #worst(open: readonly TimedCall[], nowMs: number, { maxUs }: Bound): Offender[] {
    const late = open.map((call) => offenderOf(call, nowMs));
    const worst = [...this.#beyond, ...late].filter(({ us }) => us > maxUs);
    return worst.toSorted((left, right) => right.us - left.us);
  }

  #count(call: TimedCall, nowMs: number): void {
    const us = waitedUs(call, nowMs);
    const isPending = call.end === 'pending';
    for (const count of this.#counts) {
      const isBeyond = us > count.bound.maxUs;
      // It may yet be answered in time: as if it had not been sent.
      if (isPending && !isBeyond) continue;
      count.samples++;
      if (isBeyond) count.beyond++;
      else if (call.end === 'given up') count.unclear++;
    }
    if (isPending && us <= this.#leastUs) return;
    this.#waits.add(us);
    if (us > this.#leastUs) this.#note(offenderOf(call, nowMs));
  }

  #note(offender: Offender): void {
    const { us, text } = offender;
    if (this.#longest === undefined || us > this.#longest.size) this.#longest = { size: us, text };
    this.#keep(offender);
  }

  #keep(offender: Offender): void {
    this.#beyond.push(offender);
    if (this.#beyond.length <= WORST_MAX) return;
    this.#beyond.sort((left, right) => right.us - left.us);
    this.#beyond.pop();
  }
}

function verdictOf({ bound, samples, beyond, unclear }: Count): {
  readonly verdict: 'ok' | 'illegal' | 'unknown';
  readonly why: string;
} {
  const { what, percent, samplesMin } = bound;
  if (samples < samplesMin) {
    const why = `${samples} of the ${samplesMin} samples that ${what} takes were there; see \`samplesMin\`.`;
    return { verdict: 'unknown', why };
  }
  // So many may be beyond the bound.
  const spare = samples - rankOf(percent, samples);
  if (beyond > spare) return { verdict: 'illegal', why: '' };
  if (beyond + unclear <= spare) return { verdict: 'ok', why: '' };
  const why = `${unclear} of ${samples} were given up before it was clear whether ${what} holds.`;
  return { verdict: 'unknown', why };
}
