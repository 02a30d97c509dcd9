// Recorded runs of the examples, for tests of what is made of them; each is made once.

import { simulate, type RunResult, type Scenario } from '../../../src/index.ts';
import checkoutRepaired from '../../../examples/checkout/checkout-repaired.sim.ts';
import checkout from '../../../examples/checkout/checkout.sim.ts';
import programsRepaired from '../../../examples/checkout/programs-repaired.sim.ts';
import programs from '../../../examples/checkout/programs.sim.ts';
import jobQueueRepaired from '../../../examples/job-queue/job-queue-repaired.sim.ts';
import jobQueue from '../../../examples/job-queue/job-queue.sim.ts';
import clockSteps from '../../../examples/lease-lock/clock-steps.sim.ts';
import pauses from '../../../examples/lease-lock/pauses.sim.ts';
import outboxRepaired from '../../../examples/outbox/outbox-repaired.sim.ts';
import outbox from '../../../examples/outbox/outbox.sim.ts';
import queue from '../../../examples/outbox/queue-repaired.sim.ts';
import registerRepaired from '../../../examples/replicated-register/replicated-register-repaired.sim.ts';
import register from '../../../examples/replicated-register/replicated-register.sim.ts';
import upgradeRepaired from '../../../examples/rolling-upgrade/rolling-upgrade-repaired.sim.ts';
import upgrade from '../../../examples/rolling-upgrade/rolling-upgrade.sim.ts';
import walletRepaired from '../../../examples/wallet/wallet-repaired.sim.ts';
import wallet from '../../../examples/wallet/wallet.sim.ts';

/** A run and the scenario that it is of. */
export interface ExampleRun {
  readonly name: string;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly record: () => Promise<RunResult>;
}

const SEEDS = [3, 8];

const all = [
  ...[checkout, checkoutRepaired, programs, programsRepaired, clockSteps, pauses, outbox],
  ...[outboxRepaired, queue, register, registerRepaired, upgrade, upgradeRepaired],
  ...[jobQueue, jobQueueRepaired, wallet, walletRepaired],
] as unknown as readonly Scenario[];

/** Every example with a few seeds. */
export const exampleRuns: readonly ExampleRun[] = all.flatMap((scenario) =>
  SEEDS.map((seed) => {
    let made: Promise<RunResult> | undefined;
    const record = (): Promise<RunResult> => (made ??= simulate(scenario, { seed, record: true }));
    return { name: `${scenario.name}, seed ${seed}`, scenario, seed, record };
  }),
);

/** The run in which checkout charges a card twice, because the response to the first charge was lost. */
export function lostResponse(scenario: 'functions' | 'programs'): Promise<RunResult> {
  return simulate((scenario === 'functions' ? checkout : programs) as unknown as Scenario, {
    seed: 1,
    record: true,
    workload: [{ sku: 'teapot', quantity: 1 }],
    plan: {
      faults: [
        {
          kind: 'drop',
          from: 'api.cards.test',
          to: 'payments',
          message: 'response',
          label: 'POST /v1/charges',
          nth: 1,
        },
      ],
      latency: 'calm',
      order: 'calm',
    },
  });
}
