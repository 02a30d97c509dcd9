// What a run gives back: its verdict by the budget that its scenario states, and everything that was noted on
// the way.

import { beyondCore } from '../faults/core.ts';
import { noteStruck, type MessageTopic } from '../faults/struck.ts';
import { beyondBudget } from '../faults/survivable.ts';
import type { Network } from '../network/network.ts';
import type { RunResult, Violation } from './result.ts';
import type { RunInput, Simulation } from './simulation.ts';

/**
 * Puts the result of a run together, and notes on its plan what struck.
 *
 * @param healedUs - When the storm was over; 0 if the run ended before.
 */
export function resultOf<Workload>(
  input: RunInput<Workload>,
  simulation: Simulation,
  healedUs: number,
): RunResult<Workload> {
  const { engine, verdicts, ledger, casualties, crashed, director } = simulation;
  const { history, network, clients, recorder, journal, traffic, stateLog } = simulation;
  const { scenario, seed, workload, plan } = input;
  const { violations, reached, undecided } = verdicts;
  const beyond = (): string[] =>
    scenario.faults === undefined
      ? []
      : [
          ...beyondBudget(scenario.faults, ledger.toFaults(), casualties),
          ...(healedUs > 0 ? beyondCore(scenario.faults, plan.core, [...scenario.hosts.keys()]) : []),
        ];
  engine.hash.add(violations.length);
  noteStruck(plan, {
    get ledger() {
      return ledger.toFaults();
    },
    clients: Array.from(clients.all(), ({ name }) => name),
    beganMs: (fault) => director.beganMs(fault),
    topics: () => topicsOf(network).map(({ from, to, message, label }) => ({ from, to, message, label })),
    sent: () => topicsOf(network),
  });
  return {
    scenario: scenario.name,
    seed,
    workload,
    plan,
    ...verdictOf(violations, beyond),
    violations,
    virtualMs: engine.nowUs / 1000,
    epochMs: scenario.epochMs,
    steps: engine.steps,
    hash: engine.hash.digest(),
    history: history.operations(),
    // Often nobody reads the ledger, so it becomes plain data only when somebody does.
    get ledger() {
      return ledger.toFaults();
    },
    reached: Object.fromEntries(reached),
    undecided: Object.fromEntries(undecided),
    crashed: Object.fromEntries(crashed),
    ...simulation.scheduling.told(),
    ...(stateLog === undefined ? {} : { states: stateLog.told() }),
    ...(recorder === undefined ? {} : { trace: recorder.complete() }),
    ...(journal === undefined ? {} : { journal: journal.entries }),
    ...(traffic === undefined ? {} : { traffic }),
  };
}

function verdictOf(
  violations: readonly Violation[],
  beyond: () => string[],
): Pick<RunResult, 'verdict' | 'beyondBudget'> {
  if (violations.length === 0) return { verdict: 'ok' };
  const beyondSaid = beyond();
  return beyondSaid.length === 0
    ? { verdict: 'illegal' }
    : { verdict: 'unsurvivable', beyondBudget: beyondSaid };
}

function topicsOf(network: Network): (MessageTopic & { readonly count: number })[] {
  const topics = [...network.links()].flatMap((link) => [...link.topics()]);
  return topics.map(({ link, kind, label, count }) => ({
    from: link.source,
    to: link.target,
    message: kind,
    label,
    count,
  }));
}
