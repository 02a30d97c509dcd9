// `deflake`: runs a test file many times under virtual time, each time under other legal conditions, and says
// of each test whether its outcome depends on them.

import { checkKeys, DivergenceError, OptionError, StaleReplayError } from '../errors.ts';
import { checkSeed } from '../scenario/simulate.ts';
import { calmConditions, type Conditions } from './conditions.ts';
import { deviationsOf, type Deviation } from './deviations.ts';
import { drawConditions, weightOf, type Profile } from './draw-conditions.ts';
import { noonOf } from './moments.ts';
import { whileRunning, type FileRun, type FileRunner } from './run-file.ts';
import { AFTER_TESTS, HOOKS_AFTER } from './runner/test-run.ts';
import type { Outcome } from './runner/outcome.ts';
import { shrinkConditions } from './shrink-conditions.ts';
import { storyOf, type StoryEvent } from './story.ts';
import { openTestFile } from './test-file.ts';
import { decodeDeflakeToken, encodeDeflakeToken } from './token.ts';

/** Options of {@link deflake}. */
export interface DeflakeOptions {
  /** Default 500, or as many as `budgetMs` allows. */
  readonly runs?: number;
  /** Real milliseconds after which no further run begins. Default: no limit. */
  readonly budgetMs?: number;
  /** From 0 to 2^32 - 1. Default 1. */
  readonly seed?: number;
  /** The day on which the tests run, `YYYY-MM-DD`: turns of the calendar are those of the year after it. */
  readonly today: string;
  /** Whether the tests of the file also run in other orders. Default true. */
  readonly shuffles?: boolean;
  /** The environment of the process that runs the tests. Default empty. */
  readonly env?: Readonly<Record<string, string>>;
  /** Begins no further run, once it is aborted. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly runs: number; readonly flaky: number }) => void;
}

/** One of the two outcomes of a flaky test. */
export interface FlakyOutcome {
  readonly outcome: Outcome;
  /** What makes the run another one than the calm one; empty for the calm run itself. */
  readonly deviations: readonly Deviation[];
  /** Replays it: see {@link replayTest}. */
  readonly token: string;
  readonly story: readonly StoryEvent[];
}

/** What is said of one test. */
export interface TestReport {
  /** The names of its suites and its own, joined by ` > `. */
  readonly id: string;
  /** `fails`: in every run. `unrun`: it is skipped, or to be done. */
  readonly verdict: 'stable' | 'flaky' | 'fails' | 'unrun';
  readonly passed: number;
  readonly failed: number;
  /** That of the calm run. */
  readonly outcome: Outcome;
  readonly flaky?: {
    /** In the run in which nothing is late. */
    readonly calm: FlakyOutcome;
    /** With as few deviations as still bring it about. */
    readonly other: FlakyOutcome;
    /** Which run of the exploration found it, from 1. */
    readonly foundInRun: number;
    readonly shrinkingRuns: number;
  };
}

/** What {@link deflake} returns. */
export interface DeflakeReport {
  readonly file: string;
  readonly seed: number;
  readonly today: string;
  /** How many runs were made, without those for shrinking. */
  readonly runs: number;
  readonly isInterrupted: boolean;
  readonly tests: readonly TestReport[];
}

const RUNS_DEFAULT = 500;
/** Every so many runs one is made twice. */
const REPEAT_EVERY = 50;
const KNOWN = ['runs', 'budgetMs', 'seed', 'today', 'shuffles', 'env', 'signal', 'onProgress'];

/**
 * Says of each test of a file whether its outcome depends on the order of events, on the time at which it
 * runs, on random values, or on the order of the tests.
 *
 * Determinism: a function of the file, its environment and the options but `budgetMs`.
 *
 * @param path - A file of tests for `node:test`, Vitest or Jest, that knows nothing of wavetank.
 * @throws {OptionError} If an option is out of range, or there is no such file.
 * @throws {EnvironmentError} If the file cannot be loaded.
 * @throws {EscapeError} If it calls what cannot be made deterministic.
 * @throws {DivergenceError} If two runs under equal conditions differ.
 */
export async function deflake(path: string, options: DeflakeOptions): Promise<DeflakeReport> {
  checkKeys('deflake', options, KNOWN);
  const seed = checkSeed('seed', options.seed ?? 1);
  const noonMs = noonOf(checkDay(options.today));
  const file = await openTestFile(path);
  return whileRunning(file, options.env ?? {}, async (runner) => {
    const search = new Search(runner, noonMs, seed);
    const calm = await search.begin();
    const isInterrupted = await search.explore(calm, options);
    const tests = await search.reports(calm, options.signal);
    return { file: path, seed, today: options.today, runs: search.runs, isInterrupted, tests };
  });
}

/** The plainest found conditions under which a test comes out otherwise. */
interface Found {
  readonly conditions: Conditions;
  readonly run: FileRun;
  /** Which run was the first to show it. */
  readonly nth: number;
}

class Search {
  runs = 0;
  readonly #runner: FileRunner;
  readonly #noonMs: number;
  readonly #seed: number;
  readonly #passed = new Map<string, number>();
  readonly #failed = new Map<string, number>();
  readonly #found = new Map<string, Found>();

