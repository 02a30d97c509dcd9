// A run that ended the process that made it: what is known of it, in the form of a result.

import type { RunResult } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Death } from './block-result.ts';
import { RunCases } from './run-cases.ts';
import type { Proposal } from './strategies/strategy.ts';

/** Its result: input and violation; nobody lived to tell its history, and so it has no hash. */
export function lostRun<Workload>(
  scenario: Scenario<Workload>,
  proposal: Proposal,
  death: Death,
): RunResult<Workload> {
  const [plan, workload, seed] = new RunCases(scenario).proposed(proposal).value;
  const { remarks: _, sounding: __, ...violation } = death;
  return {
    ...{ scenario: scenario.name, seed, workload, plan, verdict: 'illegal', violations: [violation] },
    ...{ virtualMs: death.atMs, steps: death.step, epochMs: scenario.epochMs, hash: '' },
    ...{ history: [], ledger: [], reached: {}, undecided: {}, crashed: {} },
  };
}
