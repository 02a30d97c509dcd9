// The world as the code of a scenario sees it: its hosts, its clients, its network, its time.

import { OptionError, nearMiss } from '../errors.ts';
import type { History } from '../history/history.ts';
import type { Traffic } from '../history/traffic.ts';
import { OUTCOME_TYPES, outcomeOfError, outcomeOfValue } from '../history/operation.ts';
import type { Operation, Outcome, OutcomeType } from '../history/operation.ts';
import type { HostMachine } from '../host/machine.ts';
import type { Activities } from '../host/activities.ts';
import type { MachinePark } from '../host/park.ts';
import { Message } from '../host/transport.ts';
import { viewOf, type MessageView } from '../network/message.ts';
import { block, cutText, unblock } from '../network/partition.ts';
import type { NetworkRule } from '../network/verdict.ts';
import { checkedUsFromMs } from '../time/duration.ts';
import type { Clients } from './clients.ts';
import { viewDisk, viewStore } from './state-views.ts';
import type { DiskHandle, JournalAccess, StoreHandle } from './state-views.ts';

/** A host, for scenarios and checks. */
export interface HostHandle {
  readonly name: string;
  readonly isUp: boolean;
  readonly isPaused: boolean;
  /** Which of its `versions` runs, or ran last, counted from 0. */
  readonly version: number;
  /** What the host published by `host.expose`; kept after a crash. `undefined` until the first time. */
  readonly exports: Record<string, unknown> | undefined;
  /** What it keeps on `host.disk`; after a crash, what is durable. */
  readonly disk: DiskHandle;
  /**
   * What it keeps by `host.store`.
   *
   * @param name - Default `state`.
   */
  store<State>(name?: string): StoreHandle<State>;
  /** The process dies at once. */
  crash(): void;
  /**
   * Boots the process again; one that runs is killed first.
   *
   * @param options.version - Which of its `versions` is booted, counted from 0. Default: the same again.
   * @returns when it is up.
   * @throws {OptionError} If it has no such version.
   */
  restart(options?: { version?: number }): Promise<void>;
  /** Asks the process to end. @param options.graceMs - When it is killed. Default 10,000. */
  stop(options?: { graceMs?: number }): Promise<void>;
  pause(): void;
  resume(): void;
}

/** A client, for the code that drives it. */
export interface Client {
  readonly name: string;
  /**
   * Records an operation: its invocation, and whether it ended `ok`, `fail` (certainly without effect) or
   * `info` (unknown). A response counts by its status; an error of the network does not throw.
   *
   * @param run - Makes the call. It gets the id of the operation, which may travel with the request, so that
   *   the service can tell in which order it applied operations (see `verifyOrder` of `wavetank/checkers`).
   * @throws What `run` threw, if it is an assertion or a bug of the code rather than of the network.
   * @throws {OptionError} If `options.outcome` answers with no type of outcome.
   */
  operation<Value>(
    name: string,
    input: unknown,
    run: (id: number) => Promise<Value> | Value,
    options?: OperationOptions<Value>,
  ): Promise<Outcome<Value>>;
}

/** Options of {@link Client.operation}. */
export interface OperationOptions<Value> {
  /**
   * Decides what an outcome counts as, where the service knows better: a 404 to a delete that is `ok`, a 500
   * that certainly had no effect. Undefined: as it is.
   */
  readonly outcome?: (outcome: Outcome<Value>) => OutcomeType | undefined;
}

/** The network, for scenarios. */
export interface NetworkHandle {
  /** Cuts hosts off until it is healed. Without `to`: from all other hosts; clients stay connected. */
  partition(options: { from: readonly string[]; to?: readonly string[]; oneWay?: boolean }): { heal(): void };
  /** Keeps messages of a link back, until `release`. */
  hold(from: string, to: string): void;
  release(from: string, to: string): void;
  /** The messages that are on their way, held or stalled, in the order in which they were sent. */
  inFlight(): MessageView[];
  /** Decides about messages before the fault plan does. @returns a function that removes the rule. */
  rule(rule: NetworkRule): () => void;
}

/** What a scenario's code gets. */
export interface World {
  /** Virtual milliseconds since the run began. */
  readonly nowMs: number;
  readonly seed: number;
  /**
   * The hosts that come back after the storm: all of them, or the core of the plan. Checks under `eventually`
   * of a scenario whose budget has a core ask about these.
   */
  readonly core: readonly string[];
  /** The operations so far. */
  readonly history: readonly Operation[];
  /**
   * The requests and operations so far, and how long each took.
   *
   * @throws {OptionError} If the scenario does not say `traffic: true`.
   */
  readonly traffic: Traffic;
  readonly network: NetworkHandle;
  /** @throws {OptionError} If the scenario has no such host. */
  host(name: string): HostHandle;
  /**
   * Runs code as a client: a host of its own, whose `fetch`, timers, `Date` and randomness are its own.
   *
   * @returns What the code returns.
   */
  client<Result>(name: string, run: (client: Client) => Promise<Result> | Result): Promise<Result>;
}

