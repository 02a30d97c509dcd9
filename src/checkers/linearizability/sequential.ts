// Whether a history is sequentially consistent: one order explains all answers in which the operations of
// each client keep theirs, whatever the clock says.

import type { Model } from '../../../models/model.ts';
import type { Operation } from '../../history/operation.ts';
import { programsOf } from '../../history/well-formed.ts';
import { callsOf, type Call } from './call.ts';
import { decide, type Decision, type DecisionOptions } from './decide.ts';
import { isSure, ProgramOrder } from './order.ts';

/**
 * Decides whether a history is sequentially consistent with respect to a model.
 *
 * An operation whose outcome nobody knows may take effect at any time after those that its client made before
 * it, or never. Parts of an object cannot be decided one by one: sequential consistency is not local.
 *
 * Source: How to Make a Multiprocessor Computer That Correctly Executes Multiprocess Programs (Lamport,
 * 1979). Deterministic: the budget is counted in steps, not in time.
 *
 * @throws {HistoryError} If the history is malformed, or a client did two things at once: they have no order.
 */
export function sequentiallyConsistent<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: readonly Operation[],
  options: DecisionOptions<Input, Output> = {},
): Decision {
  const calls = callsOf(history, options);
  programsOf(calls.filter(isSure).map(({ operation }) => operation));
  const parts = new Map([['', calls]]);
  const orderOf = (those: readonly Call<Input, Output>[]): ProgramOrder => new ProgramOrder(those);
  return decide(model, parts, { ...options, orderOf, promise: 'sequentially consistent' });
}
