// A service level: a check over one run, and a count over many. What it counts is the business of its kind.

import type { Bucket } from '../../history/histogram.ts';
import type { TimedCall, Traffic } from '../../history/traffic.ts';
import type { Judgement } from '../judgement.ts';
import type { During } from './route.ts';

/** What a level looks at. The world of a scenario is one. */
export interface Seen {
  readonly traffic: Traffic;
  /** Virtual milliseconds since the run began. */
  readonly nowMs: number;
}

/** The amounts that a level is about. */
export interface Distribution {
  /** `us`: virtual microseconds. `requests`: how many a host had at once. */
  readonly unit: 'us' | 'requests';
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly buckets: readonly Bucket[];
}

/** What a level says. */
export interface LevelJudgement extends Judgement {
  /** How many requests, operations or arrivals it is about. */
  readonly samples: number;
  /** How many of them are beyond its bounds. */
  readonly beyond: number;
  readonly distribution?: Distribution;
}

/** How bad one run was, for a level. */
export interface Breach {
  /** Larger is worse. */
  readonly size: number;
  readonly text: string;
}

/** Counts over many runs. */
export interface LevelTally {
  /** Counts a run that is over. @returns undefined if nothing in it is beyond the bounds. */
  add(seen: Seen): Breach | undefined;
  judge(): LevelJudgement;
  /** What was counted so far, as data that another process can take in. */
  data(): unknown;
  /** Counts, after everything else, what a tally of the same level counted in its `data()`. */
  merge(data: unknown): void;
}

/**
 * What a service must keep to. As a check (`always`, `eventually`, `finally`) it judges the run so far; in
 * `serviceLevels` of a scenario, all runs of an exploration together.
 */
export interface ServiceLevel {
  (seen: Seen): LevelJudgement;
  readonly kind: 'service level';
  /** What it asks for: `POST /checkout: p99 at most 800 ms, in calm`. */
  readonly title: string;
  readonly during: During;
  /** Begins to count over many runs. */
  open(): LevelTally;
}

/** Counts of one kind of level. */
export interface Counter {
  /** Counts one that came to its end, or arrived and made a queue so deep. */
  add(call: TimedCall, depth: number): void;
  /** Judges what was counted, and those that are open at that time. */
  judge(open: readonly TimedCall[], nowMs: number): LevelJudgement;
  /** Counts those that are open at the end of a run. */
  close(open: readonly TimedCall[], nowMs: number): void;
  /** The worst since this was last asked: of one run. */
  takeWorst(): Breach | undefined;
  /** What was counted, as plain data; and takes in such data of a counter of the same level. */
  data(): unknown;
  merge(data: unknown): void;
}

/** What a level reads off one run, as it goes on. */
export interface Reader {
  /** Hands what came to its end since to a counter. @returns what is open. */
  read(traffic: Traffic, counter: Counter): readonly TimedCall[];
}

/** Makes a level. */
export function levelOf(options: {
  readonly title: string;
  readonly during: During;
  readonly counter: () => Counter;
  readonly reader: () => Reader;
}): ServiceLevel {
  const { title, during } = options;
  // What was counted of a run that goes on, so that a check after each step costs what is new.
  const runs = new WeakMap<Traffic, { readonly counter: Counter; readonly reader: Reader }>();
  const judge = ({ traffic, nowMs }: Seen): LevelJudgement => {
    let run = runs.get(traffic);
    if (run === undefined) {
      run = { counter: options.counter(), reader: options.reader() };
      runs.set(traffic, run);
    }
    return run.counter.judge(run.reader.read(traffic, run.counter), nowMs);
  };
  const open = (): LevelTally => {
    const counter = options.counter();
    return {
      add({ traffic, nowMs }) {
        counter.close(options.reader().read(traffic, counter), nowMs);
        return counter.takeWorst();
      },
      judge: () => counter.judge([], 0),
      data: () => counter.data(),
      merge: (data) => counter.merge(data),
    };
  };
  return Object.assign(judge, { kind: 'service level', title, during, open } as const);
}

/** Reads calls: each when it came to its end. */
export class CallReader implements Reader {
  #next = 0;
  #open: TimedCall[] = [];
  readonly #isMeant: (call: TimedCall) => boolean;
  readonly #isThen: (call: TimedCall) => boolean;

  /** @param isThen - Whether it was during the phase that is meant: known for certain when it has ended. */
  constructor(isMeant: (call: TimedCall) => boolean, isThen: (call: TimedCall) => boolean) {
    this.#isMeant = isMeant;
    this.#isThen = isThen;
  }

  read({ calls }: Traffic, counter: Counter): readonly TimedCall[] {
    for (; this.#next < calls.length; this.#next++) {
      const call = calls[this.#next] as TimedCall;
      if (this.#isMeant(call)) this.#open.push(call);
    }
    const pending: TimedCall[] = [];
    for (const call of this.#open) {
      if (call.end === 'pending') pending.push(call);
      else if (this.#isThen(call)) counter.add(call, 0);
    }
    this.#open = pending;
    return pending.filter((call) => this.#isThen(call));
  }
}
