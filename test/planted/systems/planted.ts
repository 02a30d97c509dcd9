// What each planted system has: a scenario with one bug, its repaired twin, and the faults that the bug
// needs.

import type { FaultKind, Scenario } from '../../../src/index.ts';

/** One small system, twice. */
export interface Planted {
  /** The bug, in a few words. */
  readonly bug: string;
  /** The kinds of the faults without which the bug stays hidden, in the order of the alphabet. */
  readonly needs: readonly FaultKind[];
  /** What is violated: the name of the check. */
  readonly violates: string;
  readonly broken: Scenario;
  readonly repaired: Scenario;
}

/** Makes both twins from one description. */
export function planted<Workload>(
  about: Pick<Planted, 'bug' | 'needs' | 'violates'>,
  scenarioOf: (isRepaired: boolean, name: string) => Scenario<Workload>,
): Planted {
  const twin = (isRepaired: boolean, name: string): Scenario =>
    scenarioOf(isRepaired, `${about.bug}, ${name}`);
  return { ...about, broken: twin(false, 'broken'), repaired: twin(true, 'repaired') };
}

/** The options of a `fetch` that posts JSON. */
export function post(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), headers };
}

/** Waits in virtual time, on the host that calls. */
export function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });
}
