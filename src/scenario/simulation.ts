// The parts of one run, put together: the engine, the network, the machines, the world that scenario code
// sees. What they do, and in which order, is the business of run.ts.

import { Engine } from '../engine/engine.ts';
import { compileAnswers } from '../faults/answers/answer-policy.ts';
import { compileBuggify } from '../faults/buggify.ts';
import { FaultDirector } from '../faults/director.ts';
import type { FaultPlan } from '../faults/fault.ts';
import { compileDiskStorm, type DiskStorm } from '../faults/disk-storm.ts';
import { compileInjector } from '../faults/injector.ts';
import { Ledger } from '../faults/ledger.ts';
import { isChosen, isPct, isRandom } from '../faults/order.ts';
import { Casualties } from '../faults/survivable.ts';
import { History } from '../history/history.ts';
import { Journal } from '../history/journal.ts';
import type { Operation } from '../history/operation.ts';
import { TrafficLog } from '../history/traffic.ts';
import { Activities } from '../host/activities.ts';
import type { Incarnation } from '../host/incarnation.ts';
import { HostMachine } from '../host/machine.ts';
import type { MachinePark } from '../host/park.ts';
import { endTelemetry } from '../host/open-telemetry/host-telemetry.ts';
import { loadApi } from '../host/open-telemetry/load-api.ts';
import { Transport } from '../host/transport.ts';
import type { Variation } from '../host/variation.ts';
import { Network } from '../network/network.ts';
import { KeyedRandom } from '../random/keyed.ts';
import { Clients } from './clients.ts';
import { describeWaiting } from './impasse.ts';
import type { Scenario } from './scenario.ts';
import { FaultRecorder } from './fault-recorder.ts';
import type { Interruption } from './interruption.ts';
import { Recorder } from './recorder.ts';
import { Scheduling } from './scheduling.ts';
import { StateLog } from './state-log.ts';
import { StateRecorder } from './state-recorder.ts';
import type { Tampering } from './tampering.ts';
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
  /** Whether requests and their answers are taken down. The run is the same in both cases. Default false. */
  readonly keepsTraffic?: boolean;
  /** Whether the states that the scenario tells are taken down; the run is the same then. Default false. */
  readonly keepsStates?: boolean;
  /** Told of each step before it is made: where the run may not live to tell. Default: nobody is. */
  readonly onStep?: (step: StepAhead) => void;
  /** What reaches into the run to alter it. Default: nothing does, and it costs nothing. */
  readonly tampering?: Tampering;
  /** What interrupts the run, for somebody to look at it. Default: nothing. */
  readonly interruption?: Interruption;
  /** What of the programs varies besides faults. Default: nothing. */
  readonly variation?: Variation;
}

/** A step that is about to be made. */
export interface StepAhead {
  readonly step: number;
  readonly atUs: number;
  readonly host: string;
  /** The event, in words. */
  readonly what: string;
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
  readonly casualties: Casualties = new Casualties(() => this.engine.nowUs);
  /** How often each host crashed in the storm. */
  readonly crashed: Map<string, number> = new Map();
  isHealed = false;
  readonly world: World;
  readonly verdicts: Verdicts;
  readonly director: FaultDirector;
  readonly #disks: DiskStorm | undefined;
  readonly #tampering: Tampering | undefined;
  readonly scheduling: Scheduling;
  readonly recorder: Recorder | undefined;
  readonly states: StateRecorder | undefined;
  /** The states that the scenario tells, where somebody asks for them. */
  readonly stateLog: StateLog | undefined;
  /** Requests and their answers, where somebody asks for them. */
  readonly traffic: TrafficLog | undefined;
  /** What hosts write, and what they are doing then; where the run is recorded, or its scenario wants it. */
  readonly #journaling: { readonly activities: Activities; readonly journal: Journal } | undefined;
  /** Runs the scenario's own code: a machine that nothing befalls. */
  readonly driver: HostMachine;
  /** The hosts that come back after the storm; undefined for all of them. */
  readonly core: readonly string[] | undefined;
  /** The asynchronous context of the scenario's own code. */
  readonly driving: Incarnation;

