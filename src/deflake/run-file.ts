// One run of a test file under given conditions: a scenario of one host, whose program is the file, and what
// came of each of its tests.

import { currentHost } from '../ambient/registry.ts';
import { EnvironmentError, EscapeError } from '../errors.ts';
import type { Fault } from '../faults/fault.ts';
import type { TraceEntry } from '../history/trace.ts';
import type { HostDefinition } from '../host/definition.ts';
import { provideModules } from '../host/program/provided.ts';
import type { ProgramCode } from '../host/program/program-code.ts';
import type { Variation } from '../host/variation.ts';
import { latency } from '../network/latency.ts';
import { defineScenario } from '../scenario/define-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../scenario/result.ts';
import { runOnce, whileInstalled } from '../scenario/simulate.ts';
import { TEST_HOST, type Conditions, type Slow } from './conditions.ts';
import { Collector } from './runner/collector.ts';
import { failedWith, type Outcome } from './runner/outcome.ts';
import { TestRun } from './runner/test-run.ts';
import { testsOf } from './runner/tree.ts';
import { SlowParts } from './slow-parts.ts';
import type { TestFile } from './test-file.ts';

/** What a message of the machine to itself takes: hardly anything, and on a busy one much more. */
const LOOPBACK = latency.histogram([
  { ms: 0.02, count: 1 },
  { ms: 0.1, count: 39 },
  { ms: 1, count: 30 },
  { ms: 5, count: 16 },
  { ms: 20, count: 10 },
  { ms: 50, count: 4 },
]);
const OPERATION_US_MAX = 20_000;
const READING_US_MAX = 1_500;
/** As long as a file may take, in virtual milliseconds: an hour. */
const VIRTUAL_MS_MAX = 3_600_000;
const READING = 'reading of a clock';

/** What came of a run. */
export interface FileRun {
  /** By the id of the test, in the order in which they ended. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** The tests that ran, in the order in which they began. */
  readonly ran: readonly string[];
  readonly hash: string;
  readonly steps: number;
  readonly virtualMs: number;
  /** What deviated: faults of the plan and late messages; slower operations and readings. */
  readonly ledger: readonly Fault[];
  readonly operations: readonly Slow[];
  readonly readings: readonly Slow[];
  /** Everything that happened, where it is recorded. */
  readonly trace: readonly TraceEntry[] | undefined;
}

/** Runs a file again and again, with the ambient layer installed meanwhile. */
export interface FileRunner {
  run(conditions: Conditions, isRecorded?: boolean): Promise<FileRun>;
}

/**
 * Calls a function with what runs a test file.
 *
 * @param env - The environment of the process that runs the tests.
 */
export async function whileRunning<Result>(
  file: TestFile,
  env: Readonly<Record<string, string>>,
  act: (runner: FileRunner) => Promise<Result>,
): Promise<Result> {
  let code: ProgramCode | undefined;
  const prepare = async (): Promise<void> => {
    code = await file.code();
  };
  const prepared = { kind: 'program', prepare, boot: () => ({}) } as const;
  const scenario = scenarioOf(file, prepared, { startMs: 0, finished: Promise.resolve() });
  return whileInstalled(scenario, () =>
    act({ run: (conditions, isRecorded = false) => runFile({ file, code, env }, conditions, isRecorded) }),
  );
}

interface Program {
  readonly file: TestFile;
  readonly code: ProgramCode | undefined;
  readonly env: Readonly<Record<string, string>>;
}

