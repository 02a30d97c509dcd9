// One run: lets the driver work through the storm and the calm after it, and judges after each step.

import { keepGlobals } from '../ambient/kept-globals.ts';
import { type NativeWatch, watchNativeResources } from '../ambient/traps/watch.ts';
import { EventKind } from '../engine/event.ts';
import type { Pumped } from '../engine/pump.ts';
import { OptionError } from '../errors.ts';
import { currentHost } from '../ambient/registry.ts';
import { ControlEvent } from '../host/control-event.ts';
import { Incarnation } from '../host/incarnation.ts';
import { isAssertion } from './check.ts';
import { describeLimit, describeStuck, waitForTheDead } from './impasse.ts';
import { interrupt } from './interruption.ts';
import type { RunResult } from './result.ts';
import { resultOf } from './run-result.ts';
import { Simulation, type RunInput } from './simulation.ts';

/** As the timeline of a failure knows it, too. */
const STORM_ENDS = 'faults stop, everything heals';
/** With three, runs are equal too, but not to those with more: native code has not come to rest. */
const HELD_LOOP_TURNS = 4;

/** Who waits for a run. */
export interface RunWaiter<Workload> {
  resolve(result: RunResult<Workload>): void;
  reject(error: unknown): void;
}

/** `storm`: faults strike. `calm`: they have stopped, everything is whole again, and must come right. */
type Phase = 'new' | 'storm' | 'calm' | 'over';

/** Makes one run. Nothing is built before its first step. */
export class Run<Workload> implements Pumped {
  readonly hangMs: number;
  readonly #input: RunInput<Workload>;
  readonly #waiter: RunWaiter<Workload>;
  #simulation: Simulation | undefined;
  #watch: NativeWatch | undefined;
  #restoreGlobals: (() => void) | undefined;
  #phase: Phase = 'new';
  #healedUs = 0;
  #isDriven = false;
  #mistake: unknown;

  constructor(input: RunInput<Workload>, waiter: RunWaiter<Workload>) {
    this.#input = input;
    this.#waiter = waiter;
    this.hangMs = input.scenario.limits.hangMs;
  }