  constructor(runner: FileRunner, noonMs: number, seed: number) {
    this.#runner = runner;
    this.#noonMs = noonMs;
    this.#seed = seed;
  }

  /** Makes the calm run. */
  async begin(): Promise<FileRun> {
    const calm = await this.#twice(calmConditions(this.#noonMs));
    this.#count(calm);
    return calm;
  }

  /** Makes the other runs. @returns whether it was interrupted. */
  async explore(calm: FileRun, options: DeflakeOptions): Promise<boolean> {
    const { budgetMs, signal, shuffles = true, onProgress } = options;
    const runsMax = checkRuns(options);
    const endMs = performance.now() + (budgetMs ?? Number.POSITIVE_INFINITY);
    const drawFrom = { noonMs: this.#noonMs, profile: profileOf(calm), shuffles };
    while (this.runs < runsMax && performance.now() < endMs) {
      if (signal?.aborted === true) return true;
      const conditions = drawConditions({ seed: this.#seed, run: this.runs }, drawFrom);
      const run =
        this.runs % REPEAT_EVERY === 0 ? await this.#twice(conditions) : await this.#runner.run(conditions);
      this.#count(run);
      for (const [id] of run.outcomes) {
        if (!differs(id, calm, run)) continue;
        const known = this.#found.get(id);
        if (known !== undefined && weightOf(known.conditions) <= weightOf(conditions)) continue;
        this.#found.set(id, { conditions, run, nth: known?.nth ?? this.runs });
      }
      onProgress?.({ runs: this.runs, flaky: this.#found.size });
    }
    return false;
  }

  /** Shrinks what was found. */
  async reports(calm: FileRun, signal: AbortSignal | undefined): Promise<TestReport[]> {
    const ids = new Set([...calm.outcomes.keys(), ...this.#found.keys()]);
    const reports: TestReport[] = [];
    for (const id of ids) {
      const passed = this.#passed.get(id) ?? 0;
      const failed = this.#failed.get(id) ?? 0;
      const outcome = calm.outcomes.get(id) ?? { verdict: 'passed' };
      const found = this.#found.get(id);
      const counts = { id, passed, failed, outcome };
      if (found !== undefined && signal?.aborted !== true)
        reports.push({ ...counts, verdict: 'flaky', flaky: await this.#explain(id, calm, found) });
      else if (found !== undefined) reports.push({ ...counts, verdict: 'flaky' });
      else if (passed + failed === 0) reports.push({ ...counts, verdict: 'unrun' });
      else if (failed > 0 || !isAside(id))
        reports.push({ ...counts, verdict: failed === 0 ? 'stable' : 'fails' });
    }
    return reports;
  }

  async #explain(id: string, calm: FileRun, found: Found): Promise<NonNullable<TestReport['flaky']>> {
    const trial = {
      run: (conditions: Conditions) => this.#runner.run(conditions),
      differs: (run: FileRun) => differs(id, calm, run),
    };
    const shrunk = await shrinkConditions(trial, id, found, this.#noonMs);
    return {
      calm: await this.#told(id, calmConditions(this.#noonMs), calm),
      other: await this.#told(id, shrunk.conditions, shrunk.run),
      foundInRun: found.nth,
      shrinkingRuns: shrunk.runs,
    };
  }

  async #told(id: string, conditions: Conditions, run: FileRun): Promise<FlakyOutcome> {
    const recorded = await this.#runner.run(conditions, true);
    assertSame(run, recorded);
    const outcome = recorded.outcomes.get(id) ?? { verdict: 'passed' };
    const verdict = outcome.verdict === 'failed' ? 'failed' : 'passed';
    return {
      outcome,
      deviations: deviationsOf(conditions, { test: id, trace: recorded.trace ?? [], noonMs: this.#noonMs }),
      token: encodeDeflakeToken({ test: id, conditions, verdict, hash: run.hash }),
      story: storyOf(recorded.trace ?? []),
    };
  }

  async #twice(conditions: Conditions): Promise<FileRun> {
    const first = await this.#runner.run(conditions, true);
    const second = await this.#runner.run(conditions);
    assertSame(first, second);
    return first;
  }

  #count({ outcomes }: FileRun): void {
    this.runs++;
    for (const [id, { verdict }] of outcomes) {
      const counts = verdict === 'passed' ? this.#passed : this.#failed;
      if (verdict !== 'unrun') counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
}

/** What {@link replayTest} returns. */
export interface ReplayedTest {
  readonly id: string;
  readonly outcome: Outcome;
  /** That of the run that the token was made of. */
  readonly expected: 'passed' | 'failed';
  /** Whether it is the very run of the token. */
  readonly isSameRun: boolean;
  readonly conditions: Conditions;
  readonly story: readonly StoryEvent[];
}

/**
 * Makes exactly the run of a token again.
 *
 * @throws {TokenError} If the token is damaged or of another version.
 * @throws {StaleReplayError} If the file has no test of that name any more.
 */
export async function replayTest(
  path: string,
  token: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ReplayedTest> {
  const { test, conditions, verdict, hash } = decodeDeflakeToken(token);
  const file = await openTestFile(path);
  return whileRunning(file, env, async (runner) => {
    const run = await runner.run(conditions, true);
    const outcome = run.outcomes.get(test);
    if (outcome === undefined || outcome.verdict === 'unrun')
      throw new StaleReplayError(`the file ${path} has no test \`${test}\` that runs any more.`);
    const story = storyOf(run.trace ?? []);
    return { id: test, outcome, expected: verdict, isSameRun: run.hash === hash, conditions, story };
  });
}

/**
 * What is no test, and is told only where it fails: hooks that run after tests, and what comes after them.
 */
function isAside(id: string): boolean {
  return id === AFTER_TESTS || id.startsWith(HOOKS_AFTER);
}

function differs(id: string, calm: FileRun, run: FileRun): boolean {
  const now = run.outcomes.get(id)?.verdict;
  const before = calm.outcomes.get(id)?.verdict ?? 'passed';
  return now !== undefined && now !== 'unrun' && before !== 'unrun' && now !== before;
}

/** @throws {DivergenceError} If two runs under equal conditions are not equal. */
function assertSame(first: FileRun, second: FileRun): void {
  if (first.hash === second.hash) return;
  throw new DivergenceError(
    `two runs of the test file under equal conditions differ: trace ${first.hash} (${first.steps} steps), ` +
      `then ${second.hash} (${second.steps} steps). Something in it is not virtual: ` +
      'state of a package that outlives a run, or real I/O.',
    { seed: 0, step: Math.min(first.steps, second.steps) },
  );
}

function profileOf({ steps, trace = [] }: FileRun): Profile {
  const atMs = trace.flatMap((entry) => (entry.kind === 'step' ? [Math.floor(entry.atUs / 1000)] : []));
  return { steps, atMs: [...new Set(atMs)] };
}

function checkRuns({ runs, budgetMs }: DeflakeOptions): number {
  if (runs === undefined) return budgetMs === undefined ? RUNS_DEFAULT : Number.POSITIVE_INFINITY;
  if (Number.isSafeInteger(runs) && runs >= 1) return runs;
  throw OptionError.expected('runs', 'an integer >= 1', runs);
}

function checkDay(today: unknown): string {
  const isDay = typeof today === 'string' && /^\d{4}-\d\d-\d\d$/.test(today);
  if (isDay && new Date(noonOf(today)).toJSON()?.slice(0, 10) === today) return today;
  throw OptionError.expected('today', 'a day such as 2026-11-21', today);
}
