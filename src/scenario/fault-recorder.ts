// Records the faults of a run: when those that last begin and end, and when the others strike. Exists only
// for runs that are recorded.

import { describeFault } from '../faults/describe.ts';
import type { FaultDirector, FaultWatch } from '../faults/director.ts';
import { hostsOf } from '../faults/fault-hosts.ts';
import { isTimedFault, type Fault, type FaultPlan, type TimedFault } from '../faults/fault.ts';
import type { Ledger } from '../faults/ledger.ts';
import type { FaultEntry } from '../history/trace.ts';
import type { Recorder } from './recorder.ts';

type Writable<Entry> = { -readonly [Key in keyof Entry]: Entry[Key] };

/** What is in the trace of a timed fault. */
interface Told {
  /** Absent before it did anything. */
  entry: Writable<FaultEntry> | undefined;
  /** How many things of it last. */
  lasting: number;
}

/** Writes down what the faults of a plan do. */
export class FaultRecorder implements FaultWatch {
  readonly #recorder: Recorder;
  readonly #faults: readonly Fault[];
  /** The places of the faults that name a message, an operation or a call. */
  readonly #places = new Map<string, number>();
  readonly #told = new Map<TimedFault, Told>();
  /** The fault that strikes now. */
  #striking: TimedFault | undefined;

  constructor(recorder: Recorder, { faults }: FaultPlan) {
    this.#recorder = recorder;
    this.#faults = faults;
    for (const [i, fault] of faults.entries()) {
      const name = nameOf(fault);
      if (!isTimedFault(fault) && !this.#places.has(name)) this.#places.set(name, i);
    }
  }

  /** Listens to what knows of faults. */
  watch({ ledger, director }: { readonly ledger: Ledger; readonly director: FaultDirector }): void {
    ledger.onRecord = (fault, isOfLink) => this.#recorded(fault, isOfLink);
    director.watch = this;
  }

  begins(fault: TimedFault): void {
    this.#striking = fault;
    this.#told.set(fault, { entry: this.#add('strikes', fault, this.#faults.indexOf(fault)), lasting: 0 });
  }

  acts(fault: TimedFault): void {
    const told = this.#told.get(fault);
    if (told === undefined) return;
    // It waited for somebody who met it.
    told.entry ??= this.#add('strikes', fault, this.#faults.indexOf(fault));
    if (this.#striking === fault) this.#striking = undefined;
  }

  lasts(fault: TimedFault): void {
    const told = this.#told.get(fault);
    if (told?.entry === undefined) return;
    told.lasting++;
    told.entry.change = 'begins';
    if (this.#striking === fault) this.#striking = undefined;
  }

  begun(fault: TimedFault): void {
    const told = this.#told.get(fault);
    if (this.#striking !== fault || told?.entry === undefined) return;
    // Nothing came of it: the host that it was to crash was down.
    this.#striking = undefined;
    this.#recorder.takeBack(told.entry);
    told.entry = undefined;
  }

  ends(fault: TimedFault): void {
    const told = this.#told.get(fault);
    if (told !== undefined && --told.lasting === 0) this.#add('ends', fault, this.#faults.indexOf(fault));
  }

  #recorded(fault: Fault, isOfLink: boolean): void {
    if (isTimedFault(fault)) return this.#struckAs(fault);
    const nth = this.#places.get(nameOf(fault)) ?? -1;
    // What a link takes, each message has: it is in its own entry.
    if (fault.kind === 'delay' && isOfLink && nth === -1) return;
    this.#add('strikes', fault, nth);
  }

  /** A fault whose consequences were drawn in the run is told with them. */
  #struckAs(fault: TimedFault): void {
    if (this.#faults.includes(fault)) return;
    const { entry } = [...this.#told.values()].at(-1) ?? {};
    if (entry?.fault === fault.kind) entry.text = describeFault(fault);
  }

  #add(change: FaultEntry['change'], fault: Fault, nth: number): Writable<FaultEntry> {
    const { kind } = fault;
    const entry = {
      kind: 'fault',
      change,
      fault: kind,
      text: describeFault(fault),
      hosts: hostsOf(fault),
      nth,
    };
    return this.#recorder.add(entry as Omit<FaultEntry, 'atUs' | 'step'>) as FaultEntry;
  }
}

/** What names a fault that befalls one message, operation or call: all but what it does there. */
function nameOf(fault: Fault): string {
  const named: Readonly<Record<string, unknown>> = { ...fault };
  return NAMING.map((key) => String(named[key])).join('\n');
}

const NAMING = [
  'kind',
  'from',
  'to',
  'message',
  'label',
  'host',
  'operation',
  'path',
  'name',
  'nth',
] as const;
