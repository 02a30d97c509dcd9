// Carries out the faults of a plan that begin at a time, and, when the storm is over, undoes what lasts. What
// each of them does is the business of its kind.

import { ControlEvent } from '../host/control-event.ts';
import type { HostMachine } from '../host/machine.ts';
import type { MachinePark } from '../host/park.ts';
import type { Link } from '../network/link.ts';
import { usFromMs } from '../time/duration.ts';
import { isTimedFault, type FaultPlan, type TimedFault } from './fault.ts';
import { kindOf } from './kinds/table.ts';
import type { Ledger } from './ledger.ts';
import type { Casualties } from './survivable.ts';
import type { Storm, StormListener } from './timed.ts';

/** Something that lasts, and is undone when its time or the storm is over. */
interface Lasting {
  readonly undo: () => void;
  readonly fault: TimedFault | undefined;
}

/** Told of timed faults, while a run is recorded. */
export interface FaultWatch {
  /** Its time has come: what follows until `begun` is its doing. */
  begins(fault: TimedFault): void;
  /** It did something, now or later. */
  acts(fault: TimedFault): void;
  /** It did something that lasts. */
  lasts(fault: TimedFault): void;
  begun(fault: TimedFault): void;
  /** Something of it that lasted is over. */
  ends(fault: TimedFault): void;
}

/** A fault that waits for its trigger. */
interface Waiting {
  readonly fault: TimedFault;
  /** How many more times it has to happen. */
  left: number;
}

/** Directs the planned faults of one run. */
export class FaultDirector implements Storm {
  readonly park: MachinePark;
  /** The step before which the next fault that waits for one is due. */
  nextStep: number = Number.POSITIVE_INFINITY;
  watch: FaultWatch | undefined;
  readonly #owner: HostMachine;
  readonly #ledger: Ledger;
  readonly #casualties: Casualties;
  readonly #pending = new Set<ControlEvent>();
  readonly #lasting = new Set<Lasting>();
  readonly #listeners = new Set<StormListener>();
  readonly #struck = new Set<TimedFault>();
  readonly #beganUs = new Map<TimedFault, number>();
  readonly #waiting = new Set<Waiting>();
  /** The fault whose doing it is what happens now. */
  #striking: TimedFault | undefined;
  #isOver = false;

  constructor(options: { park: MachinePark; owner: HostMachine; ledger: Ledger; casualties: Casualties }) {
    this.park = options.park;
    this.#owner = options.owner;
    this.#ledger = options.ledger;
    this.#casualties = options.casualties;
  }

  /** Queues the timed faults of a plan. */
  begin(plan: FaultPlan): void {
    for (const fault of plan.faults) {
      if (!isTimedFault(fault)) continue;
      const { after } = fault;
      if (after === undefined) this.#strikeAt(fault, 0);
      else this.#waiting.add({ fault, left: 'nth' in after ? after.nth : 1 });
    }
    this.#lookAtSteps();
  }

