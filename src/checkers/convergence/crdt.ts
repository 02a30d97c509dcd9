// What a replicated data type is, for the kit that tries its laws; and how replicas of it come about.

import fc from 'fast-check';

/** Who does an operation. */
export interface Actor {
  /** `a`, `b` or `c`. */
  readonly replica: string;
  /** Unlike that of all other operations, and larger than those before: for tags and times. */
  readonly stamp: number;
}

/**
 * A state-based data type (CvRDT): replicas send each other their whole state and merge it. Pure functions of
 * states that are plain data.
 *
 * @typeParam State - Never changed; a step makes another one.
 */
export interface StateCrdt<State, Operation> {
  /** In words: `counter`. */
  readonly name: string;
  readonly initial: State;
  readonly operation: fc.Arbitrary<Operation>;
  readonly apply: (state: State, operation: Operation, by: Actor) => State;
  readonly merge: (left: State, right: State) => State;
  /** What a reader sees. Replicas that converged have equal values. */
  readonly value: (state: State) => unknown;
  /** What is compared of states. Default: all of a state; less where equal states may look different. */
  readonly essence?: (state: State) => unknown;
}

/**
 * An operation-based data type (CmRDT): replicas send each other the effects of operations, which reach each
 * of them once, those of one replica in their order.
 *
 * @typeParam Effect - What is sent, as plain data.
 */
export interface OperationCrdt<State, Operation, Effect> {
  readonly name: string;
  readonly initial: State;
  readonly operation: fc.Arbitrary<Operation>;
  /** What an operation will do everywhere, made where it is asked for. */
  readonly prepare: (state: State, operation: Operation, by: Actor) => Effect;
  readonly effect: (state: State, effect: Effect) => State;
  readonly value: (state: State) => unknown;
  readonly essence?: (state: State) => unknown;
}

/** The replicas of a trial. */
export const REPLICAS = ['a', 'b', 'c'] as const;

/** The name of a replica. */
export type Replica = (typeof REPLICAS)[number];

/** Something that happens to replicas. */
export type Step<Operation> =
  | { readonly kind: 'apply'; readonly replica: Replica; readonly operation: Operation }
  | { readonly kind: 'merge'; readonly replica: Replica; readonly from: Replica };

/** Lists of steps. Messages are lost by not being there, and come twice or late by being there again. */
export function stepsOf<Operation>(operation: fc.Arbitrary<Operation>): fc.Arbitrary<Step<Operation>[]> {
  const replica = fc.constantFrom(...REPLICAS);
  const apply = fc.record({ kind: fc.constant('apply' as const), replica, operation });
  const merge = fc.record({ kind: fc.constant('merge' as const), replica, from: replica });
  return fc.array(fc.oneof({ weight: 3, arbitrary: apply }, { weight: 1, arbitrary: merge }), {
    maxLength: 12,
  });
}
