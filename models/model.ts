// What a sequential specification is: what each operation may answer when operations come one after another.
// Checkers compare histories with it, and fast-check commands systems.

/** Stands for the output of an operation that nobody knows: it has not ended, or its end was lost. */
export const UNKNOWN: unique symbol = Symbol('unknown output');

/** What an operation answered, if that is known. */
export type Answer<Output> = Output | typeof UNKNOWN;

/**
 * A sequential specification: pure functions of an immutable state.
 *
 * @typeParam State - Never changed; a step makes another one.
 * @typeParam Input - What a client asks for, as plain data.
 * @typeParam Output - What it is answered, as plain data.
 */
export interface Model<State, Input, Output> {
  /** In words: `compare-and-set register`. */
  readonly name: string;
  readonly initial: State;
  /**
   * The states in which an operation may leave the object, if it answers so; none if it cannot answer so.
   * More than one only where the specification leaves a choice.
   */
  next(state: State, input: Input, answer: Answer<Output>): readonly State[];
  /**
   * Which part of the object an operation is about, where parts do not touch each other: the key of a
   * key-value store. A history is linearizable if and only if that of each part is (Herlihy and Wing, 1990).
   */
  partOf?(input: Input): string;
  /** Whether an operation never changes any state. Checkers are faster where they know. Default false. */
  isReader?(input: Input): boolean;
  /** A state in words, for explanations. Default: as JSON. */
  describeState?(state: State): string;
  /** An operation in words, for explanations. Default: its name, input and answer as JSON. */
  describe?(input: Input, answer: Answer<Output>): string;
}