  get loopTurns(): number {
    return (this.#simulation?.engine.loopHolds ?? 0) > 0 ? HELD_LOOP_TURNS : 0;
  }

  step(): boolean {
    if (this.#phase === 'over') return false;
    const simulation = (this.#simulation ??= this.#begin());
    const { engine } = simulation;
    const limit = engine.exceeded();
    if (limit !== undefined) {
      const { code, message } = describeLimit(engine, limit);
      simulation.verdicts.add(code, limit, message);
      return this.#end();
    }
    if (this.#phase === 'storm') {
      if (engine.steps + 1 >= simulation.director.nextStep) this.#strikeAtStep(simulation);
      if (!this.#isDriven && engine.step(this.#input.scenario.stormUs)) return true;
      // Not before its time, even if nothing happens until then but what was planned in vain.
      if (!this.#isDriven) engine.advanceTo(this.#input.scenario.stormUs);
      this.#heal(simulation);
    }
    if (this.#isFinished(simulation)) return this.#conclude(simulation);
    return engine.step(this.#deadlineUs(simulation)) || this.#idle(simulation);
  }

  settled(): void {
    const simulation = this.#simulation;
    if (simulation === undefined || this.#phase === 'over') return;
    const { verdicts, driving } = simulation;
    simulation.engine.current?.owner.settled?.();
    simulation.states?.settled(simulation.engine.current?.owner);
    simulation.scheduling.watch?.settled();
    simulation.stateLog?.settled();
    this.#watch?.settled();
    if (verdicts.areDue(this.#phase) && verdicts.violations.length === 0) {
      driving.call(() => {
        verdicts.afterStep();
        if (this.#phase === 'calm') verdicts.afterCalmStep(this.#healedUs);
      });
    }
    if (verdicts.violations.length > 0 || this.#mistake !== undefined || this.#isInterrupted(simulation))
      this.#end();
  }

  /** Whether nobody wants to see more of it. */
  #isInterrupted({ engine }: Simulation): boolean {
    return engine.steps >= (this.#input.interruption?.lastStep ?? Number.POSITIVE_INFINITY);
  }

  threw(error: unknown): void {
    const owner = this.#simulation?.engine.current?.owner;
    const host = currentHost() ?? (owner instanceof Incarnation ? owner : undefined);
    if (host === undefined) this.#mistake = error;
    else host.uncaught(error, 'uncaughtException');
  }

  hung(): void {
    if (this.#simulation === undefined) return;
    const { engine, verdicts, stateLog } = this.#simulation;
    stateLog?.stop();
    const event = engine.current;
    const host = event?.owner.name ?? 'driver';
    const after = event === undefined ? 'an event' : `"${event.describe()}"`;
    verdicts.add(
      'WT_HANG',
      host,
      `host \`${host}\` did not give the thread back within ${this.hangMs} ms of real time after ${after}: ` +
        'an endless loop, or an endless chain of microtasks.',
    );
    this.#end();
  }

  again(): void {
    this.#discard();
    this.#simulation = undefined;
    this.#watch = undefined;
    this.#phase = 'new';
    this.#healedUs = 0;
    this.#isDriven = false;
    this.#mistake = undefined;
  }

  broken(error: unknown): void {
    this.#end();
    this.#discard();
    this.#waiter.reject(error);
  }

  done(): void {
    const simulation = this.#simulation;
    if (simulation === undefined) return;
    simulation.stateLog?.ended();
    this.#tellEnd(simulation);
    this.#discard();
    if (this.#mistake === undefined) this.#waiter.resolve(resultOf(this.#input, simulation, this.#healedUs));
    else this.#waiter.reject(this.#mistake);
  }

  #strikeAtStep({ director, scheduling }: Simulation): void {
    director.stepping();
    scheduling.watch?.disturbed();
  }

  #begin(): Simulation {
    this.#phase = 'storm';
    const { scenario, workload, plan, isRecorded, interruption } = this.#input;
    this.#restoreGlobals = keepGlobals();
    const simulation = new Simulation(this.#input);
    if (isRecorded) this.#watch = watchNativeResources();
    if (interruption !== undefined) interrupt(simulation, interruption);
    const { engine, driving, director, hosts, world } = simulation;
    director.begin(plan);
    const drive = async (): Promise<void> => {
      try {
        await Promise.all([...hosts.values()].map((machine) => machine.boot()));
        await scenario.drive(world, workload);
      } catch (error) {
        if (this.#simulation === simulation) this.#driveThrew(error);
      }
      // What is left of a run that was begun anew says nothing of the new one.
      if (this.#simulation === simulation) this.#isDriven = true;
    };
    engine.scheduleExactly(new ControlEvent(driving, 'drive', () => void drive(), EventKind.drive), 0);
    return simulation;
  }

  #driveThrew(error: unknown): void {
    const verdicts = this.#simulation?.verdicts;
    const shown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    // A mistake in the use of wavetank says nothing about the system.
    if (error instanceof OptionError) this.#mistake = error;
    else if (isAssertion(error)) verdicts?.add('WT_ASSERTION', 'assertion', shown, error);
    else verdicts?.add('WT_DRIVE_THREW', 'drive', `the scenario's own code threw ${shown}`, error);
  }

  #heal(simulation: Simulation): void {
    this.#phase = 'calm';
    this.#healedUs = simulation.engine.nowUs;
    const { core } = simulation;
    const text = core === undefined ? STORM_ENDS : `faults stop, only ${core.join(', ')} heals`;
    simulation.recorder?.add({ kind: 'note', text });
    simulation.heal();
  }

  #isFinished({ verdicts, engine }: Simulation): boolean {
    if (!this.#mayEnd || !verdicts.areAllSettled) return false;
    const isIdle = this.#isDriven && engine.queue.refCount === 0;
    return isIdle || engine.nowUs >= this.#healedUs + this.#input.scenario.calmUs;
  }

  /** Whether nobody has to wait for `drive`: with a core, its clients may go on asking the dead for ever. */
  get #mayEnd(): boolean {
    return this.#isDriven || this.#input.plan.core !== undefined;
  }

  /** Until when the calm phase may wait for its next event. */
  #deadlineUs({ verdicts }: Simulation): number {
    if (!verdicts.areAllSettled) return this.#healedUs + verdicts.patienceUs();
    return this.#mayEnd ? this.#healedUs + this.#input.scenario.calmUs : Number.MAX_SAFE_INTEGER;
  }

  /** Nothing is due before the deadline. */
  #idle(simulation: Simulation): boolean {
    const { engine, verdicts, driving, clients } = simulation;
    if (engine.queue.size > 0 && !verdicts.areAllSettled) {
      // What is due later comes too late for the least patient check, so it is asked before.
      engine.advanceTo(this.#deadlineUs(simulation));
      driving.call(() => verdicts.afterCalmStep(this.#healedUs));
      return verdicts.violations.length > 0 ? this.#end() : this.step();
    }
    const isExcused = engine.queue.size > 0 || waitForTheDead(clients.all());
    if (this.#isDriven || (this.#mayEnd && isExcused)) driving.call(() => verdicts.atEnd());
    else verdicts.add('WT_DEADLOCK', 'deadlock', describeStuck(simulation));
    return this.#conclude(simulation);
  }

  /** Nothing is left to do but to judge the run as a whole. */
  #conclude({ verdicts, driving }: Simulation): false {
    if (verdicts.violations.length === 0) driving.call(() => verdicts.lastly());
    return this.#end();
  }

  /** Nothing happens any more, and everything is still there to be looked at. */
  #tellEnd({ driving, hosts, history }: Simulation): void {
    const { tampering } = this.#input;
    if (tampering === undefined) return;
    const drivenMs = this.#healedUs / 1000;
    driving.call(() => tampering.ended({ hosts, operations: history.operations(), drivenMs }));
  }

  #discard(): void {
    this.#watch?.stop();
    this.#simulation?.discard();
    this.#restoreGlobals?.();
  }

  #end(): false {
    this.#phase = 'over';
    return false;
  }
}
