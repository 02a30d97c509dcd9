// Decides the parts of a history one after another, within one budget, and puts the answer together.

import type { Model } from '../../../models/model.ts';
import type { Call, Reading } from './call.ts';
import { explain, type Explanation } from './explain.ts';
import type { Order } from './order.ts';
import { Search, type Placed, type SearchBudget } from './search.ts';

/** How a history is checked. */
export interface DecisionOptions<Input, Output> extends Reading<Input, Output> {
  /**
   * How often an operation may be looked at, over all parts. Default 500,000, or 500 for each operation if
   * that is more: about a second, so that a check in a run does not keep the thread for too long.
   */
  readonly stepsMax?: number;
  /** How many configurations one part may keep in memory, of 64 B each on the average. Default 4,000,000. */
  readonly configurationsMax?: number;
}

/** The answer of a checker. Out of budget it is `unknown`, never `illegal`. */
export type Decision =
  | {
      readonly verdict: 'ok';
      readonly message: '';
      /** The ids of the operations of each part in an order in which they could have taken effect. */
      readonly orders: ReadonlyMap<string, readonly number[]>;
      readonly steps: number;
    }
  | ({ readonly verdict: 'illegal'; readonly part: string; readonly steps: number } & Explanation)
  | { readonly verdict: 'unknown'; readonly part: string; readonly message: string; readonly steps: number };

const STEPS_MIN = 500_000;
const STEPS_PER_OPERATION = 500;
const CONFIGURATIONS_MAX = 4_000_000;

/** Searches each part; the first that is illegal ends it. */
export function decide<State, Input, Output>(
  model: Model<State, Input, Output>,
  parts: ReadonlyMap<string, readonly Call<Input, Output>[]>,
  options: DecisionOptions<Input, Output> & {
    readonly orderOf: (calls: readonly Call<Input, Output>[]) => Order;
    /** What it should be, in words: `linearizable`. */
    readonly promise: string;
  },
): Decision {
  const { configurationsMax = CONFIGURATIONS_MAX, orderOf, promise } = options;
  const stepsMax = options.stepsMax ?? stepsFor(parts);
  const orders = new Map<string, readonly number[]>();
  let steps = 0;
  let unknown: { part: string; message: string } | undefined;
  for (const [part, calls] of parts) {
    const budget: SearchBudget = { steps: stepsMax - steps, configurations: configurationsMax };
    const result = new Search(model, calls, { budget, order: orderOf(calls) }).run();
    steps += result.steps;
    if (result.kind === 'none') {
      return { verdict: 'illegal', part, steps, ...explain(model, calls, result.impasse, promise) };
    }
    if (result.kind === 'found') orders.set(part, idsOf(result.placed, calls));
    else unknown ??= { part, message: whyUnknown(result.limit, budget) };
  }
  return unknown === undefined
    ? { verdict: 'ok', message: '', orders, steps }
    : { verdict: 'unknown', ...unknown, steps };
}

function stepsFor(parts: ReadonlyMap<string, readonly unknown[]>): number {
  let operations = 0;
  for (const calls of parts.values()) operations += calls.length;
  return Math.max(STEPS_MIN, STEPS_PER_OPERATION * operations);
}

function whyUnknown(limit: keyof SearchBudget, budget: SearchBudget): string {
  const used = budget[limit].toLocaleString('en');
  return limit === 'steps'
    ? `no answer within ${used} steps: raise \`stepsMax\`, or let the model tell parts of the object apart`
    : `no answer within ${used} configurations in memory: raise \`configurationsMax\``;
}

function idsOf<State>(
  placed: Placed<State> | undefined,
  calls: readonly Call<unknown, unknown>[],
): readonly number[] {
  const ids: number[] = [];
  for (let each = placed; each !== undefined; each = each.before) {
    ids.push((calls[each.call] as Call<unknown, unknown>).operation.id);
  }
  return ids.toReversed();
}
