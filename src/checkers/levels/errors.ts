// How many requests or operations may come to nothing: an error budget.

import { checkKeys, OptionError } from '../../errors.ts';
import { waitedUs } from '../../history/call-text.ts';
import type { TimedCall } from '../../history/traffic.ts';
import { brokenBy, offenderData, offenderOf, samplesMinOf, type Offender } from './count.ts';
import { CallReader, levelOf } from './level.ts';
import type { Breach, Counter, LevelJudgement, ServiceLevel } from './level.ts';
import { checkDuring, compileDuring, compileRoute, describeOptions, ROUTE_OPTIONS } from './route.ts';
import type { RouteOptions } from './route.ts';

/** Options of {@link expectErrors}. */
export interface ErrorsOptions extends RouteOptions {
  /** The share that may be errors, 0 to 1. */
  readonly rateMax: number;
  /** A request that is still pending is an error when it waited longer. Default 1,000. */
  readonly answerWithinMs?: number;
  /** With fewer the answer is `unknown`. Default: as many as one error may be among, at most 100. */
  readonly samplesMin?: number;
}

/** Milliseconds after which a request that is pending counts as one without an answer. */
export const ANSWER_WITHIN_MS = 1_000;
const SAMPLES_MIN_MAX = 100;
const WORST_MAX = 5;

/**
 * A bound on the share of requests of one route that have no answer, or one of 500 and above; of operations,
 * that ended with an error, or with an outcome that nobody knows. A refusal (4xx) is an answer.
 *
 * @param route - As in `expectLatency`.
 * @param options.during - Default `calm`: how many errors a storm makes is a matter of the fault budget.
 * @throws {OptionError} If an option is missing or out of range.
 * @example
 * expectErrors('POST /checkout', { rateMax: 0.01 });
 */
export function expectErrors(route: string, options: ErrorsOptions): ServiceLevel {
  checkKeys('expectErrors', options, ['rateMax', ...ROUTE_OPTIONS, 'answerWithinMs', 'samplesMin']);
  const during = checkDuring(options.during ?? 'calm');
  const isMeant = compileRoute(route, options);
  const rateMax = numberOf('rateMax', options.rateMax, 1);
  const withinMs = numberOf('answerWithinMs', options.answerWithinMs ?? ANSWER_WITHIN_MS, Number.MAX_VALUE);
  const least = rateMax === 0 ? 1 : Math.min(SAMPLES_MIN_MAX, 1 / rateMax);
  const samplesMin = samplesMinOf(options.samplesMin, least);
  return levelOf({
    title: `${route}: at most ${percent(rateMax)} errors${describeOptions({ ...options, during })}`,
    during,
    counter: () => new ErrorCounter(route, { rateMax, withinUs: withinMs * 1000, samplesMin }),
    reader: () => new CallReader(isMeant, compileDuring(during)),
  });
}

/** What an {@link ErrorCounter} counted. */
interface ErrorCounts {
  readonly samples: number;
  readonly count: number;
  readonly errors: readonly Offender[];
}

class ErrorCounter implements Counter {
  readonly #route: string;
  readonly #limits: { readonly rateMax: number; readonly withinUs: number; readonly samplesMin: number };
  readonly #errors: Offender[] = [];
  #samples = 0;
  #count = 0;
  #inRun = 0;
  #firstText = '';

  constructor(route: string, limits: { rateMax: number; withinUs: number; samplesMin: number }) {
    this.#route = route;
    this.#limits = limits;
  }

  add(call: TimedCall): void {
    this.#samples++;
    if (call.isError) this.#note(call, 0);
  }

  close(open: readonly TimedCall[], nowMs: number): void {
    for (const call of this.#overdue(open, nowMs)) {
      this.#samples++;
      this.#note(call, nowMs);
    }
  }

  takeWorst(): Breach | undefined {
    const size = this.#inRun;
    this.#inRun = 0;
    if (size === 0) return undefined;
    return { size, text: size === 1 ? this.#firstText : `${size} errors, the first ${this.#firstText}` };
  }

  data(): ErrorCounts {
    return { samples: this.#samples, count: this.#count, errors: this.#errors.map(offenderData) };
  }

  merge(data: unknown): void {
    const { samples, count, errors } = data as ErrorCounts;
    this.#samples += samples;
    this.#count += count;
    this.#errors.push(...errors.slice(0, WORST_MAX - this.#errors.length));
  }

  judge(open: readonly TimedCall[], nowMs: number): LevelJudgement {
    const overdue = this.#overdue(open, nowMs);
    const samples = this.#samples + overdue.length;
    const beyond = this.#count + overdue.length;
    const { rateMax, samplesMin } = this.#limits;
    if (samples < samplesMin) {
      const message = `${samples} of the ${samplesMin} samples that it takes were there; see \`samplesMin\`.`;
      return { verdict: 'unknown', message, samples, beyond };
    }
    if (beyond <= samples * rateMax) return { verdict: 'ok', message: '', samples, beyond };
    const worst = [...this.#errors, ...overdue.map((call) => offenderOf(call, nowMs))];
    const rate = `${percent(beyond / samples)} of ${this.#route} are errors, above ${percent(rateMax)}`;
    return { ...brokenBy(`${rate}: ${beyond} of ${samples}`, worst.slice(0, WORST_MAX)), samples, beyond };
  }

  #overdue(open: readonly TimedCall[], nowMs: number): TimedCall[] {
    return open.filter((call) => waitedUs(call, nowMs) > this.#limits.withinUs);
  }

  #note(call: TimedCall, nowMs: number): void {
    this.#count++;
    if (this.#inRun > 0 && this.#errors.length >= WORST_MAX) return void this.#inRun++;
    const offender = offenderOf(call, nowMs);
    if (this.#inRun++ === 0) this.#firstText = offender.text;
    if (this.#errors.length < WORST_MAX) this.#errors.push(offender);
  }
}

function numberOf(option: string, value: unknown, max: number): number {
  if (typeof value === 'number' && value >= 0 && value <= max) return value;
  const range = max === 1 ? 'a number from 0 to 1' : 'a number of milliseconds >= 0';
  throw OptionError.expected(option, range, value);
}

/** A share in words: `0.5 %`. */
export function percent(share: number): string {
  const tenths = Math.round(share * 10_000) / 100;
  return `${tenths} %`;
}
