// `simulate`: makes one run, from what a user gives.

import fc from 'fast-check';
import { acquireAmbient, keepClocks, refuseSurroundings } from '../ambient/install.ts';
import { warmUpUndici } from '../ambient/net/warm-up.ts';
import { currentHost } from '../ambient/registry.ts';
import { sharedPump } from '../ambient/shared-pump.ts';
import { EnvironmentError, OptionError } from '../errors.ts';
import type { FaultPlan } from '../faults/fault.ts';
import { checkPlan } from '../faults/plan.ts';
import { drawPlan } from '../faults/swarm.ts';
import { loadApi } from '../host/open-telemetry/load-api.ts';
import { openStream } from '../random/stream.ts';
import { isScenario } from './define-scenario.ts';
import type { Scenario } from './scenario.ts';
import type { RunResult, ViolationCode } from './result.ts';
import { Run } from './run.ts';
import type { RunInput } from './simulation.ts';

/** Options of {@link simulate}. */
export interface SimulateOptions<Workload> {
  /** From 0 to 2^32 - 1. Default 1. */
  readonly seed?: number;
  /** Default: generated from the seed. */
  readonly workload?: Workload;
  /** Default: drawn from the seed within the fault budget of the scenario. */
  readonly plan?: FaultPlan;
  /** Whether the result has the trace. The run is the same, and slower. Default false. */
  readonly record?: boolean;
}

/** Turns of the real event loop until an HTTP/2 session that was ended in the last event has called back. */
const LAST_TURNS = 8;

/** Failures whose message is better with the places in the code that a recorded run knows. */
const BETTER_RECORDED: ReadonlySet<ViolationCode> = new Set(['WT_LIVELOCK', 'WT_STEPS', 'WT_VIRTUAL_TIME']);

/**
 * Makes one run: the same inputs give the same run, in every process, on every version of Node.js.
 *
 * Determinism: the run is a function of (scenario, workload, plan, seed). Workload and plan, where not given,
 * are functions of the seed.
 *
 * @returns The result, with its verdict: a failure of the system under test is not thrown.
 * @throws {OptionError} If an option is out of range, or the plan does not fit the scenario.
 * @throws {EnvironmentError} If other fake timers are installed, or when called inside of a simulation.
 * @example
 * const result = await simulate(checkout, { seed: 8417 });
 * console.log(result.verdict, result.hash);
 */
export async function simulate<Workload>(
  scenario: Scenario<Workload>,
  options: SimulateOptions<Workload> = {},
): Promise<RunResult<Workload>> {
  if (!isScenario(scenario)) throw OptionError.expected('scenario', 'made by defineScenario()', scenario);
  const seed = checkSeed('seed', options.seed ?? 1);
  const hosts = [...scenario.hosts.keys()];
  const plan = options.plan === undefined ? planOf(scenario, seed) : checkPlan(options.plan, hosts);
  const workload = 'workload' in options ? options.workload : workloadOf(scenario, seed);
  if (currentHost() !== undefined) {
    throw new EnvironmentError('simulate() was called by code that runs inside of a simulation.');
  }
  return whileInstalled(scenario, async () => {
    const input = { scenario, seed, workload, plan };
    const result = await runOnce({ ...input, isRecorded: options.record ?? false });
    const [violation] = result.violations;
    if (violation === undefined || result.trace !== undefined || !BETTER_RECORDED.has(violation.code))
      return result;
    const { violations } = await runOnce({ ...input, isRecorded: true });
    return { ...result, violations };
  });
}

/**
 * Makes runs of a scenario, with the ambient layer installed: before its hosts load what they need, so that
 * packages take the functions that dispatch by host.
 */
export async function whileInstalled<Result>(
  scenario: Pick<Scenario, 'hosts' | 'versions' | 'openTelemetry' | 'file'>,
  makeRuns: () => Promise<Result>,
): Promise<Result> {
  refuseSurroundings();
  await warmUpUndici();
  const release = acquireAmbient();
  try {
    const programs = [...scenario.hosts.values(), ...[...scenario.versions.values()].flat()];
    if (scenario.openTelemetry) loadApi(scenario.file);
    for (const definition of new Set(programs)) await definition.prepare?.();
    return await makeRuns();
  } finally {
    // What native code still calls back belongs to hosts that are over, as long as contexts are followed.
    for (let turn = 0; turn < LAST_TURNS; turn++) await sharedPump().leave();
    release();
  }
}

/**
 * Makes one run from checked input, while the ambient layer is installed.
 *
 * @throws {OptionError} If the scenario's own code used wavetank wrongly.
 * @throws {EnvironmentError} If fake timers were installed since.
 */
export function runOnce<Workload>(input: RunInput<Workload>): Promise<RunResult<Workload>> {
  return new Promise((resolve, reject) => {
    // Another test of the process may have installed them meanwhile.
    keepClocks();
    sharedPump().add(new Run<Workload>(input, { resolve, reject }));
  });
}

/** @throws {OptionError} If it is no integer from 0 to 2^32 - 1. */
export function checkSeed(option: string, seed: unknown): number {
  if (typeof seed === 'number' && Number.isInteger(seed) && seed >= 0 && seed <= 0xffff_ffff) return seed;
  throw OptionError.expected(option, 'an integer from 0 to 4294967295', seed);
}

/** Draws the plan of a seed within the fault budget of a scenario. */
export function planOf(scenario: Pick<Scenario, 'hosts' | 'faults'>, seed: number): FaultPlan {
  const stream = openStream(seed, 'fault plan');
  const draw = (bound: number): number => Math.floor((stream.uint32() / 0x1_0000_0000) * bound);
  return drawPlan(scenario.faults, [...scenario.hosts.keys()], draw);
}

/** Generates the workload of a seed. */
export function workloadOf<Workload>(scenario: Scenario<Workload>, seed: number): Workload {
  if (scenario.workload === undefined) return undefined as Workload;
  // fast-check takes signed seeds.
  return fc.sample(scenario.workload, { seed: seed | 0, numRuns: 1 })[0] as Workload;
}
