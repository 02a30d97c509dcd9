// Proves a model: it allows exactly what a brute-force list says, never changes a state, and the checker
// judges by it as a search through all orders does. Every model's test does this, and a table of its own.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc, { type Arbitrary } from 'fast-check';
import { statesAfter } from '../../models/commands.ts';
import { isEqual } from '../../models/equal.ts';
import { linearizable, type Operation } from '../../src/checkers.ts';
import { canonicalText } from '../../src/checkers/canonical-text.ts';
import { modelCommands, possibleStates, UNKNOWN, type Model } from '../../src/models.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';
import { afterAnswer, isLinearizableByTrying, type Reference } from './reference.ts';

/** What is to be proven. */
export interface Claim<State, Input extends { readonly name: string }, Output, Kept> {
  readonly model: Model<State, Input, Output>;
  readonly reference: Reference<Kept, Input, Output>;
  /** The operations of the brute force: few, and of every name. */
  readonly inputs: readonly Input[];
  /** Answers that no operation ever gives. */
  readonly absurd: readonly Output[];
  readonly operations: Arbitrary<Input>;
  /** How many operations the brute force does one after another. Default 4. */
  readonly depth?: number;
}

const HISTORIES = 300;
const OPERATIONS = 6;

/** Declares the tests. */
export function prove<State, Input extends { readonly name: string }, Output, Kept>(
  claim: Claim<State, Input, Output, Kept>,
): void {
  const { model, reference, inputs, operations, depth = 4 } = claim;
  const answers = answersOf(claim, depth);

  void describe(`${model.name}: what it allows`, () => {
    void test('is what the brute-force list says, in every state that few operations reach', () => {
      const counts = { allowed: 0, refused: 0 };
      walk(claim, { answers, depth }, (isAllowed, isListed, told) => {
        assert.equal(isAllowed, isListed, told);
        counts[isAllowed ? 'allowed' : 'refused']++;
      });
      assert.ok(counts.allowed > 20 && counts.refused > 20, JSON.stringify(counts));
    });

    void test('with an unknown answer is what it allows with any answer', () => {
      for (const state of statesWithin(claim, answers, depth - 1)) {
        for (const input of inputs) {
          const known = answers(input).flatMap((answer) => [...model.next(state, input, answer)]);
          const unknown = model.next(state, input, UNKNOWN);
          const told = `${canonicalText(input)} in ${canonicalText(state)}`;
          assert.ok(unknown.length > 0, told);
          assert.ok(
            unknown.every((each) => known.some((other) => isEqual(each, other))),
            told,
          );
          assert.ok(
            known.every((each) => unknown.some((other) => isEqual(each, other))),
            told,
          );
        }
      }
    });

    void test('changes no state where it calls an operation a reader', () => {
      for (const state of statesWithin(claim, answers, depth - 1)) {
        for (const input of inputs.filter((each) => model.isReader?.(each) === true)) {
          assert.deepEqual(model.next(state, input, UNKNOWN), [state]);
        }
      }
    });

    void test('is told in words', () => {
      for (const state of statesWithin(claim, answers, depth - 1)) {
        assert.doesNotMatch(model.describeState?.(state) ?? 'undefined', /undefined|\[object|^$/);
        for (const input of inputs) {
          for (const answer of answers(input)) {
            if (model.next(state, input, answer).length === 0) continue;
            assert.doesNotMatch(model.describe?.(input, answer) ?? 'undefined', /undefined|\[object|unknown/);
          }
          assert.match(model.describe?.(input, UNKNOWN) ?? '', /, outcome unknown$/);
        }
      }
    });
  });

  void describe(`${model.name}: its operations`, () => {
    void test('are of every name', () => {
      const names = new Set(fc.sample(operations, { seed: 1, numRuns: 200 }).map(({ name }) => name));
      assert.deepEqual([...names].toSorted(), [...new Set(inputs.map(({ name }) => name))].toSorted());
    });

    void test('as commands find nothing wrong with what does as the list says', async () => {
      const call = (real: { state: Kept }, input: Input): Output => {
        const outcomes = reference.outcomes(real.state, input);
        const [output, after] = outcomes[outcomes.length - 1] as readonly [Output, Kept];
        real.state = after;
        return output;
      };
      const commands = fc.commands(modelCommands(model, operations, call));
      const setup = (): { model: { states: readonly State[] }; real: { state: Kept } } => ({
        model: possibleStates(model),
        real: { state: reference.initial },
      });
      const property = fc.asyncProperty(commands, (all) => fc.asyncModelRun(setup, all));
      await fc.assert(property, { seed: 1, numRuns: 50 });
    });
  });

  void describe(`${model.name}: the checker`, () => {
    void test(`accepts ${HISTORIES} histories of three clients that the list allows`, () => {
      const draw = drawing(1);
      for (let i = 0; i < HISTORIES; i++) {
        const history = historyOf(claim, draw);
        const { verdict } = linearizable(model, history, { input: ({ input }) => input as Input });
        assert.equal(verdict, 'ok', JSON.stringify(history));
      }
    });

    void test('judges them as a search through all orders does when one answer is altered', () => {
      const draw = drawing(2);
      const verdicts = { ok: 0, illegal: 0, unknown: 0 };
      for (let i = 0; i < HISTORIES; i++) {
        const history = historyOf(claim, draw);
        const ended = history.filter(
          ({ type, input }) => type === 'ok' && answers(input as Input).length > 1,
        );
        const altered = ended[draw(Math.max(1, ended.length))];
        if (altered === undefined) continue;
        const others = answers(altered.input as Input);
        const value = others[draw(others.length)];
        const changed = history.map((each) => (each === altered ? { ...altered, value } : each));
        const { verdict } = linearizable(model, changed, { input: ({ input }) => input as Input });
        const expected = isLinearizableByTrying(reference, changed) ? 'ok' : 'illegal';
        assert.equal(verdict, expected, JSON.stringify(changed));
        verdicts[verdict]++;
      }
      assert.ok(verdicts.ok > HISTORIES / 20 && verdicts.illegal > HISTORIES / 20, JSON.stringify(verdicts));
    });
  });
}

type Draw = (bound: number) => number;

function drawing(seed: number): Draw {
  const random = new KeyedRandom(seed);
  let drawn = 0;
  return (bound) => random.below(bound, 1, drawn++);
}

/** The answers that operations of a name ever give, and absurd ones; only one where it is always the same. */
function answersOf<State, Input extends { readonly name: string }, Output, Kept>(
  { reference, inputs, absurd }: Claim<State, Input, Output, Kept>,
  depth: number,
): (input: Input) => readonly Output[] {
  const byName = new Map<string, Map<string, Output>>(inputs.map(({ name }) => [name, new Map()]));
  let reached = new Map([['', reference.initial]]);
  for (let level = 0; level < depth; level++) {
    const next = new Map<string, Kept>();
    for (const state of reached.values()) {
      for (const input of inputs) {
        for (const [output, after] of reference.outcomes(state, input)) {
          byName.get(input.name)?.set(canonicalText(output), output);
          next.set(canonicalText(after), after);
        }
      }
    }
    reached = next;
  }
  const answers = new Map<string, readonly Output[]>();
  for (const [name, outputs] of byName) {
    answers.set(name, outputs.size > 1 ? [...outputs.values(), ...absurd] : [...outputs.values()]);
  }
  return ({ name }) => answers.get(name) ?? [];
}

/** Goes through all operations and answers, model and reference side by side. */
function walk<State, Input extends { readonly name: string }, Output, Kept>(
  { model, reference, inputs }: Claim<State, Input, Output, Kept>,
  { answers, depth }: { answers: (input: Input) => readonly Output[]; depth: number },
  visit: (isAllowed: boolean, isListed: boolean, told: string) => void,
): readonly (readonly State[])[] {
  let level = [{ states: [frozen(model.initial)] as readonly State[], kept: [reference.initial], path: '' }];
  const all = [...level];
  for (let done = 0; done < depth; done++) {
    const next = new Map<string, (typeof level)[number]>();
    for (const { states, kept, path } of level) {
      for (const input of inputs) {
        for (const answer of answers(input)) {
          const after = statesAfter(model, states, { input, answer }).map(frozen);
          const listed = afterAnswer(reference, kept, [input, answer]);
          const told = `${path} ${canonicalText(input)} → ${canonicalText(answer)}`;
          visit(after.length > 0, listed.length > 0, told);
          if (after.length === 0) continue;
          const key = `${canonicalText(after)} ${canonicalText(listed)}`;
          if (!next.has(key)) next.set(key, { states: after, kept: listed, path: told });
        }
      }
    }
    level = [...next.values()];
    all.push(...level);
  }
  return all.map(({ states }) => states);
}

function statesWithin<State, Input extends { readonly name: string }, Output, Kept>(
  claim: Claim<State, Input, Output, Kept>,
  answers: (input: Input) => readonly Output[],
  depth: number,
): State[] {
  const states = walk(claim, { answers, depth }, () => {}).flat();
  return [...new Map(states.map((state) => [canonicalText(state), state])).values()];
}

/** A state that throws when it is changed. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}

/** A history of three clients that the reference allows: each effect came at a moment of its operation. */
function historyOf<State, Input extends { readonly name: string }, Output, Kept>(
  { reference, inputs }: Claim<State, Input, Output, Kept>,
  draw: Draw,
): Operation[] {
  const freeMs = [0, 0, 0];
  const planned = Array.from({ length: 2 + draw(OPERATIONS - 1) }, (_, id) => {
    const client = draw(freeMs.length);
    const input = inputs[draw(inputs.length)] as Input;
    const invokedMs = (freeMs[client] as number) + draw(4);
    const endedMs = invokedMs + draw(6);
    freeMs[client] = endedMs + 1;
    const type = (['ok', 'ok', 'ok', 'ok', 'ok', 'info', 'pending', 'fail'] as const)[draw(8)] ?? 'ok';
    const late = type === 'ok' ? 0 : draw(20);
    const operation: Operation = { id, client: `c${client}`, name: input.name, input, invokedMs, type };
    return { operation, endedMs, effectMs: invokedMs + draw(endedMs - invokedMs + 1) + late };
  });
  let state = reference.initial;
  const outputs = new Map<number, Output>();
  for (const { operation } of planned.toSorted((left, right) => left.effectMs - right.effectMs)) {
    const { type, id } = operation;
    if (type === 'fail' || (type !== 'ok' && draw(2) === 0)) continue;
    const outcomes = reference.outcomes(state, operation.input as Input);
    const [output, after] = outcomes[draw(outcomes.length)] as readonly [Output, Kept];
    state = after;
    if (type === 'ok') outputs.set(id, output);
  }
  return planned.map(({ operation, endedMs }) => {
    const { id, type } = operation;
    const end = type === 'pending' ? {} : { endedMs };
    return type === 'ok' ? { ...operation, ...end, value: outputs.get(id) } : { ...operation, ...end };
  });
}
