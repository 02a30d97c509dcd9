// A model as fast-check commands: a real system is asked one operation after another, and must answer what
// the model allows.

import type { Arbitrary, AsyncCommand } from 'fast-check';
import { ModelError } from '../src/errors.ts';
import { isEqual } from './equal.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown } from './words.ts';

/** The states in which a system may be: several, where an answer was unknown or there is a choice. */
export interface PossibleStates<State> {
  states: readonly State[];
}

/** Where a system begins: for `setup` of `fc.asyncModelRun`. */
export function possibleStates<State>(model: Model<State, never, never>): PossibleStates<State> {
  return { states: [model.initial] };
}

/**
 * Makes fast-check commands of a model, for `fc.commands`: alone, or beside commands of your own.
 *
 * @param operations - Generates what is asked: `registerOperations()`.
 * @param call - Asks the real system. It returns the output, or `UNKNOWN` where nobody knows it: then both is
 *   possible from then on, that there was an effect and that there was none. What it throws fails the
 *   property.
 * @returns What `fc.commands` takes. Its model, for `setup`, is made by {@link possibleStates}.
 * @throws {ModelError} From a command, if the system answered what the model does not allow.
 * @example
 * const commands = fc.commands(modelCommands(fifoQueue<string>(), queueOperations(), ask));
 * const setup = () => ({ model: possibleStates(fifoQueue<string>()), real: new MyQueue() });
 * await fc.assert(fc.asyncProperty(commands, (all) => fc.asyncModelRun(setup, all)));
 */
export function modelCommands<State, Input, Output, Real>(
  model: Model<State, Input, Output>,
  operations: Arbitrary<Input>,
  call: (real: Real, input: Input) => Answer<Output> | Promise<Answer<Output>>,
): Arbitrary<AsyncCommand<PossibleStates<State>, Real>>[] {
  return [operations.map((input) => new ModelCommand(model, input, call))];
}

class ModelCommand<State, Input, Output, Real> implements AsyncCommand<PossibleStates<State>, Real> {
  readonly #model: Model<State, Input, Output>;
  readonly #input: Input;
  readonly #call: (real: Real, input: Input) => Answer<Output> | Promise<Answer<Output>>;

  constructor(
    model: Model<State, Input, Output>,
    input: Input,
    call: (real: Real, input: Input) => Answer<Output> | Promise<Answer<Output>>,
  ) {
    this.#model = model;
    this.#input = input;
    this.#call = call;
  }

  /** Every operation may be asked for in every state; what it answers differs. */
  check(): boolean {
    return true;
  }

  async run(possible: PossibleStates<State>, real: Real): Promise<void> {
    const { states } = possible;
    const answer = await this.#call(real, this.#input);
    possible.states = statesAfter(this.#model, states, { input: this.#input, answer });
    if (possible.states.length > 0) return;
    const left = states.map((state) => this.#model.describeState?.(state) ?? shown(state)).join(' or ');
    throw new ModelError(
      `no ${this.#model.name} does this: ${this.#inWords(answer)}, while the state was ${left}`,
      { input: this.#input, answer },
    );
  }

  toString(): string {
    const { name, ...rest } = this.#input as { readonly name?: unknown };
    if (typeof name !== 'string') return shown(this.#input);
    const values = Object.values(rest).map(shown);
    return `${name}(${values.join(', ')})`;
  }

  #inWords(answer: Answer<Output>): string {
    const described = this.#model.describe?.(this.#input, answer);
    return described ?? `${this.toString()} → ${answer === UNKNOWN ? 'unknown' : shown(answer)}`;
  }
}

/**
 * The states in which an operation leaves a model that may be in any of several; none if it cannot answer so.
 * Equal ones once.
 */
export function statesAfter<State, Input, Output>(
  model: Model<State, Input, Output>,
  states: readonly State[],
  { input, answer }: { readonly input: Input; readonly answer: Answer<Output> },
): readonly State[] {
  const after: State[] = [];
  for (const state of states) {
    // Where nobody knows the answer, nobody knows either whether there was an effect.
    const next =
      answer === UNKNOWN ? [state, ...model.next(state, input, answer)] : model.next(state, input, answer);
    for (const each of next) if (!after.some((known) => isEqual(known, each))) after.push(each);
  }
  return after;
}
