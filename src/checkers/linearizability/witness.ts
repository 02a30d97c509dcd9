// A history whose order of effects is known: nothing is searched then, the order is only verified.

import type { Model } from '../../../models/model.ts';
import type { Operation } from '../../history/operation.ts';
import { attempted, canonicalText, shownText } from '../canonical-text.ts';
import { callsOf, type Call, type Reading } from './call.ts';

/** What came of a verification. */
export type WitnessResult =
  | { readonly verdict: 'ok'; readonly message: '' }
  | { readonly verdict: 'illegal'; readonly culprit: Operation; readonly message: string };

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
  for (const id of order) {
    const call = left.get(id);
    if (call === undefined) return wrong(history, id);
    left.delete(id);
    if (latest !== undefined && call.endedMs < latest.beganMs) {
      return illegal(call, `it ended before ${nameOf(latest)} began, and took effect after it`);
    }
    if (latest === undefined || call.beganMs > latest.beganMs) latest = call;
    const next = new Map<string, State>();
    for (const state of states.values()) {
      for (const each of model.next(state, call.input, call.answer)) next.set(canonicalText(each), each);
    }
    if (next.size === 0) {
      const shown = [...states.values()].map(
        (state) => attempted(() => model.describeState?.(state)) ?? shownText(state),
      );
      return illegal(call, `a ${model.name} in the state ${shown.join(' or ')} does not answer so`);
    }
    states = next;
  }
  for (const call of left.values()) {
    if (Number.isFinite(call.endedMs))
      return illegal(call, 'it ended, and has no place in the order of effects');
  }
  return { verdict: 'ok', message: '' };
}

function nameOf({ operation }: Call<unknown, unknown>): string {
  return `operation ${operation.id} (${operation.client} ${operation.name})`;
}

function illegal(call: Call<unknown, unknown>, why: string): WitnessResult {
  return { verdict: 'illegal', culprit: call.operation, message: `${nameOf(call)}: ${why}` };
}

function wrong(history: readonly Operation[], id: number): WitnessResult {
  const operation = history.find((each) => each.id === id);
  if (operation === undefined)
    throw new RangeError(`the order names operation ${id}, which the history has not`);
  const why = operation.type === 'fail' ? 'it failed, and took effect' : 'it took effect twice';
  return { verdict: 'illegal', culprit: operation, message: `operation ${id} (${operation.name}): ${why}` };
}
