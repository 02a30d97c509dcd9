// Which entries of a corpus a scenario can still go on from: it may have changed since they were found.

import { checkPlan } from '../../faults/plan.ts';
import { hashString } from '../../random/hash.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { checkSeed } from '../../scenario/simulate.ts';
import { isOrigin } from '../strategies/strategy.ts';
import type { Entry } from './entry.ts';

/** The entries whose plans and inputs the scenario has. Each fault budget has a corpus of its own. */
export function fittingEntries(scenario: Pick<Scenario, 'hosts'>, entries: readonly Entry[]): Entry[] {
  const hosts = [...scenario.hosts.keys()];
  return entries.filter(({ plan, seed, workload }) => {
    try {
      checkPlan(plan, hosts);
      checkSeed('seed', seed);
      return isOrigin(workload);
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
