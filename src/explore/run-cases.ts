// The arbitrary of the inputs of runs: a plan, a workload and a seed. Shrinks the plan, then the workload,
// then both at once, because a fault names a message by its number, and a smaller workload sends fewer.

import fc from 'fast-check';
import type { FaultPlan } from '../faults/fault.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { faultPlans } from './fault-plans.ts';
import { earlierPlans } from './shrink-plan.ts';

/** The generated input of a run. */
export type RunCase<Workload> = readonly [plan: FaultPlan, workload: Workload, seed: number];

/** What the arbitraries of the parts want to be told when they shrink. */
interface PartContexts {
  readonly plan: unknown;
  readonly workload: unknown;
}

/** How many smaller workloads are tried together with earlier faults. */
const WORKLOADS_MAX = 24;

/** Generates the inputs of the runs of a scenario. */
export function runCases<Workload>(scenario: Scenario<Workload>): fc.Arbitrary<RunCase<Workload>> {
  return new RunCaseArbitrary(scenario);
}

class RunCaseArbitrary<Workload> extends fc.Arbitrary<RunCase<Workload>> {
  readonly #plans: fc.Arbitrary<FaultPlan>;
  readonly #workloads: fc.Arbitrary<Workload>;
  readonly #seeds = fc.noBias(fc.integer({ min: 0, max: 0xffff_ffff }));

  constructor(scenario: Scenario<Workload>) {
    super();
    this.#plans = faultPlans(scenario);
    this.#workloads = scenario.workload ?? (fc.constant(undefined) as fc.Arbitrary<Workload>);
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<RunCase<Workload>> {
    const plan = this.#plans.generate(random, biasFactor);
    const workload = this.#workloads.generate(random, biasFactor);
    const seed = this.#seeds.generate(random, biasFactor).value;
    return caseOf(plan, workload, seed);
  }

  /** Nobody hands in cases from outside. */
  override canShrinkWithoutContext(value: unknown): value is RunCase<Workload> {
    void value;
    return false;
  }

  override shrink(
    [plan, workload, seed]: RunCase<Workload>,
    context: unknown,
  ): fc.Stream<fc.Value<RunCase<Workload>>> {
    const contexts = context as PartContexts;
    const samePlan = new fc.Value(plan, contexts.plan);
    const sameWorkload = new fc.Value(workload, contexts.workload);
    // Each stream is made when it is read: what struck is known only by then.
    const smallerPlan = lazily(() => this.#plans.shrink(plan, contexts.plan));
    const smallerWorkload = lazily(() => this.#workloads.shrink(workload, contexts.workload));
    const both = lazily(() => this.#both(plan, workload, contexts));
    return smallerPlan
      .map((smaller) => caseOf(smaller, sameWorkload, seed))
      .join(
        smallerWorkload.map((smaller) => caseOf(samePlan, smaller, seed)),
        both.map(([smaller, earlier]) => caseOf(new fc.Value(earlier, undefined), smaller, seed)),
      );
  }

  *#both(
    plan: FaultPlan,
    workload: Workload,
    contexts: PartContexts,
  ): Generator<[fc.Value<Workload>, FaultPlan]> {
    const plans = [...earlierPlans(plan)];
    if (plans.length === 0) return;
    for (const smaller of this.#workloads.shrink(workload, contexts.workload).take(WORKLOADS_MAX)) {
      for (const earlier of plans) yield [smaller, earlier];
    }
  }
}

function caseOf<Workload>(
  plan: fc.Value<FaultPlan>,
  workload: fc.Value<Workload>,
  seed: number,
): fc.Value<RunCase<Workload>> {
  const contexts: PartContexts = { plan: plan.context, workload: workload.context };
  // Some values (model commands, say) keep state, and have to be cloned for each run.
  const fresh = workload.hasToBeCloned ? () => [plan.value_, workload.value, seed] as const : undefined;
  return new fc.Value([plan.value_, workload.value_, seed] as const, contexts, fresh);
}

function lazily<Item>(open: () => Iterable<Item>): fc.Stream<Item> {
  return fc.stream(
    (function* () {
      yield* open();
    })(),
  );
}
