// Which entries of a corpus a scenario can still go on from: it may have changed since they were found.

import { checkPlan } from '../../faults/plan.ts';
import { hashString } from '../../random/hash.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { checkSeed } from '../../scenario/simulate.ts';
import type { Entry } from './entry.ts';

/** A generated input is named by a number below this: what comes before it is generated, too. */
const NTH_MAX = 10_000;

/** The entries whose plans and inputs the scenario has. Each fault budget has a corpus of its own. */
export function fittingEntries(scenario: Pick<Scenario, 'hosts'>, entries: readonly Entry[]): Entry[] {
  const hosts = [...scenario.hosts.keys()];
  return entries.filter(({ plan, seed, workload }) => {
    try {
      checkPlan(plan, hosts);
      checkSeed('seed', seed);
      // The seed of a block is a signed integer, or that of a person.
      const isInput = Math.abs(workload.seed) < 2 ** 32 && workload.nth >= 0 && workload.nth < NTH_MAX;
      return isInput;
    } catch {
      return false;
    }
  });
}

/**
 * Names a fault budget: a plan that another one allowed may do what this one does not, and a failure by that
 * is no bug.
 */
export function budgetName({ faults }: Pick<Scenario, 'faults'>): string {
  const text = JSON.stringify(faults ?? null, (_, value: unknown) =>
    typeof value === 'function' ? 'function' : value,
  );
  return hashString(text).toString(36) + hashString(`again ${text}`).toString(36);
}
