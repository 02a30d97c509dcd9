// Makes the runs that an exhaustive search asks for, one after another.

import { simulate, type RunResult, type Scenario } from '../../../src/index.ts';
import { ExhaustiveSearch, type ExhaustiveSummary } from '../../../src/explore/strategies/exhaustive.ts';
import type { ExhaustiveBound } from '../../../src/explore/strategies/exhaustive-bound.ts';

/** What a search came to. */
export interface Searched<Workload> {
  readonly summary: ExhaustiveSummary;
  readonly results: readonly RunResult<Workload>[];
  readonly failures: readonly RunResult<Workload>[];
}

/** Searches until nothing is left. */
export async function searched<Workload>(
  scenario: Scenario<Workload>,
  bound: ExhaustiveBound,
  { runsMax = 5_000 }: { runsMax?: number } = {},
): Promise<Searched<Workload>> {
  const search = new ExhaustiveSearch(scenario, bound);
  const results: RunResult<Workload>[] = [];
  for (let next = search.next(); next !== undefined && results.length < runsMax; next = search.next()) {
    const result = await simulate(scenario, { seed: 1, plan: next.plan });
    results.push(result);
    search.told(result);
  }
  const failures = results.filter(({ verdict }) => verdict === 'illegal');
  return { summary: search.summary(), results, failures };
}
