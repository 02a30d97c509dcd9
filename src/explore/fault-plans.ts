// The arbitrary of fault plans: generates by the budget of a scenario, shrinks by the ledger of the run.

import fc from 'fast-check';
import type { FaultPlan } from '../faults/fault.ts';
import { checkPlan } from '../faults/plan.ts';
import { drawPlan } from '../faults/swarm.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { smallerPlans, type PlanCandidate, type ShrinkPosition } from './shrink-plan.ts';

class FaultPlanArbitrary extends fc.Arbitrary<FaultPlan> {
  readonly #scenario: Pick<Scenario, 'faults' | 'hosts'>;
  readonly #hosts: readonly string[];

  constructor(scenario: Pick<Scenario, 'faults' | 'hosts'>) {
    super();
    this.#scenario = scenario;
    this.#hosts = [...scenario.hosts.keys()];
  }

  override generate(random: fc.Random): fc.Value<FaultPlan> {
    const draw = (bound: number): number => random.nextInt(0, bound - 1);
    return new fc.Value(drawPlan(this.#scenario.faults, this.#hosts, draw), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is FaultPlan {
    try {
      checkPlan(value, this.#hosts);
      return true;
    } catch {
      return false;
    }
  }

  override shrink(plan: FaultPlan, context: unknown): fc.Stream<fc.Value<FaultPlan>> {
    return fc.stream(valuesOf(smallerPlans(plan, context as ShrinkPosition | undefined)));
  }
}

function* valuesOf(candidates: Iterable<PlanCandidate>): IterableIterator<fc.Value<FaultPlan>> {
  for (const { plan, position } of candidates) yield new fc.Value(plan, position);
}

/**
 * The fault plans that a scenario allows, as a fast-check arbitrary: for people who write their own
 * `fc.assert` around `simulate`. It shrinks to the faults that matter, provided that `simulate` was given
 * the very plan.
 *
 * @example
 * await fc.assert(fc.asyncProperty(faultPlans(checkout), async (plan) => {
 *   const { verdict } = await simulate(checkout, { seed: 1, plan });
 *   return verdict !== 'illegal';
 * }));
 */
export function faultPlans(scenario: Pick<Scenario, 'faults' | 'hosts'>): fc.Arbitrary<FaultPlan> {
  return new FaultPlanArbitrary(scenario);
}
