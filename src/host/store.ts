// `host.store`: state of a service as an immer store. In exploration it is the current state and nothing
// else; where a run keeps a journal, each change is taken down with what the host was doing.

import { enableMapSet, enablePatches, freeze, Immer, type Draft, type Immutable } from 'immer';
import { OptionError, checkKeys, describeValue } from '../errors.ts';
import type { JournalEntry, Patch } from '../history/journal.ts';
import type { Disk } from '../storage/disk.ts';
import type { Incarnation } from './incarnation.ts';
import { refuseStrange } from './plain-state.ts';

/** Options of `host.store`. */
export interface StoreOptions {
  /** Under which checks find it: `world.host('orders').store('ledger')`. Default `state`. */
  readonly name?: string;
  /**
   * Whether it is kept on `host.disk`: each update is written and synced before it returns, and a restart
   * goes on with what is there. Default false: it lives in memory, and dies with the process.
   */
  readonly durable?: boolean;
}

/** The state of a service: immutable, and changed by one function at a time. */
export interface Store<State> {
  readonly name: string;
  /** The current state. Frozen, with all that is in it. */
  readonly state: Immutable<State>;
  /**
   * Makes the next state. The recipe changes a draft; what it returns does not matter. If it throws, or the
   * disk does, nothing has changed. Has no effect once the process has ended.
   *
   * @returns The next state.
   * @throws {OptionError} If the recipe is asynchronous, or puts something into the state that cannot be kept
   *   immutable: an instance of a class, a `Date`, a function.
   */
  update(recipe: (draft: Draft<State>) => void): Immutable<State>;
}

/** A state that a store had, and the entry of the journal that made it. */
export interface PastState {
  readonly entry: JournalEntry;
  readonly state: unknown;
}

/** What a machine knows of one of its stores. */
export interface StoreSlot {
  readonly name: string;
  readonly isDurable: boolean;
  /** Undefined while it does not exist: in memory, with the process down. */
  state: unknown;
  /** Every state that it had; only where a journal is kept. */
  readonly past: PastState[];
}

// Both only teach immer more; nobody's states change by it.
enableMapSet();
enablePatches();
/** An immer of its own: what the code under test sets on the global one does not matter. */
const immer = new Immer({ autoFreeze: true });

/** The stores of one machine. */
export class HostStores {
  readonly slots: Map<string, StoreSlot> = new Map();

  /** Opens a store for one incarnation. */
  open<State extends object>(
    incarnation: Incarnation,
    options: { readonly initial: State; readonly disk: Disk; readonly given: StoreOptions },
  ): Store<State> {
    const { initial, disk, given } = options;
    checkKeys('store options', given, ['name', 'durable']);
    const { name = 'state', durable = false } = given;
    if (typeof name !== 'string' || name === '')
      throw OptionError.expected('name', 'a non-empty string', name);
    if (typeof durable !== 'boolean') throw OptionError.expected('durable', 'true or false', durable);
    if (typeof initial !== 'object' || initial === null)
      throw OptionError.expected('initial', 'an object: the state of the store', initial);
    refuseStrange(initial, undefined, 'initial');
    if (incarnation.stores.has(name))
      throw new OptionError(
        `Duplicate store "${name}" on host \`${incarnation.name}\`: give one another name.`,
      );
    incarnation.stores.add(name);
    const key = `store/${name}`;
    const kept = durable ? disk.get(key) : undefined;
    const state = freeze(kept ?? structuredClone(initial), true);
    const slot = this.#slot(name, durable);
    enter(incarnation, slot, { state, patches: whole(state), inverse: whole(slot.state) });
    const save = (next: unknown): void => {
      if (!durable) return;
      disk.put(key, next);
      disk.sync();
    };
    return createStore<State>(incarnation, slot, save);
  }

  /** The process ended: what was in memory is gone. */
  ended(incarnation: Incarnation): void {
    for (const slot of this.slots.values()) {
      if (slot.isDurable || slot.state === undefined) continue;
      enter(incarnation, slot, { state: undefined, patches: whole(undefined), inverse: whole(slot.state) });
    }
  }

  #slot(name: string, isDurable: boolean): StoreSlot {
    const known = this.slots.get(name);
    if (known?.isDurable === isDurable) return known;
    const slot: StoreSlot = { name, isDurable, state: undefined, past: known?.past ?? [] };
    this.slots.set(name, slot);
    return slot;
  }
}

function createStore<State extends object>(
  incarnation: Incarnation,
  slot: StoreSlot,
  save: (next: unknown) => void,
): Store<State> {
  let current = slot.state as State;
  return {
    name: slot.name,
    get state() {
      return current as Immutable<State>;
    },
    update(recipe) {
      if (typeof recipe !== 'function')
        throw OptionError.expected('recipe', 'a function of a draft of the state', recipe);
      if (!incarnation.isAlive) return current as Immutable<State>;
      const isKept = incarnation.machine.park.journal !== undefined;
      const change = isKept ? withPatches(current, recipe) : without(current, recipe);
      if (change.state === current) return current as Immutable<State>;
      refuseStrange(change.state, current, 'state');
      save(change.state);
      current = change.state;
      enter(incarnation, slot, change);
      return current as Immutable<State>;
    },
  };
}

interface Change<State> {
  readonly state: State;
  readonly patches: readonly Patch[];
  readonly inverse: readonly Patch[];
}

const NONE: readonly Patch[] = [];

function without<State extends object>(state: State, recipe: (draft: Draft<State>) => void): Change<State> {
  const next = immer.produce(state, (draft) => apply(recipe, draft));
  return { state: next, patches: NONE, inverse: NONE };
}

function withPatches<State extends object>(
  state: State,
  recipe: (draft: Draft<State>) => void,
): Change<State> {
  const produced = immer.produceWithPatches(state, (draft) => apply(recipe, draft));
  const [next, patches, inverse] = produced as unknown as [State, Patch[], Patch[]];
  return { state: next, patches, inverse };
}

/** Calls a recipe; only the draft counts. */
function apply<State>(recipe: (draft: Draft<State>) => void, draft: Draft<State>): undefined {
  const returned: unknown = recipe(draft);
  if (typeof (returned as { then?: unknown } | undefined)?.then === 'function') {
    throw new OptionError(
      `A recipe of store.update() must be synchronous, and this one returned ${describeValue(returned)}. ` +
        'Do the waiting first, and update the store with what came of it.',
    );
  }
  return undefined;
}

/** Makes a state the current one, and takes it down where a journal is kept. */
function enter(incarnation: Incarnation, slot: StoreSlot, change: Change<unknown>): void {
  const { name: host, number, machine } = incarnation;
  const { state, patches, inverse } = change;
  slot.state = state;
  const writer = { host, incarnation: number, store: slot.name };
  const entry = machine.park.journal?.add(writer, { patches, inverse });
  if (entry !== undefined) slot.past.push({ entry, state });
}

function whole(value: unknown): readonly Patch[] {
  return [{ op: 'replace', path: [], value }];
}
