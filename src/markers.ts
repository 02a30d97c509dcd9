// Markers for code under test: they tell a simulation what was reached. Outside of one they do nothing,
// have no dependency, and are safe in production.

interface Marked {
  readonly storage?: { getStore(): { reached?(marker: string): void } | undefined };
}

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
  if (!condition) return;
  const registry = (globalThis as Record<symbol, unknown>)[Symbol.for('wavetank')] as Marked | undefined;
  registry?.storage?.getStore()?.reached?.(name);
}

/** Tells a simulation that this line was reached. The same as `sometimes(name)`. */
export function reachable(name: string): void {
  sometimes(name);
}
