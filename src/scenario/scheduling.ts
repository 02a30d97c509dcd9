// Which scheduler a plan asks for, and what a scheduler that chooses wants to know of the run.

import { canonicalText } from '../checkers/canonical-text.ts';
import { ChoosingScheduler } from '../engine/choosing.ts';
import { InOrderScheduler } from '../engine/in-order.ts';
import { PctScheduler } from '../engine/pct.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import { TimedRandomScheduler } from '../engine/timed-random.ts';
import type { FaultPlan } from '../faults/fault.ts';
import { isChosen, isPct, type EventOrder } from '../faults/order.ts';
import { hashString } from '../random/hash.ts';
import type { KeyedRandom } from '../random/keyed.ts';
import type { RunResult } from './result.ts';
import type { Scenario } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import type { World } from './world.ts';

/** The scheduler of one run. */
export class Scheduling {
  readonly scheduler: Scheduler;
  /** Called when the scenario's code reaches for a host or for the network, beside its checks. */
  readonly onReach: (() => void) | undefined;
  /** Tells a scheduler that follows a list of choices what events do. */
  watch: ChoiceWatch | undefined;
  #isReached = false;

  constructor(order: EventOrder, random: KeyedRandom, hosts: ReadonlyMap<string, unknown>) {
    this.scheduler = schedulerOf(order, random, hosts);
    this.onReach = isChosen(order) ? () => (this.#isReached = true) : undefined;
  }

  /** The simulation is there, with all of its parts that the watch asks. */
  begin(simulation: Simulation, about: About): void {
    if (!(this.scheduler instanceof ChoosingScheduler)) return;
    this.watch = new ChoiceWatch(this.scheduler, simulation, { ...about, isReached: () => this.#isReached });
  }

  /** What a result says of it. */
  told(): Pick<RunResult, 'choices' | 'choicePoints'> {
    const { scheduler } = this;
    if (scheduler instanceof PctScheduler) return { choicePoints: scheduler.choicePoints };
    if (!(scheduler instanceof ChoosingScheduler)) return {};
    const { points, isRedundant } = scheduler;
    return { choices: { points, isRedundant } };
  }
}

function schedulerOf(order: EventOrder, random: KeyedRandom, hosts: ReadonlyMap<string, unknown>): Scheduler {
  if (order === 'drawn') return new TimedRandomScheduler(random);
  if (order === 'calm') return new InOrderScheduler();
  if (isPct(order)) return new PctScheduler(random, order.pct);
  // Clients share the history, and the code that drives them.
  return new ChoosingScheduler(order.choices, ({ name }) => (hosts.has(name) ? name : ''));
}

interface About {
  readonly scenario: Scenario;
  readonly plan: FaultPlan;
  /** The world that checks see. */
  readonly world: World;
}

/** What events do beyond their own hosts, and where the run is. */
class ChoiceWatch {
  readonly #scheduler: ChoosingScheduler;
  readonly #simulation: Simulation;
  readonly #about: About & { isReached(): boolean };
  #lastState: string | undefined;

  constructor(scheduler: ChoosingScheduler, simulation: Simulation, about: About & { isReached(): boolean }) {
    this.#scheduler = scheduler;
    this.#simulation = simulation;
    this.#about = about;
    if (about.scenario.state !== undefined) scheduler.stateOf = () => this.#whole();
  }

  /** Everything that the last event caused has run. */
  settled(): void {
    const owner = this.#simulation.engine.current?.owner;
    // The driver strikes faults; and code of clients that holds a host by its handle may do anything to it.
    const isOwn = owner !== undefined && !this.#simulation.hosts.has(owner.name);
    const isWide = owner?.name === 'driver' || (isOwn && this.#about.isReached());
    this.#scheduler.settled({ isVisible: this.#isVisible(), isWide });
  }

  /** A fault struck between two events. */
  disturbed(): void {
    this.#scheduler.disturbed();
  }

  /** Whether checks that are asked after each step may see something new. */
  #isVisible(): boolean {
    const { always, never, eventually, state } = this.#about.scenario;
    const isAsked = always.size > 0 || never.size > 0 || (this.#simulation.isHealed && eventually.size > 0);
    if (!isAsked) return false;
    if (state === undefined) return true;
    const before = this.#lastState;
    this.#lastState = this.#state();
    return this.#lastState !== before;
  }

  #state(): string {
    const { scenario, world } = this.#about;
    return canonicalText(this.#simulation.driving.call(() => scenario.state?.(world)));
  }

  /** All that a run goes on from, as a hash: the state, operations, hosts, and what is on its way. */
  #whole(): string {
    const { engine, hosts, history, network } = this.#simulation;
    const { faults } = this.#about.plan;
    const queued = engine.queue.inOrder().map((event) => {
      const inTicks = (event.dueUs - engine.nowUs) >> 6;
      const choice = this.#scheduler.choiceOf(event);
      return [event.owner.name, event.describe(), event.fingerprint, inTicks, event.slackUs >> 6, choice];
    });
    const operations = history
      .operations()
      .map(({ client, name, type, input, value }) => [client, name, type, input ?? null, value ?? null]);
    const machines = [...hosts.values()].map(({ name, process, gate }) => [name, process, gate.isPaused]);
    // A fault that is yet to strike is told by what it waits for.
    const sent = faults.length === 0 ? [] : [...network.links()].flatMap((link) => [...link.topics()]);
    const counts = sent.map(({ key, count }) => [key, count]);
    const isTimed = faults.some((fault) => 'atMs' in fault);
    const when = isTimed ? [engine.steps, engine.nowUs >> 6] : [];
    const text = canonicalText([this.#state(), queued, operations, machines, counts, when]);
    return hashString(text).toString(36) + hashString(`again ${text}`).toString(36);
  }
}
