// The laws of state-based data types: merging is commutative, associative and idempotent, nothing is ever
// taken back, and replicas converge.

import fc from 'fast-check';
import { canonicalText, shownText } from '../canonical-text.ts';
import { REPLICAS, stepsOf, type Replica, type StateCrdt, type Step } from './crdt.ts';
import { tryLaws, type Law, type LawJudgement, type LawOptions } from './laws.ts';

/** Steps, and in which order replicas get each other's states at the end. */
interface Trial<Operation> {
  readonly steps: readonly Step<Operation>[];
  readonly deliveries: readonly (readonly [to: Replica, from: Replica])[];
}

/**
 * Tries the laws that make replicas of a state-based data type converge, on states that operations and
 * merges reach: `merge` is commutative, associative and idempotent; an operation inflates the state (what
 * is merged with what it was before stays what it is), and so does a merge; no function changes what it is
 * given; and replicas that have merged each other's states, in any order, some of them twice, others lost
 * on the way, are equal.
 *
 * Source: Conflict-free Replicated Data Types (Shapiro, Preguiça, Baquero and Zawirski, 2011). It tries, it
 * does not prove. Deterministic: the same cases in every call, unless another seed is given.
 *
 * @returns Each law that was broken, with the smallest case that was found.
 */
export function stateCrdtLaws<State, Operation>(
  crdt: StateCrdt<State, Operation>,
  options: LawOptions = {},
): LawJudgement {
  const { apply, merge, operation } = crdt;
  const essenceOf = (state: State): string => canonicalText(crdt.essence?.(state) ?? state);
  const delivery = fc.tuple(fc.constantFrom(...REPLICAS), fc.constantFrom(...REPLICAS));
  const cases = fc.record({ steps: stepsOf(operation), deliveries: fc.array(delivery, { maxLength: 6 }) });
  const law = (
    name: string,
    problem: (states: Reached<State>, trial: Trial<Operation>) => string | undefined,
  ): Law<Trial<Operation>> => ({
    law: name,
    cases,
    problem(trial) {
      const why = problem(reach(crdt, trial.steps), trial);
      return why === undefined ? undefined : `${why}, ${inWords(trial.steps)}`;
    },
  });
  const differ = (left: State, right: State, what: string): string | undefined =>
    essenceOf(left) === essenceOf(right) ? undefined : `${what}: ${shownText(left)} and ${shownText(right)}`;
  const laws = [
    law('commutative', ({ a, b }) =>
      differ(merge(a, b), merge(b, a), 'merging b into a and a into b are not the same'),
    ),
    law('associative', ({ a, b, c }) =>
      differ(
        merge(merge(a, b), c),
        merge(a, merge(b, c)),
        'merging a with b and then c, or b with c first, are not the same',
      ),
    ),
    law('idempotent', ({ a }) => differ(merge(a, a), a, 'a merged with itself, and a')),
    law('inflationary', ({ a, b }, { steps }) => {
      const merged = merge(a, b);
      const lost = differ(
        merge(merged, a),
        merged,
        'a and b merged lose of a what another merge brings back',
      );
      const last = steps.findLast((step) => step.kind === 'apply');
      if (lost !== undefined || last?.kind !== 'apply') return lost;
      const after = apply(a, last.operation, { replica: 'a', stamp: steps.length + 1 });
      return differ(
        merge(a, after),
        after,
        `a merged with a after one more ${shownText(last.operation)}, and that`,
      );
    }),
    law('pure', ({ a, b }, { steps }) => {
      const before = [essenceOf(a), essenceOf(b)].join(' ');
      merge(a, b);
      const last = steps.findLast((step) => step.kind === 'apply');
      if (last?.kind === 'apply') apply(a, last.operation, { replica: 'a', stamp: steps.length + 1 });
      const left = [essenceOf(a), essenceOf(b)].join(' ');
      return before === left
        ? undefined
        : `a function changed the states that it was given, ${before} into ${left}`;
    }),
    law('convergent', (reached, { deliveries }) => whyApart(crdt, reached, deliveries)),
  ];
  return tryLaws(crdt.name, laws, options);
}

type Reached<State> = Record<Replica, State>;

/** Lets replicas get each other's states, at last all of them. @returns how their values differ then. */
function whyApart<State>(
  { merge, value }: Pick<StateCrdt<State, never>, 'merge' | 'value'>,
  reached: Reached<State>,
  deliveries: Trial<unknown>['deliveries'],
): string | undefined {
  const states = { ...reached };
  const everything = REPLICAS.flatMap((to) => REPLICAS.map((from) => [to, from] as const));
  for (const [to, from] of [...deliveries, ...everything]) states[to] = merge(states[to], states[from]);
  // The last one has seen all; the others get it from there.
  for (const to of REPLICAS) states[to] = merge(states[to], states.c);
  const [first, ...others] = REPLICAS.map((name) => canonicalText(value(states[name])));
  const shown = REPLICAS.map((name) => `${name} has ${shownText(value(states[name]))}`).join(', ');
  return others.every((each) => each === first)
    ? undefined
    : `replicas that have seen everything differ: ${shown}`;
}

function reach<State, Operation>(
  { initial, apply, merge }: StateCrdt<State, Operation>,
  steps: readonly Step<Operation>[],
): Reached<State> {
  const states: Reached<State> = { a: initial, b: initial, c: initial };
  for (const [stamp, step] of steps.entries()) {
    const { replica } = step;
    states[replica] =
      step.kind === 'apply'
        ? apply(states[replica], step.operation, { replica, stamp })
        : merge(states[replica], states[step.from]);
  }
  return states;
}

function inWords(steps: readonly Step<unknown>[]): string {
  if (steps.length === 0) return 'at the very beginning';
  const words = steps.map((step) =>
    step.kind === 'apply'
      ? `${step.replica} did ${shownText(step.operation)}`
      : `${step.replica} merged ${step.from}`,
  );
  return `after ${words.join(', ')}`;
}
