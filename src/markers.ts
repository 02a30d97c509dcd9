// Markers for code under test: they tell a simulation what was reached and what must hold there, and let it
// misbehave on purpose. Outside of a simulation they do nothing; markers-removed.ts is what a bundle has.

/** What a simulated host takes from its markers; see `Incarnation` in `src/host`. */
interface Marked {
  reached?(name: string): void;
  broken?(promise: 'always' | 'unreachable', name: string): void;
  buggify?(name: string, probability: number): boolean;
}

/** Where wavetank, once it is loaded, puts the storage that tells which host runs. */
interface Slot {
  storage: { getStore(): Marked | undefined } | undefined;
}

// One read of a property is all that a marker costs while wavetank is not loaded; a look at `globalThis` for
// each call would cost twenty nanoseconds.
const slot: Slot = /* @__PURE__ */ sharedSlot();

/**
 * Tells a simulation that something interesting happened, if `condition` holds.
 *
 * A name that a scenario lists under `sometimes` must be reached in some run of an exploration.
 *
 * @param name - What happened, as a person would say it: `a charge timed out`.
 * @param condition - Default true.
 * @example
 * sometimes('a charge timed out', error.name === 'TimeoutError');
 */
export function sometimes(name: string, condition: boolean = true): void {
  if (condition && slot.storage !== undefined) slot.storage.getStore()?.reached?.(name);
}

/** Tells a simulation that this line was reached. The same as `sometimes(name)`. */
export function reachable(name: string): void {
  if (slot.storage !== undefined) slot.storage.getStore()?.reached?.(name);
}

/**
 * Fails the run of a simulation that reaches this line, with the host and the stack that led here
 * (`WT_UNREACHABLE`). The code goes on as it would in production.
 *
 * @param name - What must not happen: `a job was taken twice`.
 */
export function unreachable(name: string): void {
  if (slot.storage !== undefined) slot.storage.getStore()?.broken?.('unreachable', name);
}

/**
 * Fails the run of a simulation in which `condition` does not hold when this line is reached
 * (`WT_INVARIANT`). The code goes on as it would in production.
 *
 * @param name - What must hold: `a balance is never negative`.
 * @example
 * always('a balance is never negative', balance >= 0);
 */
export function always(name: string, condition: boolean): void {
  if (!condition && slot.storage !== undefined) slot.storage.getStore()?.broken?.('always', name);
}

/**
 * Tells the code to do what it may do, and rarely does: time out at once, take the slow path, return half of
 * a page. Never true outside of a simulation, nor where the fault budget does not allow `buggify`, nor after
 * the storm.
 *
 * Source: `BUGGIFY` of FoundationDB (Zhou et al., SIGMOD 2021). Differs in that each `true` is a fault of its
 * own, `{ kind: 'buggify', host, name, nth }`, which shrinking takes away and a plan can name.
 *
 * Determinism: one draw a run, keyed by the name, decides whether this point is active at all; then one for
 * each call, keyed by host, name and occurrence.
 *
 * @param name - What happens then, as a person would say it: `the cache is cold`.
 * @param probability - Of `true`, for each call in a run in which the point is active. 0 to 1, default 0.25.
 * @example
 * const pageSize = buggify('a page holds one row') ? 1 : 1_000;
 */
export function buggify(name: string, probability: number = 0.25): boolean {
  return slot.storage !== undefined && slot.storage.getStore()?.buggify?.(name, probability) === true;
}

/** All copies of this module, and wavetank itself, find the same one. */
function sharedSlot(): Slot {
  const key = Symbol.for('wavetank.markers');
  const found = (globalThis as Record<symbol, unknown>)[key] as Slot | undefined;
  if (found !== undefined) return found;
  const made: Slot = { storage: undefined };
  // Where the global object is frozen, there are no simulations.
  Reflect.defineProperty(globalThis, key, { value: made });
  return made;
}
