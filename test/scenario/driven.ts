// Runs a body as the driver of a small scenario, on a calm network unless a plan is given.

import type { FaultPlan } from '../../src/faults/fault.ts';
import { calmPlan } from '../../src/faults/fault.ts';
import { handler, type Host, type HostDefinition } from '../../src/host/definition.ts';
import { defineScenario } from '../../src/scenario/define-scenario.ts';
import type { Scenario, ScenarioOptions } from '../../src/scenario/scenario.ts';
import type { RunResult } from '../../src/scenario/result.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import type { World } from '../../src/scenario/world.ts';

type Options = Partial<Omit<ScenarioOptions<undefined>, 'drive'>>;

/** What came of a body. */
export interface Driven<Value> {
  /** What the body returned; undefined when it did not come to its end. */
  readonly value: Value;
  readonly result: RunResult;
}

/** A scenario with a host `server` that says hello, unless other hosts are given. */
export function scenarioOf(
  options: Options,
  drive: (world: World) => Promise<void> | void,
): Scenario<undefined> {
  return defineScenario({ name: 'driven', hosts: { server: greeter() }, ...options, drive });
}

/** A host that answers every request with `hello`. */
export function greeter(): HostDefinition {
  return handler(() => () => new Response('hello'));
}

/** A host whose handler is a function. */
export function serving(
  handle: (request: Request, host: Host) => Response | Promise<Response>,
): HostDefinition {
  return handler((host) => (request: Request) => handle(request, host));
}

/** Makes one run. Fails when the run does, unless it may. */
export async function driven<Value>(
  options: Options,
  body: (world: World) => Promise<Value> | Value,
  { seed = 1, plan = calmPlan, mayFail = false, record = false }: RunOptions = {},
): Promise<Driven<Value>> {
  let value: Value | undefined;
  const scenario = scenarioOf(options, async (world) => {
    value = await body(world);
  });
  const result = await simulate(scenario, { seed, plan, record });
  const [violation] = result.violations;
  if (violation !== undefined && !mayFail) {
    throw new Error(`${violation.code} ${violation.message}`, { cause: violation.error });
  }
  return { value: value as Value, result };
}

interface RunOptions {
  readonly seed?: number;
  readonly plan?: FaultPlan;
  readonly mayFail?: boolean;
  readonly record?: boolean;
}

/** Runs a body as the client `guest`. */
export function asGuest<Value>(
  options: Options,
  body: (world: World) => Promise<Value> | Value,
  run?: RunOptions,
): Promise<Driven<Value>> {
  return driven(options, (world) => world.client('guest', () => body(world)), run);
}

/** Waits for virtual milliseconds. */
export function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

/** What a promise came to, in words: the error's name, message, and what it was caused by. */
export async function outcomeOf(promise: Promise<unknown>): Promise<string> {
  try {
    return `ok ${String(await promise)}`;
  } catch (error) {
    const { name, message, cause } = error as Error & { cause?: Error & { code?: string } };
    return cause === undefined
      ? `${name}: ${message}`
      : `${name}: ${message} (${cause.code ?? cause.message})`;
  }
}