async function runFile(program: Program, conditions: Conditions, isRecorded: boolean): Promise<FileRun> {
  const { file } = program;
  const { seed, plan, startMs, randomSeed } = conditions;
  const collector = new Collector();
  const runner = file.runner(collector);
  const tests = new TestRun(collector, { order: conditions.tests, dialect: file.dialect });
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  let loadError: { readonly error: unknown } | undefined;
  const definition: HostDefinition = {
    kind: 'program',
    boot: () => {
      const evaluated = evaluate(program, runner.modules, tests);
      evaluated.catch((error: unknown) => (loadError = { error }));
      tests.onStuck = () => {
        loadError = { error: new Error('it waits for ever in a top-level await') };
        finish();
      };
      void tests.run(evaluated).then(finish, finish);
      // Not when it was evaluated: until then it may wait for its own tests.
      return {};
    },
  };
  const operations = new SlowParts(conditions.operations, { seed, usMax: OPERATION_US_MAX });
  const readings = new SlowParts(conditions.readings, { seed, usMax: READING_US_MAX });
  const variation: Variation = {
    randomSeed,
    ...(conditions.operations === 'calm'
      ? {}
      : { completionUs: (what: string, nth: number) => operations.us(what, nth) }),
    ...(conditions.readings === 'calm' ? {} : { readingUs: (nth: number) => readings.us(READING, nth) }),
  };
  const faults = [...plan.faults, ...zoneOf(conditions)];
  const restoreGlobals = setGlobals(runner.globals);
  let result: RunResult;
  try {
    const scenario = scenarioOf(file, definition, { startMs, finished });
    result = await runOnce({
      scenario,
      seed,
      plan: { ...plan, faults },
      workload: undefined,
      isRecorded,
      variation,
    });
  } finally {
    runner.restore();
    restoreGlobals();
  }
  refuseEscape(result);
  if (loadError !== undefined) throw new LoadError(file.path, (loadError as { error: unknown }).error);
  return {
    outcomes: outcomesOf(collector, tests, result),
    ran: tests.ran,
    hash: result.hash,
    steps: result.steps,
    virtualMs: result.virtualMs,
    ledger: result.ledger.filter(({ kind }) => kind !== 'clockZone'),
    operations: operations.happened,
    readings: readings.happened,
    trace: result.trace,
  };
}

/** Evaluates the file on its host, with what stands for its test runner. */
function evaluate(
  { file, code, env }: Program,
  modules: ReadonlyMap<string, unknown>,
  tests: TestRun,
): Promise<void> {
  const host = currentHost();
  if (host === undefined || code === undefined) throw new EnvironmentError('The test file was not prepared.');
  host.process.start({ env, argv: [file.path] });
  host.process.events.on('uncaughtException', (error) => tests.uncaught(error));
  host.process.events.on('beforeExit', () => tests.idle());
  provideModules(host, modules);
  const evaluation = code.newEvaluation();
  return (async () => evaluation.run(() => {}))();
}

/** The file cannot be evaluated: a mistake in it, or something that deflake does not know. */
export class LoadError extends EnvironmentError {
  constructor(path: string, error: unknown) {
    const { message, stack = [] } = failedWith(error);
    super(`${path} cannot be loaded: ${[message, ...stack.slice(0, 3)].join('\n    ')}`);
  }
}

function scenarioOf(
  { path }: TestFile,
  definition: HostDefinition,
  { startMs, finished }: { readonly startMs: number; readonly finished: Promise<void> },
): Scenario {
  return defineScenario({
    name: path,
    hosts: { [TEST_HOST]: definition },
    network: { links: { [`${TEST_HOST} -> ${TEST_HOST}`]: { latency: LOOPBACK } } },
    drive: () => finished,
    stormMs: VIRTUAL_MS_MAX,
    calmMs: 0,
    limits: { virtualMsMax: 2 * VIRTUAL_MS_MAX },
    epochMs: startMs,
  });
}

function zoneOf({ zone }: Conditions): Fault[] {
  return zone === 'UTC' ? [] : [{ kind: 'clockZone', host: TEST_HOST, atMs: 0, zone }];
}

function setGlobals(globals: PropertyDescriptorMap): () => void {
  const before = Object.keys(globals).map((name) => [
    name,
    Object.getOwnPropertyDescriptor(globalThis, name),
  ]);
  Object.defineProperties(globalThis, globals);
  return () => {
    for (const [name, was] of before as [string, PropertyDescriptor | undefined][]) {
      if (was === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, was);
    }
  };
}

function refuseEscape({ violations }: RunResult): void {
  for (const { error } of violations) if (error instanceof EscapeError) throw error;
}

/** Tests that the run did not get to, because it ended before, failed as it did. */
function outcomesOf(collector: Collector, tests: TestRun, { violations }: RunResult): Map<string, Outcome> {
  const outcomes = new Map(tests.outcomes);
  const [violation] = violations;
  if (violation === undefined) return outcomes;
  const [first = '', ...stack] = violation.message.split('\n');
  const outcome: Outcome = { verdict: 'failed', message: first, stack: stack.map((line) => line.trim()) };
  for (const { id } of testsOf(collector.root)) if (!outcomes.has(id)) outcomes.set(id, outcome);
  return outcomes;
}
