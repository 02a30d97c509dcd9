// Whether a history is linearizable: each operation as if it had taken effect at one moment between its
// beginning and its end.

import type { Model } from '../../../models/model.ts';
import type { Operation } from '../../history/operation.ts';
import { callsOf, type Call } from './call.ts';
import { decide, type Decision, type DecisionOptions } from './decide.ts';
import { RealTimeOrder } from './order.ts';

/**
 * Decides whether a history is linearizable with respect to a model.
 *
 * Operations that ended `ok` must have taken effect within their interval and have answered what the model
 * allows; those that ended `info` or are pending may have taken effect at any time after they began, or
 * never; those that ended `fail` had none. The parts that the model tells apart are decided one by one, and
 * the first that is illegal ends it.
 *
 * Source: Linearizability (Herlihy and Wing, 1990); P-compositionality from Faster linearizability checking
 * via P-compositionality (Horn and Kroening, 2015). Deterministic: the budget is counted in steps, not in
 * time.
 *
 * @throws {HistoryError} If the history is malformed: an entry is no operation, two have one id.
 */
export function linearizable<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: readonly Operation[],
  options: DecisionOptions<Input, Output> = {},
): Decision {
  const parts = new Map<string, Call<Input, Output>[]>();
  for (const call of callsOf(history, options)) {
    const part = model.partOf?.(call.input) ?? '';
    const known = parts.get(part);
    if (known === undefined) parts.set(part, [call]);
    else known.push(call);
  }
  const orderOf = (calls: readonly Call<Input, Output>[]): RealTimeOrder => new RealTimeOrder(calls);
  return decide(model, parts, { ...options, orderOf, promise: 'linearizable' });
}
