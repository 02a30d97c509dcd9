// The world as the code of a scenario sees it: its hosts, its clients, its network, its time.

import { OptionError, nearMiss } from '../errors.ts';
import type { History } from '../history/history.ts';
import type { Operation } from '../history/operation.ts';
import type { Traffic } from '../history/traffic.ts';
import type { HostMachine } from '../host/machine.ts';
import type { MachinePark } from '../host/park.ts';
import { createClient, type Client } from './client.ts';
import type { Clients } from './clients.ts';
import { createHostHandle, type HostHandle } from './host-handle.ts';
import { createNetworkHandle, type NetworkHandle } from './network-handle.ts';
import type { JournalAccess } from './state-views.ts';

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
      if (handle === undefined) handles.set(machine, (handle = createHostHandle(machine, journals)));
      return handle;
    },
    client(name, run) {
      const incarnation = clients.open(name);
      const { activities } = park;
      return incarnation.call(async () => run(createClient({ name, history, activities, onOperation })));
    },
  };
}
