// Proves a model in simulations: three clients do generated operations on a service under faults, and the
// history is judged by the model at the end. A careful service must pass, each with a mistake be rejected.

import fc, { type Arbitrary } from 'fast-check';
import { linearizable, type DecisionOptions, type Judgement, type Operation } from '../../src/checkers.ts';
import { outcomeOfError } from '../../src/history/operation.ts';
import { defineScenario, latency, swarm } from '../../src/index.ts';
import type { HostDefinition, Scenario, SwarmOptions, World } from '../../src/index.ts';
import type { Model } from '../../src/models.ts';
import type { Asked } from './systems/service.ts';

/** The clients of every scenario. */
export const CLIENTS = ['ann', 'ben', 'cat'] as const;

const ENTRIES = ['server'];

/** The client that asks last, when the others are done. */
const CLOSER = 'zoe';

/** What a client heard before: operations of its own that ended `ok`, oldest first. */
export interface Heard<Input, Output> {
  readonly input: Input;
  readonly output: Output;
}

type Hosts = Readonly<Record<string, HostDefinition>>;

/** A service with a mistake. */
export interface Faulty {
  /** The mistake: `takes no lock`. */
  readonly what: string;
  readonly hosts: Hosts;
  /** What the explanation of the shrunk failure must say: the operations that matter. */
  readonly names: readonly RegExp[];
  /** Within how many runs it must be found. Default 300. */
  readonly runs?: number;
  /** In place of those of the correct service. */
  readonly entries?: readonly string[];
}

/** A model, and services that should keep to it. */
export interface SimulatedOptions<State, Input extends { readonly name: string }, Output> {
  readonly model: Model<State, Input, Output>;
  /** Generates what a client wants. */
  readonly operations: (client: string) => Arbitrary<Input>;
  /**
   * What a client asks for in place of what it wanted, where that depends on what it heard: the ticket that
   * it was given. `undefined`: nothing. Default: what it wanted.
   */
  readonly ask?: (wanted: Input, heard: readonly Heard<Input, Output>[], client: string) => Input | undefined;
  /** Asked by one more client when all others are done, so that what is left in the end is seen. */
  readonly closing?: readonly Input[];
  readonly correct: Hosts;
  readonly faulty: readonly Faulty[];
  /** The hosts that answer clients; a client whose request failed asks the next. Default `['server']`. */
  readonly entries?: readonly string[];
  /** Operations of each client, at most. Default 4. */
  readonly operationsMax?: number;
  /** Faults beside those that every service gets, or `false` to take one of those away. */
  readonly faults?: SwarmOptions;
  /** How the history is read by `linearizable`. */
  readonly reading?: DecisionOptions<Input, Output>;
  /** Judges the history. Default: by `linearizable` and the model. */
  readonly judge?: (history: readonly Operation[]) => Judgement;
}

/** The same as scenarios. */
export interface SimulatedModel {
  readonly name: string;
  readonly correct: Scenario;
  readonly faulty: readonly (Omit<Faulty, 'hosts' | 'entries'> & { readonly scenario: Scenario })[];
}

/** What a client wants, and how long it waits before, in virtual milliseconds. */
interface Wish<Input> {
  readonly afterMs: number;
  readonly wanted: Input;
}

/** Makes scenarios of a model and its services. */
export function simulated<State, Input extends { readonly name: string }, Output>(
  options: SimulatedOptions<State, Input, Output>,
): SimulatedModel {
  const { model, correct, faulty } = options;
  return {
    name: model.name,
    correct: scenarioOf(`${model.name}, correct`, correct, options),
    faulty: faulty.map(({ hosts, entries = options.entries ?? ENTRIES, ...rest }) => ({
      ...rest,
      scenario: scenarioOf(`${model.name}, ${rest.what}`, hosts, { ...options, entries }),
    })),
  };
}

