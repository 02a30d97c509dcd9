// Why a history is not linearizable: how far an order goes, and why no operation that is open there can be
// the next.

import { UNKNOWN, type Model } from '../../../models/model.ts';
import type { Operation } from '../../history/operation.ts';
import { shownText } from '../canonical-text.ts';
import type { Call } from './call.ts';
import type { Impasse } from './search.ts';

/** Why a history is illegal, as data and in words. */
export interface Explanation {
  /** The longest prefix that is linearizable, in an order in which it could have taken effect. */
  readonly prefix: readonly Operation[];
  /** The operation that ended next, and could have taken effect nowhere. */
  readonly culprit: Operation;
  /** All that were open there: none of them could be the next. */
  readonly open: readonly Operation[];
  /** The state that the prefix leaves, in words. */
  readonly state: string;
  readonly message: string;
}

const OPEN_SHOWN_MAX = 5;

/** Puts an impasse in words. */
export function explain<State, Input, Output>(
  model: Model<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
  { placed, blocked, open }: Impasse<State>,
  promise: string,
): Explanation {
  const callOf = (index: number): Call<Input, Output> => calls[index] as Call<Input, Output>;
  const prefix: Operation[] = [];
  for (let each = placed; each !== undefined; each = each.before) prefix.push(callOf(each.call).operation);
  prefix.reverse();
  const left = placed === undefined ? model.initial : placed.state;
  const state = model.describeState?.(left) ?? shownText(left);
  const culprit = callOf(blocked);
  const others = open.filter((index) => index !== blocked).map(callOf);
  const message = [
    `not ${promise} as a ${model.name}: no order explains ${inWords(model, culprit)}.`,
    prefix.length === 0
      ? `At first the state is ${state}.`
      : `After ${prefix.length} operations, the last of them ` +
        `${inWords(model, callOf((placed as { call: number }).call))}, the state is ${state}.`,
    others.length === 0
      ? 'Nothing else was open then.'
      : `Open beside it, and no help: ${list(model, others)}.`,
  ].join(' ');
  return {
    prefix,
    culprit: culprit.operation,
    open: open.map((index) => callOf(index).operation),
    state,
    message,
  };
}

function list<State, Input, Output>(
  model: Model<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
): string {
  const shown = calls.slice(0, OPEN_SHOWN_MAX).map((call) => inWords(model, call));
  const rest = calls.length - shown.length;
  return rest === 0 ? shown.join('; ') : `${shown.join('; ')}; and ${rest} more`;
}

function inWords<State, Input, Output>(
  model: Model<State, Input, Output>,
  { operation, input, answer, beganMs, endedMs }: Call<Input, Output>,
): string {
  const what =
    model.describe?.(input, answer) ??
    `${shownText(input)} → ${answer === UNKNOWN ? 'unknown' : shownText(answer)}`;
  const end = Number.isFinite(endedMs) ? `${endedMs} ms` : 'open';
  return `${operation.client} ${what} (${beganMs} ms to ${end})`;
}
