// Records how the state of hosts changes: their stores and disks as the journal tells it; after each step,
// what they expose to checks; and what checks are answered by what is exposed. Exists only for runs that are
// recorded.

import type { EventOwner } from '../engine/event.ts';
import type { Journal, JournalEntry, Patch } from '../history/journal.ts';
import { PlainView, plainOf, VIEW_DEPTH_MAX, VIEW_VALUES_MAX } from '../history/plain-view.ts';
import { ANSWERS_STORE } from '../history/trace.ts';
import type { Activities } from '../host/activities.ts';
import { DISK_STORE } from '../host/disk-journal.ts';
import type { Incarnation } from '../host/incarnation.ts';
import type { HostMachine } from '../host/machine.ts';
import { overheard, type Answer } from './overheard.ts';
import type { Recorder } from './recorder.ts';
import type { World } from './world.ts';

/** The name under which a trace has what a host exposes. */
const EXPORTS_STORE = 'exports';
const CUT_NOTE =
  `exposes more than a trace keeps: what is deeper than ${VIEW_DEPTH_MAX} levels, ` +
  `or comes after ${VIEW_VALUES_MAX} values, is left out`;

/** Writes down how the state of the hosts of a run changes. */
export class StateRecorder {
  readonly #recorder: Recorder;
  readonly #activities: Activities;
  readonly #hosts: ReadonlyMap<string, HostMachine>;
  /** Where checks are asked, too. */
  readonly #driving: () => Incarnation;
  readonly #views = new Map<HostMachine, PlainView>();
  /** By host and name, and the step in which it was answered last. */
  readonly #answers = new Map<string, Map<string, { value: unknown; step: number }>>();

  constructor(options: {
    readonly recorder: Recorder;
    readonly journaling: { readonly activities: Activities; readonly journal: Journal };
    readonly hosts: ReadonlyMap<string, HostMachine>;
    readonly driving: () => Incarnation;
  }) {
    const { recorder, journaling, hosts, driving } = options;
    this.#recorder = recorder;
    this.#activities = journaling.activities;
    this.#hosts = hosts;
    this.#driving = driving;
    journaling.journal.onEntry = (entry) => this.#journaled(entry);
    for (const { disk, name } of hosts.values()) {
      disk.onLost = (key, cell) => {
        const patch: Patch = { op: cell === undefined ? 'remove' : 'replace', path: [key] };
        this.#add(name, DISK_STORE, [cell === undefined ? patch : { ...patch, value: plainOf(cell.value) }]);
      };
    }
  }

  /**
   * A step of `owner` is over. Code of a host changes what that host exposes; that of clients, and of the
   * scenario, may have called what any of them exposes.
   */
  settled(owner: EventOwner | undefined): void {
    const machine = owner === undefined ? undefined : this.#hosts.get(owner.name);
    if (machine !== undefined) this.#look(machine);
    else for (const each of this.#hosts.values()) this.#look(each);
  }

  /** The world for checks: what they are answered is written down where it is new. */
  overheard(world: World): World {
    return overheard(world, (host, name, value) => this.#answered(host, name, value));
  }

  #answered(host: string, name: string, answer: Answer): void {
    const isVariable = this.#hosts.get(host)?.isProgram === true && !name.endsWith('()');
    // It is looked at anyway.
    if (isVariable) return;
    const { step } = this.#recorder;
    const value = plainOf(answer);
    const answers = this.#answers.get(host);
    const before = answers?.get(name);
    if (answers === undefined) this.#answers.set(host, new Map([[name, { value, step }]]));
    else answers.set(name, { value, step });
    if (before !== undefined && before.value === value) return;
    // Where it was not asked in between, nobody knows when it changed.
    const op = before !== undefined && before.step >= step - 1 ? 'replace' : 'add';
    const patch: Patch =
      answers === undefined
        ? { op: 'replace', path: [], value: { [name]: value } }
        : { op, path: [name], value };
    this.#add(host, ANSWERS_STORE, [patch]);
  }

  #look(machine: HostMachine): void {
    let view = this.#views.get(machine);
    if (view === undefined) {
      if (machine.exports === undefined) return;
      this.#views.set(machine, (view = new PlainView((act) => this.#call(machine, act))));
    }
    const wasCut = view.isCut;
    const patches = view.look(machine.exports, machine.isProgram);
    if (view.isCut && !wasCut) this.#recorder.add({ kind: 'note', host: machine.name, text: CUT_NOTE });
    if (patches.length > 0) this.#add(machine.name, EXPORTS_STORE, patches);
  }

  /** Calls what a host exposes, as a check does; what it reads from its disk counts as no operation. */
  #call<Result>({ disk }: HostMachine, act: () => Result): Result {
    const { interference } = disk;
    disk.interference = undefined;
    try {
      return this.#driving().call(act);
    } finally {
      disk.interference = interference;
    }
  }

  /** The values of a journal may be maps, sets and dates: a trace is plain. */
  #journaled({ host, store, patches, cause }: JournalEntry): void {
    if (!this.#hosts.has(host)) return;
    const plain = patches.map(({ op, path, value }): Patch => {
      const shown = plainOf(value);
      return shown === undefined ? { op, path } : { op, path, value: shown };
    });
    this.#recorder.add({ kind: 'state', host, store, patches: plain, cause });
  }

  #add(host: string, store: string, patches: readonly Patch[]): void {
    this.#recorder.add({ kind: 'state', host, store, patches, cause: this.#activities.event });
  }
}