function scenarioOf<State, Input extends { readonly name: string }, Output>(
  name: string,
  hosts: Hosts,
  options: SimulatedOptions<State, Input, Output>,
): Scenario {
  const { model, reading, operations, operationsMax = 4, closing = [] } = options;
  const judge = options.judge ?? ((history) => linearizable(model, history, reading));
  const names = Object.keys(hosts);
  const wishes = CLIENTS.map((client) => {
    const wish = { afterMs: fc.integer({ min: 0, max: 60 }), wanted: operations(client) };
    return fc.array(fc.record(wish, { noNullPrototype: true }), { maxLength: operationsMax });
  });
  return defineScenario<readonly (readonly Wish<Input>[])[]>({
    name,
    hosts,
    network: { latency: latency.longTail({ medianMs: 2, p99Ms: 15 }), mayDuplicate: ['POST'] },
    faults: swarm({
      ...{ delay: true, drop: true, duplicate: true, reset: true, refuse: true },
      ...{ crash: names, powerLoss: names, pause: names, horizonMs: 250 },
      ...options.faults,
    }),
    workload: fc.tuple(...wishes),
    async drive(world, workload) {
      const working = CLIENTS.map((client, i) => work(world, client, { wishes: workload[i] ?? [], options }));
      await Promise.all(working);
      const last = closing.map((wanted) => ({ afterMs: 0, wanted }));
      if (last.length > 0) await work(world, CLOSER, { wishes: last, options });
    },
    finally: { 'the history': (world) => judge(world.history) },
  });
}

/** One client: asks for one thing after the other. */
function work<State, Input extends { readonly name: string }, Output>(
  world: World,
  name: string,
  { wishes, options }: { wishes: readonly Wish<Input>[]; options: SimulatedOptions<State, Input, Output> },
): Promise<void> {
  const { ask = (wanted: Input) => wanted, entries = ENTRIES } = options;
  const patience = name === CLOSER ? ATTEMPTS_OF_CLOSER : ATTEMPTS;
  return world.client(name, async (client) => {
    const heard: Heard<Input, Output>[] = [];
    for (const [nth, { afterMs, wanted }] of wishes.entries()) {
      await pause(afterMs);
      const input = ask(wanted, heard, name);
      if (input === undefined) continue;
      const asked = { id: `${name}-${nth}`, input };
      const { name: what, ...rest } = input;
      const { type, value } = await client.operation(what, rest, () => insist(asked, { entries, patience }));
      if (type === 'ok') heard.push({ input, output: value as Output });
    }
  });
}

const ATTEMPTS = 5;
const ATTEMPTS_OF_CLOSER = 20;
const TIMEOUT_MS = 60;

/**
 * Asks until there is an answer, for a while.
 *
 * @throws What certainly had no effect, as `fetch` threw it; otherwise an error that leaves it unknown.
 */
async function insist(
  asked: Asked<unknown>,
  { entries, patience }: { readonly entries: readonly string[]; readonly patience: number },
): Promise<unknown> {
  let mayHaveArrived = false;
  let refusal: unknown;
  for (let attempt = 0; attempt < patience; attempt++) {
    if (attempt > 0) await pause(Math.min(15 * 2 ** attempt, 1_000));
    try {
      const answer = await inTime(post(`http://${entries[attempt % entries.length]}/`, asked));
      if (answer !== undefined) return answer.output;
      mayHaveArrived = true;
    } catch (error) {
      refusal = error;
      mayHaveArrived ||= outcomeOfError(error)?.type !== 'fail';
    }
  }
  throw mayHaveArrived ? new Error(`no answer to ${patience} requests`) : refusal;
}

/** @returns undefined for an answer that leaves it unknown whether there was an effect. */
async function post(url: string, asked: Asked<unknown>): Promise<{ readonly output: unknown } | undefined> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(asked) });
  return response.ok ? ((await response.json()) as { readonly output: unknown }) : undefined;
}

/** @returns undefined where it takes too long. Cheaper than a signal: there are tens of thousands of runs. */
function inTime<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), TIMEOUT_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Waits for virtual milliseconds. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