  constructor(input: Omit<RunInput<unknown>, 'workload'>) {
    const { scenario, seed, plan, isRecorded, tampering } = input;
    const random = new KeyedRandom(seed);
    this.#tampering = tampering;
    this.core = plan.core;
    this.scheduling = new Scheduling(plan.order, random, this.hosts);
    this.engine = new Engine({ scheduler: this.scheduling.scheduler, limits: scenario.limits });
    this.recorder = isRecorded ? new Recorder(this.engine) : undefined;
    if (input.onStep !== undefined) tellSteps(this.engine, input.onStep);
    this.#journaling = isRecorded || scenario.keepsJournal ? journalOf(this.engine) : undefined;
    this.traffic = this.#trafficOf(input);
    if (this.recorder !== undefined) this.recorder.activities = this.#journaling?.activities;
    this.network = networkOf(scenario.network, plan, random);
    this.network.injector = compileInjector(plan, random, this.ledger);
    const watcher = new Watcher(this, scenario.expectUncaught);
    this.transport = new Transport({ engine: this.engine, network: this.network, observer: watcher });
    this.#disks = compileDiskStorm({ plan, random, ledger: this.ledger });
    const park = this.#parkOf(input, watcher, random);
    this.driver = new HostMachine(park, {
      name: 'driver',
      id: 0,
      definition: { kind: 'daemon', boot: () => ({}) },
    });
    for (const [name, definition] of scenario.hosts) {
      const versions = scenario.versions.get(name);
      this.hosts.set(name, new HostMachine(park, { name, id: 1 + this.hosts.size, definition, versions }));
    }
    this.states = this.#statesOf();
    this.clients = new Clients({
      park,
      firstId: 1 + this.hosts.size,
      isHost: (name) => this.hosts.has(name),
    });
    this.history = new History(this.engine);
    const about = {
      park,
      hosts: this.hosts,
      clients: this.clients,
      history: this.history,
      core: plan.core ?? [...this.hosts.keys()],
      journals: { journal: this.journal, isOpen: scenario.keepsJournal },
      observed:
        tampering === undefined
          ? undefined
          : (operations: readonly Operation[]) => tampering.observed(operations),
      traffic: scenario.keepsTraffic ? this.traffic : undefined,
      onOperation: (operation: Operation, type: 'invoke' | Operation['type']) =>
        watcher.operation(operation, type),
    } satisfies Parameters<typeof createWorld>[0];
    this.world = createWorld({ ...about, onReach: this.scheduling.onReach });
    // What a check reaches for, no event does.
    const judged = createWorld(about);
    const around = { whereabouts: () => this.whereabouts(), waiting: () => describeWaiting(this) };
    this.verdicts = new Verdicts(scenario, this.states?.overheard(judged) ?? judged, around);
    this.scheduling.begin(this, { scenario, plan, world: judged });
    this.stateLog = this.#stateLogOf(input, judged);
    this.director = new FaultDirector({
      park,
      owner: this.driver,
      ledger: this.ledger,
      casualties: this.casualties,
    });
    if (this.recorder !== undefined) new FaultRecorder(this.recorder, plan).watch(this);
    this.driving = this.driver.bootNow();
  }

  /** Every change of what hosts keep so far, where a journal is kept. */
  get journal(): Journal | undefined {
    return this.#journaling?.journal;
  }

