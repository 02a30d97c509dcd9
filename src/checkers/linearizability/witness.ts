// A history whose order of effects is known: nothing is searched then, the order is only verified.

import type { Model } from '../../../models/model.ts';
import type { OrderEvidence } from '../../history/evidence.ts';
import type { Operation } from '../../history/operation.ts';
import { canonicalText } from '../canonical-text.ts';
import { callsOf, type Call, type Reading } from './call.ts';
import { shownCall, stateInWords, withArticle } from './explain.ts';

/** What came of a verification. */
export type WitnessResult =
  | { readonly verdict: 'ok'; readonly message: '' }
  | {
      readonly verdict: 'illegal';
      readonly culprit: Operation;
      readonly message: string;
      /** The order as far as the model allows it; absent where the order itself is wrong. */
      readonly evidence?: OrderEvidence;
    };

/** An operation that took its place in the order, and the states that it may have left. */
interface Verified<State, Input, Output> {
  readonly call: Call<Input, Output>;
  readonly states: Iterable<State>;
}

/**
 * Verifies that operations took effect in a given order: the model allows every answer, and none took effect
 * before one that had ended before it began. Takes time in proportion to the length of the history.
 *
 * @param order - The ids of the operations in the order of their effects, as the system itself knows it: each
 *   that ended `ok`, and of those whose end is unknown the ones that had an effect.
 */
export function verifyOrder<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: readonly Operation[],
  order: readonly number[],
  reading: Reading<Input, Output> = {},
): WitnessResult {
  const left = new Map(callsOf(history, reading).map((call) => [call.operation.id, call]));
  // Several, where the model leaves a choice.
  let states = new Map<string, State>([['', model.initial]]);
  let latest: Call<Input, Output> | undefined;
  const verified: Verified<State, Input, Output>[] = [];
  const broken = (call: Call<Input, Output>, why: string): WitnessResult => {
    return { ...illegal(call, why), evidence: evidenceOf(model, verified, call) };
  };
  for (const id of order) {
    const call = left.get(id);
    if (call === undefined) return wrong(history, id);
    left.delete(id);
    if (latest !== undefined && call.endedMs < latest.beganMs) {
      return broken(call, `it ended before ${nameOf(latest)} began, and took effect after it`);
    }
    if (latest === undefined || call.beganMs > latest.beganMs) latest = call;
    const next = new Map<string, State>();
    for (const state of states.values()) {
      for (const each of model.next(state, call.input, call.answer)) next.set(canonicalText(each), each);
    }
    if (next.size === 0) {
      return broken(
        call,
        `a ${model.name} in the state ${inWords(model, states.values())} does not answer so`,
      );
    }
    states = next;
    verified.push({ call, states: states.values() });
  }
  for (const call of left.values()) {
    if (Number.isFinite(call.endedMs))
      return broken(call, 'it ended, and has no place in the order of effects');
  }
  return { verdict: 'ok', message: '' };
}

function nameOf({ operation }: Call<unknown, unknown>): string {
  return `operation ${operation.id} (${operation.client} ${operation.name})`;
}

function inWords<State, Input, Output>(model: Model<State, Input, Output>, states: Iterable<State>): string {
  return Array.from(states, (state) => stateInWords(model, state)).join(' or ');
}

function evidenceOf<State, Input, Output>(
  model: Model<State, Input, Output>,
  verified: readonly Verified<State, Input, Output>[],
  culprit: Call<Input, Output>,
): OrderEvidence {
  return {
    kind: 'order',
    promise: `in the order that the system tells, as ${withArticle(model.name)}`,
    prefix: verified.map(({ call, states }) => ({
      ...shownCall(model, call),
      state: inWords(model, states),
    })),
    culprit: shownCall(model, culprit),
    open: [shownCall(model, culprit)],
  };
}

function illegal(call: Call<unknown, unknown>, why: string): Extract<WitnessResult, { verdict: 'illegal' }> {
  return { verdict: 'illegal', culprit: call.operation, message: `${nameOf(call)}: ${why}` };
}

function wrong(history: readonly Operation[], id: number): WitnessResult {
  const operation = history.find((each) => each.id === id);
  if (operation === undefined)
    throw new RangeError(`the order names operation ${id}, which the history has not`);
  const why = operation.type === 'fail' ? 'it failed, and took effect' : 'it took effect twice';
  return { verdict: 'illegal', culprit: operation, message: `operation ${id} (${operation.name}): ${why}` };
}
