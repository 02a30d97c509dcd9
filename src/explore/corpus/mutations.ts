// Makes new inputs of old ones: alters plans, and crosses them. All of them stay within the fault budget.

import type { FaultBudget } from '../../faults/budget.ts';
import { isTimedFault, type Fault, type FaultPlan } from '../../faults/fault.ts';
import type { Draw } from '../../faults/timed.ts';
import { withinBudget } from '../../faults/within-budget.ts';
import type { Proposal } from '../strategies/strategy.ts';

/** What a new input is made of. */
export interface Parents {
  /** The one that is altered. */
  readonly parent: Proposal;
  /** What the parent's faults did when it was run; where it was run here. */
  readonly ledger: readonly Fault[] | undefined;
  /** Another one that showed something new. */
  readonly other: Proposal;
  /** A fresh one, drawn within the budget. */
  readonly fresh: Proposal;
}

const CHANCES = ['chances', 'answerChances', 'diskChances'] as const;
/** A chance is made so many times greater or smaller. */
const RATE_FACTOR = 3;
/** Faults that struck are named one by one only where they are few. */
const LEDGER_MAX = 40;

/** Alters an input. @param draw - Three draws or more. */
export function mutated(parents: Parents, budget: FaultBudget | undefined, draw: Draw): Proposal {
  const { parent, other, fresh } = parents;
  const plan = (made: FaultPlan): Proposal => ({ ...parent, plan: within(budget, made) });
  switch (draw(8)) {
    case 0:
      return { ...parent, seed: fresh.seed };
    case 1:
      return { ...parent, workload: fresh.workload };
    case 2:
      return plan(without(parent.plan, draw));
    case 3:
      return plan(crossed(parent.plan, fresh.plan, draw));
    case 4:
      return { ...plan(crossed(parent.plan, other.plan, draw)), seed: fresh.seed };
    case 5:
      return { ...plan(otherRates(parent.plan, draw)), seed: fresh.seed };
    case 6:
      return plan(moved(parent.plan, draw));
    default:
      return plan(named(parents, draw));
  }
}

/** Leaves out one fault, or one chance. */
function without(plan: FaultPlan, draw: Draw): FaultPlan {
  const parts = CHANCES.flatMap((name) => (plan[name] ?? []).map((_, i) => ({ name, i })));
  const which = draw(Math.max(1, plan.faults.length + parts.length));
  const part = parts[which - plan.faults.length];
  if (part === undefined) return { ...plan, faults: plan.faults.toSpliced(which, 1) };
  return { ...plan, [part.name]: plan[part.name]?.filter((_, i) => i !== part.i) };
}

/** Each fault and each chance of both with an even chance, or one of the other's alone added. */
function crossed(plan: FaultPlan, other: FaultPlan, draw: Draw): FaultPlan {
  const isAdded = draw(2) === 0;
  const keeps = (): boolean => isAdded || draw(2) === 0;
  const takes = (): boolean => draw(isAdded ? 4 : 2) === 0;
  const kinds = new Set<string>();
  const chancesOf = <Chance extends { readonly kind: string }>(
    own: readonly Chance[] = [],
    others: readonly Chance[] = [],
  ): Chance[] => {
    const kept = own.filter(keeps);
    for (const { kind } of kept) kinds.add(kind);
    return [...kept, ...others.filter(({ kind }) => !kinds.has(kind) && takes())];
  };
  const buggify = draw(2) === 0 ? plan.buggify : other.buggify;
  const core = draw(2) === 0 ? plan.core : other.core;
  return {
    faults: [...plan.faults.filter(keeps), ...other.faults.filter(takes)],
    chances: chancesOf(plan.chances, other.chances),
    answerChances: chancesOf(plan.answerChances, other.answerChances),
    diskChances: chancesOf(plan.diskChances, other.diskChances),
    ...(buggify === undefined ? {} : { buggify }),
    ...(core === undefined ? {} : { core }),
    latency: 'drawn',
    order: draw(2) === 0 ? plan.order : other.order,
  };
}

function otherRates(plan: FaultPlan, draw: Draw): FaultPlan {
  const scaled = <Chance extends { readonly rate: number }>(chances: readonly Chance[] = []): Chance[] =>
    chances.map((chance) => {
      const factor = [1 / RATE_FACTOR, 1, RATE_FACTOR][draw(3)] as number;
      return { ...chance, rate: Math.min(1, chance.rate * factor) };
    });
  return {
    ...plan,
    chances: scaled(plan.chances),
    answerChances: scaled(plan.answerChances),
    diskChances: scaled(plan.diskChances),
  };
}

/** One fault later or sooner: the next of its kind, or another time. */
function moved(plan: FaultPlan, draw: Draw): FaultPlan {
  const which = draw(Math.max(1, plan.faults.length));
  const fault = plan.faults[which];
  if (fault === undefined) return plan;
  return { ...plan, faults: plan.faults.with(which, movedFault(fault, draw)) };
}

function movedFault(fault: Fault, draw: Draw): Fault {
  if (!isTimedFault(fault)) return { ...fault, nth: Math.max(1, fault.nth + (draw(2) === 0 ? 1 : -1)) };
  const { after } = fault;
  if (after === undefined || fault.atMs > 0) {
    return { ...fault, atMs: Math.round(fault.atMs * 2 * draw(1_001)) / 1_000 };
  }
  if ('step' in after) return { ...fault, after: { step: Math.max(1, draw(2 * after.step + 1)) } };
  return { ...fault, after: { ...after, nth: 1 + draw(after.nth + 1) } };
}

/** What struck, one by one, some of it left out: a storm that can be altered bit by bit from then on. */
function named({ parent: { plan }, ledger }: Parents, draw: Draw): FaultPlan {
  const struck = ledger?.filter(({ kind }) => kind !== 'delay') ?? [];
  if (struck.length === 0 || struck.length > LEDGER_MAX) return without(plan, draw);
  const faults = struck.filter(() => draw(4) > 0);
  return { faults, latency: plan.latency, order: plan.order, ...(plan.core && { core: plan.core }) };
}

/** The plan without what exceeds the budget, and without empty lists. */
function within(budget: FaultBudget | undefined, plan: FaultPlan): FaultPlan {
  const timed = plan.faults.filter(isTimedFault).toSorted((left, right) => left.atMs - right.atMs);
  const others = plan.faults.filter((fault) => !isTimedFault(fault));
  const faults = [...(budget === undefined ? timed : withinBudget(budget, timed)), ...others];
  const { chances = [], answerChances = [], diskChances = [], ...rest } = plan;
  return {
    ...rest,
    faults,
    ...(chances.length === 0 ? {} : { chances }),
    ...(answerChances.length === 0 ? {} : { answerChances }),
    ...(diskChances.length === 0 ? {} : { diskChances }),
  };
}