  /** What all machines share. */
  #parkOf(
    { scenario, seed, plan, tampering, variation }: Omit<RunInput<unknown>, 'workload'>,
    watcher: Watcher,
    random: KeyedRandom,
  ): MachinePark {
    return {
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
      disks: tampering === undefined ? this.#disks : tampering.disks(this.#disks),
      ...this.#journaling,
      traffic: this.traffic,
      variation,
      openTelemetry: scenario.openTelemetry ? loadApi(scenario.file) : undefined,
      buggify: this.#buggifyOf(plan, random),
      answers: this.#answersOf({ scenario, plan }, random, watcher),
    };
  }

  #statesOf(): StateRecorder | undefined {
    const { recorder, hosts } = this;
    const journaling = this.#journaling;
    if (recorder === undefined || journaling === undefined) return undefined;
    return new StateRecorder({ recorder, journaling, hosts, driving: () => this.driving });
  }

  #stateLogOf(
    { scenario: { state }, keepsStates }: Omit<RunInput<unknown>, 'workload'>,
    world: World,
  ): StateLog | undefined {
    if (keepsStates !== true || state === undefined) return undefined;
    return new StateLog(() => this.driving.call(() => state(world)));
  }

  #trafficOf({ scenario, keepsTraffic }: Omit<RunInput<unknown>, 'workload'>): TrafficLog | undefined {
    if (keepsTraffic !== true && !scenario.keepsTraffic) return undefined;
    const traffic = new TrafficLog(this.engine);
    this.ledger.onStruck = () => traffic.disturbed();
    return traffic;
  }

  #answersOf(
    { scenario, plan }: Pick<RunInput<unknown>, 'scenario' | 'plan'>,
    random: KeyedRandom,
    watcher: Watcher,
  ): MachinePark['answers'] {
    const mayDuplicate = (method: string): boolean => scenario.network.mayDuplicate.has(method);
    const planned = compileAnswers(plan, {
      random,
      ledger: this.ledger,
      olderSchema: scenario.faults?.olderSchema,
      mayDuplicate,
      noted: (text) => watcher.noted?.(text),
    });
    return this.#tampering === undefined ? planned : this.#tampering.answers(planned, this.engine);
  }

  #buggifyOf(plan: FaultPlan, random: KeyedRandom): MachinePark['buggify'] {
    const decide = compileBuggify(plan, random, this.ledger);
    if (decide === undefined) return undefined;
    return (host, name, probability) => {
      // Nothing befalls the scenario's own code.
      if (host === this.driver.name || !decide(host, name, probability)) return false;
      this.recorder?.add({ kind: 'note', host, text: `buggify: ${name}` });
      return true;
    };
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

  /** The hosts that stay dead after the storm. */
  outsideOfCore(): HostMachine[] {
    const { core } = this;
    return core === undefined ? [] : [...this.hosts.values()].filter(({ name }) => !core.includes(name));
  }

  /** Stops all faults, and makes whole what is broken, cut off or down. */
  heal(): void {
    this.isHealed = true;
    this.traffic?.healed();
    this.director.end();
    this.#disks?.end();
    this.director.park.answers?.end();
    if (this.#tampering === undefined) this.director.park.answers = undefined;
    this.director.park.buggify = undefined;
    this.network.injector = undefined;
    // Delays and losses of the links are deviations too.
    this.network.isCalm = true;
    this.network.leavesTimes = false;
    const dead = this.outsideOfCore();
    const links = [...this.network.links()];
    const isShut = links.map((link) => link.cuts.size > 0 || link.isHeld);
    for (const link of links) {
      link.cuts.clear();
      link.isHeld = false;
    }
    if (dead.length > 0) this.network.bury(dead.map(({ name }) => name));
    for (const [i, link] of links.entries()) {
      if (link.cuts.size > 0) this.transport.blocked(link);
      else if (isShut[i] === true) this.transport.healed(link);
    }
    for (const machine of dead) machine.die();
    for (const machine of this.hosts.values()) {
      machine.gate.resume();
      // A script that ran to its end is not started again.
      if (!machine.isFinished) void this.driving.call(() => machine.bootAgain());
    }
  }

  /** Ends every incarnation: what is left of their code has no effect any more. */
  discard(): void {
    this.traffic?.over();
    for (const machine of [...this.machines(), this.driver]) machine.discard();
    this.#journaling?.activities.end();
    if (this.director.park.openTelemetry !== undefined) endTelemetry();
  }
}

function journalOf(engine: Engine): { activities: Activities; journal: Journal } {
  const activities = new Activities(engine);
  const journal = new Journal(() => {
    const { nowUs, steps } = engine;
    return { atMs: nowUs / 1000, step: steps, cause: activities.current, event: activities.event };
  });
  return { activities, journal };
}

function networkOf(options: Scenario['network'], plan: FaultPlan, random: KeyedRandom): Network {
  const network = new Network({ random, ...options });
  const { latency, order } = plan;
  network.isCalm = latency === 'calm' || isChosen(order);
  network.leavesTimes = latency === 'drawn' && (isChosen(order) || isPct(order));
  network.variesPieces = isRandom(order);
  return network;
}

function tellSteps(engine: Engine, onStep: (step: StepAhead) => void): void {
  const recorded = engine.onStep;
  engine.onStep = (event, step) => {
    recorded?.(event, step);
    onStep({ step, atUs: engine.nowUs, host: event.owner.name, what: event.describe() });
  };
}
