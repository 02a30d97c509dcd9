// Why a history is not linearizable: how far an order goes, and why no operation that is open there can be
// the next.

import { UNKNOWN, type Model } from '../../../models/model.ts';
import type { OrderEvidence } from '../../history/evidence.ts';
import type { Operation } from '../../history/operation.ts';
import { attempted, shownText } from '../canonical-text.ts';
import type { Call } from './call.ts';
import type { Impasse, Placed } from './search.ts';

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
  readonly evidence: OrderEvidence;
}

const OPEN_SHOWN_MAX = 5;
const PREFIX_SHOWN_MAX = 6;

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
  const state = stateInWords(model, left);
  const culprit = callOf(blocked);
  const others = open.filter((index) => index !== blocked).map(callOf);
  const message = [
    `not ${promise} as ${withArticle(model.name)}: no order explains ${inWords(model, culprit)}.`,
    prefix.length === 0 ? `At first the state is ${state}.` : history(model, { placed, callOf, state }),
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
    evidence: {
      kind: 'order',
      promise: `${promise} as ${withArticle(model.name)}`,
      prefix: prefixOf(model, placed, callOf),
      culprit: shownCall(model, culprit),
      open: open.map((index) => shownCall(model, callOf(index))),
    },
  };
}

function prefixOf<State, Input, Output>(
  model: Model<State, Input, Output>,
  last: Placed<State> | undefined,
  callOf: (index: number) => Call<Input, Output>,
): OrderEvidence['prefix'] {
  const steps: OrderEvidence['prefix'][number][] = [];
  for (let each = last; each !== undefined; each = each.before)
    steps.push({ ...shownCall(model, callOf(each.call)), state: stateInWords(model, each.state) });
  return steps.toReversed();
}

/** Names an operation for a picture, which shows by itself whose it is, and when it was. */
export function shownCall<State, Input, Output>(
  model: Model<State, Input, Output>,
  call: Call<Input, Output>,
): OrderEvidence['culprit'] {
  return { operation: call.operation.id, text: what(model, call) };
}

/** A state as its model says it. */
export function stateInWords<State, Input, Output>(model: Model<State, Input, Output>, state: State): string {
  return attempted(() => model.describeState?.(state)) ?? shownText(state);
}

/** The state, and what led to it: operations that only read are left out where there are many. */
function history<State, Input, Output>(
  model: Model<State, Input, Output>,
  path: {
    readonly placed: Placed<State> | undefined;
    readonly callOf: (index: number) => Call<Input, Output>;
    readonly state: string;
  },
): string {
  const calls: Call<Input, Output>[] = [];
  for (let each = path.placed; each !== undefined; each = each.before) calls.push(path.callOf(each.call));
  calls.reverse();
  const left = `After ${calls.length === 1 ? 'one operation' : `${calls.length} operations`} the state is`;
  const writers = calls.filter(({ input }) => model.isReader?.(input) !== true);
  const shown = calls.length <= PREFIX_SHOWN_MAX ? calls : writers.slice(-PREFIX_SHOWN_MAX);
  const told = shown.map((call) => inWords(model, call)).join('; ');
  if (told === '') return `${left} ${path.state}.`;
  if (shown === calls) return `${left} ${path.state}: ${told}.`;
  return `${left} ${path.state}. The last that may have changed it: ${told}.`;
}

/** `a register`. */
export function withArticle(name: string): string {
  return `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`;
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
  call: Call<Input, Output>,
): string {
  const { operation, beganMs, endedMs } = call;
  const end = Number.isFinite(endedMs) ? `${endedMs} ms` : 'open';
  return `${operation.client} ${what(model, call)} (${beganMs} ms to ${end})`;
}

function what<State, Input, Output>(
  model: Model<State, Input, Output>,
  { input, answer }: Call<Input, Output>,
): string {
  return (
    attempted(() => model.describe?.(input, answer)) ??
    `${shownText(input)} → ${answer === UNKNOWN ? 'unknown' : shownText(answer)}`
  );
}