  struck(fault: TimedFault, as: TimedFault = fault): void {
    this.watch?.acts(fault);
    if (this.#struck.has(fault)) return;
    this.#struck.add(fault);
    this.#ledger.add(as);
    const beganUs = this.#beganUs.get(fault) ?? this.park.engine.nowUs;
    this.#beganUs.set(as, beganUs);
    this.#casualties.struck(fault, beganUs);
  }

  later(us: number, what: string, act: () => void): void {
    this.#at(this.park.engine.nowUs + us, what, act);
  }

  lasts(us: number, what: string, undo: () => void): void {
    const lasting = this.#begin(undo);
    this.later(us, what, () => this.#undo(lasting));
  }

  untilEnd(undo: () => void): void {
    this.#begin(undo);
  }

  listen(listener: StormListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  machine(host: string): HostMachine | undefined {
    return this.park.find(host);
  }

  /** When a fault began, in virtual milliseconds; undefined if it has not. */
  beganMs(fault: TimedFault): number | undefined {
    const us = this.#beganUs.get(fault);
    return us === undefined ? undefined : us / 1000;
  }

  /** A message met a partition. */
  blocked(link: Link): void {
    for (const listener of this.#listeners) listener.blocked?.(link);
  }

  /** An event came due on a paused host. */
  deferred(host: string): void {
    for (const listener of this.#listeners) listener.deferred?.(host);
  }

  /** A host reached a marker of its code. */
  reached(host: string, marker: string): void {
    this.#triggered(({ after }) => {
      if (after === undefined || !('marker' in after)) return false;
      return after.marker === marker && (after.host === undefined || after.host === host);
    });
  }

  /** An operation of a client ended `ok`. */
  acknowledged(operation: string): void {
    this.#triggered(
      ({ after }) => after !== undefined && 'acknowledged' in after && after.acknowledged === operation,
    );
  }

  /** The run is about to make {@link nextStep}. */
  stepping(): void {
    const next = this.park.engine.steps + 1;
    this.#triggered(({ after }) => after !== undefined && 'step' in after && after.step <= next);
    this.#lookAtSteps();
  }

  /** Ends the storm: nothing planned happens any more, and what lasts is undone. */
  end(): void {
    this.#isOver = true;
    this.#casualties.healed();
    for (const event of this.#pending) this.park.engine.queue.remove(event);
    this.#pending.clear();
    this.#waiting.clear();
    this.nextStep = Number.POSITIVE_INFINITY;
    for (const lasting of this.#lasting) this.#undo(lasting);
    this.#listeners.clear();
  }

  #triggered(isIt: (fault: TimedFault) => boolean): void {
    for (const waiting of this.#waiting) {
      if (!isIt(waiting.fault) || --waiting.left > 0) continue;
      this.#waiting.delete(waiting);
      this.#strikeAt(waiting.fault, this.park.engine.nowUs);
    }
  }

  #lookAtSteps(): void {
    this.nextStep = Number.POSITIVE_INFINITY;
    for (const { fault } of this.#waiting) {
      const { after } = fault;
      if (after !== undefined && 'step' in after) this.nextStep = Math.min(this.nextStep, after.step);
    }
  }

  #strikeAt(fault: TimedFault, fromUs: number): void {
    // What a trigger sets off comes before everything else that is due then.
    const rank = fault.after === undefined ? 0 : -2;
    const strike = (): void => {
      this.#beganUs.set(fault, this.park.engine.nowUs);
      this.watch?.begins(fault);
      this.#as(fault, () => kindOf(fault).strike(fault, this));
      this.watch?.begun(fault);
    };
    this.#at(fromUs + usFromMs(fault.atMs), fault.kind, strike, rank);
  }

  #at(atUs: number, what: string, act: () => void, rank = 0): void {
    if (this.#isOver) return;
    const fault = this.#striking;
    if (fault !== undefined) this.watch?.acts(fault);
    const event = new ControlEvent(this.#owner, what, () => {
      this.#pending.delete(event);
      this.#as(fault, act);
    });
    event.isRef = false;
    this.#pending.add(event);
    this.park.engine.scheduleExactly(event, atUs, rank);
  }

  /** Does something in the name of a fault. */
  #as(fault: TimedFault | undefined, act: () => void): void {
    const before = this.#striking;
    this.#striking = fault;
    act();
    this.#striking = before;
  }

  #begin(undo: () => void): Lasting {
    const fault = this.#striking;
    const lasting: Lasting = { undo, fault };
    this.#lasting.add(lasting);
    if (fault !== undefined) this.watch?.lasts(fault);
    return lasting;
  }

  #undo(lasting: Lasting): void {
    if (!this.#lasting.delete(lasting)) return;
    lasting.undo();
    if (lasting.fault !== undefined) this.watch?.ends(lasting.fault);
  }
}