/** Makes the world of a run. */
export function createWorld(options: {
  park: MachinePark;
  hosts: ReadonlyMap<string, HostMachine>;
  clients: Clients;
  history: History;
  core: readonly string[];
  /** What is shown of the operations. Default: all, as they were. */
  observed?: ((operations: readonly Operation[]) => readonly Operation[]) | undefined;
  journals: JournalAccess;
  /** Undefined where the scenario does not keep it. */
  traffic: Traffic | undefined;
  onOperation: (operation: Operation, type: 'invoke' | Operation['type']) => void;
  /** Told whenever the scenario's code reaches for a host or for the network. */
  onReach?: (() => void) | undefined;
}): World {
  const { park, hosts, clients, history, core, observed, journals, onOperation } = options;
  const machineOf = (name: string): HostMachine => {
    const machine = park.find(name);
    if (machine !== undefined) return machine;
    throw new OptionError(`unknown host "${name}"${nearMiss(name, [...hosts.keys()])}`);
  };
  const handles = new Map<HostMachine, HostHandle>();
  const network = createNetworkHandle(park, machineOf, () => [...hosts.keys()]);
  return {
    get nowMs() {
      return park.engine.nowUs / 1000;
    },
    seed: park.seed,
    core,
    get history() {
      const operations = history.operations();
      return observed === undefined ? operations : observed(operations);
    },
    get traffic() {
      if (options.traffic !== undefined) return options.traffic;
      throw new OptionError(
        'Expected `traffic: true` in the scenario, because its code reads how long requests took: it is ' +
          'not written down otherwise. Add it to defineScenario().',
      );
    },
    get network() {
      options.onReach?.();
      return network;
    },
    host(name) {
      options.onReach?.();
      const machine = machineOf(name);
      let handle = handles.get(machine);
      if (handle === undefined) handles.set(machine, (handle = createHandle(machine, journals)));
      return handle;
    },
    client(name, run) {
      const incarnation = clients.open(name);
      const { activities } = park;
      return incarnation.call(async () => run(createClient({ name, history, activities, onOperation })));
    },
  };
}

function createClient({
  name,
  history,
  activities,
  onOperation,
}: {
  name: string;
  history: History;
  activities: Activities | undefined;
  onOperation: (operation: Operation, type: 'invoke' | Operation['type']) => void;
}): Client {
  return {
    name,
    async operation(label, input, run, { outcome: decide } = {}) {
      const begun = history.invoke(name, label, input);
      const { id } = begun;
      onOperation(begun, 'invoke');
      const begin = () => outcomeOf(() => run(id));
      const outcome = await (activities?.handle({ kind: 'operation', id, name: label }, begin) ?? begin());
      const ended =
        decide === undefined ? outcome : { ...outcome, type: checkedType(decide(outcome), outcome) };
      onOperation(history.end(id, ended), ended.type);
      return ended;
    },
  };
}

/** @throws What the call threw, if that is a bug of the caller's own code. */
async function outcomeOf<Value>(call: () => Promise<Value> | Value): Promise<Outcome<Value>> {
  try {
    return outcomeOfValue(await call());
  } catch (error) {
    const outcome = outcomeOfError(error);
    if (outcome === undefined) throw error;
    return outcome;
  }
}

function checkedType(decided: OutcomeType | undefined, outcome: Outcome<unknown>): OutcomeType {
  if (decided === undefined) return outcome.type;
  if (OUTCOME_TYPES.includes(decided)) return decided;
  throw OptionError.expected('what outcome() answered', '"ok", "fail", "info" or nothing', decided);
}

function createHandle(machine: HostMachine, journals: JournalAccess): HostHandle {
  return {
    name: machine.name,
    get isUp() {
      return machine.process === 'up';
    },
    get isPaused() {
      return machine.isPaused;
    },
    get version() {
      return machine.version;
    },
    get exports() {
      return machine.exports;
    },
    disk: viewDisk(machine, journals),
    store: (name = 'state') => viewStore(machine, name, journals),
    crash: () => machine.crash(),
    restart: ({ version = machine.installed } = {}) => {
      if (machine.versions[version] === undefined)
        throw OptionError.expected('version', `the number of a version of ${machine.name}`, version);
      machine.crash();
      machine.install(version);
      return machine.boot();
    },
    stop: ({ graceMs = 10_000 } = {}) => machine.stop(checkedUsFromMs('graceMs', graceMs)),
    pause: () => machine.pause(),
    resume: () => machine.resume(),
  };
}

function createNetworkHandle(
  park: MachinePark,
  machineOf: (name: string) => HostMachine,
  hostNames: () => string[],
): NetworkHandle {
  const { transport } = park;
  const { network } = transport;
  return {
    partition({ from, to, oneWay = false }) {
      const others = to ?? hostNames().filter((name) => !from.includes(name));
      for (const name of [...from, ...others]) machineOf(name);
      const cut = { from, to: others, isOneWay: oneWay };
      for (const link of block(network, cut)) transport.blocked(link);
      park.observer.noted?.(`partition: ${cutText(cut)}`);
      let isHealed = false;
      return {
        heal() {
          if (isHealed) return;
          isHealed = true;
          park.observer.noted?.(`partition heals: ${cutText(cut)}`);
          for (const link of unblock(network, cut)) transport.healed(link);
        },
      };
    },
    hold(from, to) {
      network.link(machineOf(from).name, machineOf(to).name).isHeld = true;
      park.observer.noted?.(`messages held: ${from} → ${to}`);
    },
    release(from, to) {
      const link = network.link(machineOf(from).name, machineOf(to).name);
      link.isHeld = false;
      park.observer.noted?.(`messages released: ${from} → ${to}`);
      transport.release(link);
    },
    inFlight() {
      const queued = park.engine.queue.inOrder().filter((event) => event instanceof Message);
      const messages = [...queued, ...transport.waiting()];
      return messages.toSorted((left, right) => left.sentUs - right.sentUs).map(viewOf);
    },
    rule(rule) {
      if (typeof rule !== 'function') throw OptionError.expected('rule', 'a function of a message', rule);
      return network.addRule(rule);
    },
  };
}
