// The arbitrary of the inputs of runs: a plan, a workload and a seed. Shrinks the plan, then the workload,
// then both at once, because a fault names a message by its number, and a smaller workload sends fewer.

import fc from 'fast-check';
import type { FaultPlan } from '../faults/fault.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Proposal } from './strategies/strategy.ts';
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

/** The inputs of the runs of a scenario. */
export class RunCases<Workload> {
  readonly #arbitrary: RunCaseArbitrary<Workload>;

  constructor(scenario: Scenario<Workload>) {
    this.#arbitrary = new RunCaseArbitrary(scenario);
  }

  /** Generates a stretch of inputs, each by itself: from the `from`-th of a seed on. */
  stretch(seed: number, { from, count }: { from: number; count: number }): fc.Value<RunCase<Workload>>[] {
    const kept = new Kept(this.#arbitrary);
    fc.sample(kept, { seed, numRuns: count, ...(from === 0 ? {} : { path: String(from) }) });
    return kept.values.slice(-count);
  }

  /** The input that a proposal means: with the workload of one that was generated. */
  proposed({ plan, seed, workload: { seed: from, nth } }: Proposal): fc.Value<RunCase<Workload>> {
    const [generated] = this.stretch(from, { from: nth, count: 1 });
    return this.#arbitrary.altered(generated as fc.Value<RunCase<Workload>>, plan, seed);
  }

  /** As {@link proposed}, of an input that was just generated. */
  altered(
    generated: fc.Value<RunCase<Workload>>,
    { plan, seed }: Pick<Proposal, 'plan' | 'seed'>,
  ): fc.Value<RunCase<Workload>> {
    return this.#arbitrary.altered(generated, plan, seed);
  }

  /** An arbitrary of this one input and what it shrinks to. */
  given(value: fc.Value<RunCase<Workload>>): fc.Arbitrary<RunCase<Workload>> {
    return new Given(this.#arbitrary, value);
  }
}

/** Keeps what is generated, with all that shrinking needs. */
class Kept<Item> extends fc.Arbitrary<Item> {
  readonly values: fc.Value<Item>[] = [];
  protected readonly inner: fc.Arbitrary<Item>;

  constructor(inner: fc.Arbitrary<Item>) {
    super();
    this.inner = inner;
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<Item> {
    const value = this.inner.generate(random, biasFactor);
    this.values.push(value);
    return value;
  }

  override canShrinkWithoutContext(value: unknown): value is Item {
    return this.inner.canShrinkWithoutContext(value);
  }

  override shrink(value: Item, context: unknown): fc.Stream<fc.Value<Item>> {
    return this.inner.shrink(value, context);
  }
}

class Given<Item> extends Kept<Item> {
  readonly #value: fc.Value<Item>;

  constructor(inner: fc.Arbitrary<Item>, value: fc.Value<Item>) {
    super(inner);
    this.#value = value;
  }

  override generate(): fc.Value<Item> {
    return this.#value;
  }
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

  /** An input with another plan and seed; itself, where they are its own. */
  altered(value: fc.Value<RunCase<Workload>>, plan: FaultPlan, seed: number): fc.Value<RunCase<Workload>> {
    const [ownPlan, workload, ownSeed] = value.value_;
    if (plan === ownPlan && seed === ownSeed) return value;
    const contexts = value.context as PartContexts;
    const fresh = value.hasToBeCloned ? () => fc.cloneIfNeeded(workload) : undefined;
    return caseOf(new fc.Value(plan, undefined), new fc.Value(workload, contexts.workload, fresh), seed);
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
