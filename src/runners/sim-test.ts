// A test that explores a scenario, for any test runner: what it does, how long it may take, and what it tells
// where it may take no longer. How a runner declares a test is left to the adapters beside.

import { callerLines } from '../engine/call-site.ts';
import { checkKeys, OptionError, TimeLimitError } from '../errors.ts';
import { CheckFailure } from '../explore/check-failure.ts';
import { calledFrom } from '../explore/quiet-failure.ts';
import { explore, type Exploration } from '../explore/explore.ts';
import type { ExploreOptions, Progress } from '../explore/explore-options.ts';
import { withNote } from '../explore/noted-error.ts';
import { runEnvironment } from '../explore/run-environment.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Options of `test.sim`: those of `explore`, but for the signal, which is the test runner's. */
export interface SimOptions extends Omit<ExploreOptions, 'signal'> {
  /**
   * Real milliseconds that the exploration may take, from 1 to 2,000,000,000. Where `WAVETANK_RUNS` asks for
   * more runs than the code does, it may take longer in proportion. Default: `budgetMs` and 60,000 more in
   * Vitest and Jest; that of the runner in `node:test`, which has none by itself.
   */
  readonly timeoutMs?: number;
}

/** A test as an adapter declares it. */
export interface SimTest {
  /** The time-out to give to the runner: it strikes only where our own cannot. */
  readonly runnerTimeoutMs: number | undefined;
  /**
   * What the test does.
   *
   * @param signal - Of the runner: aborted when it waits no longer.
   * @param tell - Takes how far the exploration came, when the runner waits no longer.
   * @throws {TimeLimitError} If the exploration did not end in time.
   */
  run(signal?: AbortSignal, tell?: (text: string) => void): Promise<void>;
}

/** What may begin before the end of the time, and ends after it: a run, and the story of a failure. */
const GRACE_MS = 30_000;
const TIMEOUT_MS_MAX = 2_000_000_000;
const RUNS_DEFAULT = 100;

// Those of Node.js, whatever a test installs later.
const realSetTimeout = setTimeout;
const realClearTimeout = clearTimeout;

/**
 * Makes a test.
 *
 * @param extraMs - What the exploration may take besides `budgetMs` by default; undefined: any time.
 * @throws {OptionError} If `timeoutMs` or a variable of the environment is out of range.
 */
export function simTest<Workload>(
  scenario: Scenario<Workload>,
  options: SimOptions = {},
  extraMs?: number,
): SimTest {
  const lines = callerLines();
  if (typeof options !== 'object' || options === null)
    throw OptionError.expected('test.sim(name, scenario, options)', 'an object', options);
  if ('signal' in options) {
    checkKeys('test.sim', { signal: options.signal }, []);
  }
  const { timeoutMs: _, ...exploring } = options;
  const limitMs = limitOf(options, extraMs);
  return {
    runnerTimeoutMs: limitMs === undefined ? undefined : limitMs + GRACE_MS,
    run: (signal, tell) => {
      const test = new RunningSim(scenario, exploring, { limitMs, signal, tell });
      return test.run().catch((error: unknown) => {
        throw leadingTo(error, lines);
      });
    },
  };
}

interface Limits {
  readonly limitMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly tell: ((text: string) => void) | undefined;
}

class RunningSim<Workload> {
  readonly #scenario: Scenario<Workload>;
  readonly #options: ExploreOptions;
  readonly #limits: Limits;
  readonly #limit = new AbortController();
  #runs = 0;

  constructor(scenario: Scenario<Workload>, options: ExploreOptions, limits: Limits) {
    this.#scenario = scenario;
    this.#options = options;
    this.#limits = limits;
  }

  async run(): Promise<void> {
    const { limitMs, signal: given, tell } = this.#limits;
    const signal = given === undefined ? this.#limit.signal : AbortSignal.any([given, this.#limit.signal]);
    const onAbort = (): void => tell?.(`exploration of \`${this.#scenario.name}\`: ${this.#howFar()}`);
    given?.addEventListener('abort', onAbort);
    const timer = limitMs === undefined ? undefined : realSetTimeout(() => this.#limit.abort(), limitMs);
    try {
      const onProgress = (progress: Progress): void => {
        this.#runs = progress.runs;
        this.#options.onProgress?.(progress);
      };
      const exploration = await explore(this.#scenario, { ...this.#options, onProgress, signal });
      if (exploration.isInterrupted) throw this.#tooLate(exploration);
    } catch (error) {
      throw signal.aborted && error instanceof CheckFailure
        ? withNote(error, 'the time-out of the test ended shrinking: with more time it may get smaller')
        : error;
    } finally {
      realClearTimeout(timer);
      given?.removeEventListener('abort', onAbort);
    }
  }

  #tooLate(exploration: Exploration): TimeLimitError {
    const { limitMs } = this.#limits;
    const isOurs = this.#limit.signal.aborted && limitMs !== undefined;
    const when = isOurs ? `within the time-out of ${limitMs} ms` : 'before the test runner ended the test';
    const message =
      `the exploration of \`${exploration.scenario}\` did not end ${when}: ${this.#howFar()}.\n` +
      '  Give it more time (`timeoutMs`), or less to do (`runs`; `budgetMs`, which ends by itself).';
    return new TimeLimitError(message, exploration);
  }

  #howFar(): string {
    const { budgetMs, runs = budgetMs === undefined ? RUNS_DEFAULT : undefined } = this.#options;
    const wanted = runEnvironment(this.#options).runs ?? runs;
    const done = wanted === undefined ? `${this.#runs}` : `${this.#runs} of ${wanted}`;
    return `${done} runs were made, and none of them failed`;
  }
}

function limitOf(options: SimOptions, extraMs: number | undefined): number | undefined {
  const { timeoutMs, budgetMs, runs } = options;
  if (timeoutMs !== undefined && !isTimeout(timeoutMs)) {
    const what = `a number of milliseconds from 1 to ${TIMEOUT_MS_MAX}`;
    throw OptionError.expected('timeoutMs', what, timeoutMs);
  }
  const limitMs = timeoutMs ?? (extraMs === undefined ? undefined : extraMs + (budgetMs ?? 0));
  if (limitMs === undefined) return undefined;
  const asked = runEnvironment(options).runs ?? 0;
  const known = runs ?? (budgetMs === undefined ? RUNS_DEFAULT : Number.POSITIVE_INFINITY);
  return Math.min(TIMEOUT_MS_MAX, Math.ceil(limitMs * Math.max(1, asked / known)));
}

function isTimeout(value: unknown): boolean {
  return typeof value === 'number' && value >= 1 && value <= TIMEOUT_MS_MAX;
}

/** Makes the stack of an error lead to the line of the test, rather than into the runner. */
function leadingTo(error: unknown, lines: readonly string[]): unknown {
  if (error instanceof TimeLimitError) {
    const value = [`${error.name}: ${error.message}`, ...lines].join('\n');
    Object.defineProperty(error, 'stack', { value, configurable: true, writable: true });
  }
  return calledFrom(error, lines);
}
