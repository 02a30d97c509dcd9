// The parts of one run, put together: the engine, the network, the machines, the world that scenario code
// sees. What they do, and in which order, is the business of run.ts.

import { Engine } from '../engine/engine.ts';
import { InOrderScheduler } from '../engine/in-order.ts';
import { TimedRandomScheduler } from '../engine/timed-random.ts';
import { FaultDirector } from '../faults/director.ts';
import type { FaultPlan } from '../faults/fault.ts';
import { compileInjector } from '../faults/injector.ts';
import { Ledger } from '../faults/ledger.ts';
import { History } from '../history/history.ts';
import type { Incarnation } from '../host/incarnation.ts';
import { HostMachine, type MachinePark } from '../host/machine.ts';
import { Transport } from '../host/transport.ts';
import { Network } from '../network/network.ts';
import { KeyedRandom } from '../random/keyed.ts';
import { Clients } from './clients.ts';
import type { Scenario } from './scenario.ts';
import { Recorder } from './recorder.ts';
import { Verdicts } from './verdicts.ts';
import { Watcher } from './watcher.ts';
import { createWorld, type World } from './world.ts';

/** The input of a run: it is a pure function of this. */
export interface RunInput<Workload> {
  readonly scenario: Scenario<Workload>;
  readonly seed: number;
  readonly workload: Workload;
  readonly plan: FaultPlan;
  /** Whether everything that happens is written down. The run is the same in both cases. */
  readonly isRecorded: boolean;
}

/** Everything that exists during one run. */
export class Simulation {
  readonly engine: Engine;
  readonly network: Network;
  readonly transport: Transport;
  readonly hosts: Map<string, HostMachine> = new Map();
  readonly clients: Clients;
  readonly history: History;
  readonly ledger: Ledger = new Ledger();
  readonly world: World;
  readonly verdicts: Verdicts;
  readonly director: FaultDirector;
  readonly recorder: Recorder | undefined;
  /** Runs the scenario's own code: a machine that nothing befalls. */
  readonly driver: HostMachine;
  /** The asynchronous context of the scenario's own code. */
  readonly driving: Incarnation;

  constructor({ scenario, seed, plan, isRecorded }: Omit<RunInput<unknown>, 'workload'>) {
    const random = new KeyedRandom(seed);
    const scheduler = plan.order === 'drawn' ? new TimedRandomScheduler(random) : new InOrderScheduler();
    this.engine = new Engine({ scheduler, limits: scenario.limits });
    this.recorder = isRecorded ? new Recorder(this.engine) : undefined;
    this.network = new Network({ random, ...scenario.network });
    this.network.isCalm = plan.latency === 'calm';
    this.network.variesPieces = plan.order === 'drawn';
    this.network.injector = compileInjector(plan, random, this.ledger);
    const watcher = new Watcher(this, scenario.expectUncaught);
    this.transport = new Transport({ engine: this.engine, network: this.network, observer: watcher });
    const park: MachinePark = {
      engine: this.engine,
      transport: this.transport,
      observer: watcher,
      seed,
      epochMs: scenario.epochMs,
      notes: new Set(),
      find: (name) => this.hosts.get(name) ?? this.clients.find(name),
      findByAddress: (address) => this.machines().find((machine) => machine.address === address),
      machines: () => this.machines(),
      names: () => [...this.hosts.keys()],
      mayDuplicate: (method) => scenario.network.mayDuplicate.has(method),
    };
    this.driver = new HostMachine(park, {
      name: 'driver',
      id: 0,
      definition: { kind: 'daemon', boot: () => ({}) },
    });
    for (const [name, definition] of scenario.hosts) {
      this.hosts.set(name, new HostMachine(park, { name, id: 1 + this.hosts.size, definition }));
    }
    this.clients = new Clients({
      park,
      firstId: 1 + this.hosts.size,
      isHost: (name) => this.hosts.has(name),
    });
    this.history = new History(this.engine);
    this.world = createWorld({
      park,
      hosts: this.hosts,
      clients: this.clients,
      history: this.history,
      onOperation: (operation, type) => watcher.operation(operation, type),
    });
    this.verdicts = new Verdicts(scenario, this.world, () => this.whereabouts());
    this.director = new FaultDirector({ park, owner: this.driver, ledger: this.ledger });
    this.driving = this.driver.bootNow();
  }

  /** Where the run is now, for violations. */
  whereabouts(): { nowUs: number; steps: number; host: string } {
    const { nowUs, steps, current } = this.engine;
    return { nowUs, steps, host: current?.owner.name ?? 'driver' };
  }

  /** The machines of hosts and clients. */
  machines(): HostMachine[] {
    return [...this.hosts.values(), ...this.clients.all()];
  }

  /** Stops all faults, and makes whole what is broken, cut off or down. */
  heal(): void {
    this.director.end();
    this.network.injector = undefined;
    // Delays and losses of the links are deviations too.
    this.network.isCalm = true;
    for (const link of this.network.links()) {
      const wasOpen = link.cuts.size === 0 && !link.isHeld;
      link.cuts.clear();
      link.isHeld = false;
      if (!wasOpen) this.transport.healed(link);
    }
    for (const machine of this.hosts.values()) {
      machine.resume();
      // A script that ran to its end is not started again.
      if (!machine.isFinished) void this.driving.call(() => machine.bootAgain());
    }
  }

  /** Ends every incarnation: what is left of their code has no effect any more. */
  discard(): void {
    for (const machine of [...this.machines(), this.driver]) machine.discard();
  }
}
