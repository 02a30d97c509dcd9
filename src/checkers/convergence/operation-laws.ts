// The law of operation-based data types: effects of operations that did not know of each other commute, so
// that replicas converge however these are delivered.

import fc from 'fast-check';
import { canonicalText, shownText } from '../canonical-text.ts';
import { REPLICAS, type OperationCrdt, type Replica } from './crdt.ts';
import { tryLaws, type LawJudgement, type LawOptions } from './laws.ts';

interface Trial<Operation> {
  /** What all replicas have done and seen. */
  readonly base: readonly Operation[];
  /** What each does then, without having heard of the others. */
  readonly own: readonly (readonly [replica: Replica, operation: Operation])[];
  /** Whose next effect each replica gets next. */
  readonly order: readonly number[];
}

/**
 * Tries the law that makes replicas of an operation-based data type converge: on states that operations
 * reach, the effects of two concurrent ones commute; and replicas that have got all effects, those of each
 * replica in their order and otherwise in any, are equal.
 *
 * Source: Conflict-free Replicated Data Types (Shapiro, Preguiça, Baquero and Zawirski, 2011). Differs in
 * that what is concurrent follows a state that all replicas share. Deterministic, as `stateCrdtLaws`.
 *
 * @returns Each law that was broken, with the smallest case that was found.
 */
export function operationCrdtLaws<State, Operation, Effect>(
  crdt: OperationCrdt<State, Operation, Effect>,
  options: LawOptions = {},
): LawJudgement {
  const { prepare, effect, value } = crdt;
  const essenceOf = (state: State): string => canonicalText(crdt.essence?.(state) ?? state);
  const replica = fc.constantFrom(...REPLICAS);
  const cases: fc.Arbitrary<Trial<Operation>> = fc.record({
    base: fc.array(crdt.operation, { maxLength: 5 }),
    own: fc.array(fc.tuple(replica, crdt.operation), { maxLength: 6 }),
    order: fc.array(fc.nat({ max: 5 }), { maxLength: 12 }),
  });
  const baseOf = ({ base }: Trial<Operation>): State =>
    base.reduce<State>(
      (state, each, stamp) => effect(state, prepare(state, each, { replica: 'a', stamp })),
      crdt.initial,
    );
  const commutes = (trial: Trial<Operation>): string | undefined => {
    const state = baseOf(trial);
    const [first, second] = trial.own;
    if (first === undefined || second === undefined || first[0] === second[0]) return undefined;
    const stamp = trial.base.length;
    const one = prepare(state, first[1], { replica: first[0], stamp });
    const other = prepare(state, second[1], { replica: second[0], stamp: stamp + 1 });
    const [left, right] = [effect(effect(state, one), other), effect(effect(state, other), one)];
    if (essenceOf(left) === essenceOf(right)) return undefined;
    const effects = `${shownText(one)} and ${shownText(other)}`;
    const outcomes = `${shownText(left)} and ${shownText(right)}`;
    return `${effects} in this order and in the other leave ${outcomes}${inWords(trial)}`;
  };
  const converges = (trial: Trial<Operation>): string | undefined => {
    const state = baseOf(trial);
    const local = { a: state, b: state, c: state };
    const sent: Record<Replica, Effect[]> = { a: [], b: [], c: [] };
    for (const [i, [by, operation]] of trial.own.entries()) {
      const made = prepare(local[by], operation, { replica: by, stamp: trial.base.length + i });
      local[by] = effect(local[by], made);
      sent[by].push(made);
    }
    const values = REPLICAS.map((name, i) => {
      const others = REPLICAS.filter((each) => each !== name).map((each) => [...sent[each]]);
      let got = local[name];
      for (let turn = 0; others.some((each) => each.length > 0); turn++) {
        const choice = ((trial.order[turn] ?? 0) + i) % 2;
        const next = (others[choice] ?? []).shift() ?? (others[1 - choice] ?? []).shift();
        got = effect(got, next as Effect);
      }
      return value(got);
    });
    if (values.every((each) => canonicalText(each) === canonicalText(values[0]))) return undefined;
    const shown = REPLICAS.map((name, i) => `${name} has ${shownText(values[i])}`).join(', ');
    return `replicas that have got all effects differ: ${shown}${inWords(trial)}`;
  };
  return tryLaws(
    crdt.name,
    [
      { law: 'commutative', cases, problem: commutes },
      { law: 'convergent', cases, problem: converges },
    ],
    options,
  );
}

function inWords({ base, own }: Trial<unknown>): string {
  const before = base.length === 0 ? '' : `, after all did ${base.map(shownText).join(', ')}`;
  const then = own.map(([by, operation]) => `${by} did ${shownText(operation)}`).join(', ');
  return `${before}, when ${then}`;
}
