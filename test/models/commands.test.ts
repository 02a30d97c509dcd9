// A model as fast-check commands, on a class with a bug and on the same without.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { modelCommands, ModelError, possibleStates, UNKNOWN, type Model } from '../../src/models.ts';
import { statesAfter } from '../../models/commands.ts';
import { register, registerOperations, type RegisterInput } from '../../models/register.ts';

/** A register that holds its value in two places, as one with a cache does. */
class CachedRegister {
  #stored = 0;
  #cached: number | undefined;
  readonly #invalidates: boolean;

  constructor(invalidates: boolean) {
    this.#invalidates = invalidates;
  }

  read(): Promise<number> {
    this.#cached ??= this.#stored;
    return Promise.resolve(this.#cached);
  }

  write(value: number): Promise<void> {
    this.#stored = value;
    if (this.#invalidates) this.#cached = undefined;
    return Promise.resolve();
  }
}

const model = register(0);

function ask(real: CachedRegister, input: RegisterInput<number>): Promise<number | void> {
  return input.name === 'read' ? real.read() : real.write(input.value);
}

function check(
  invalidates: boolean,
): Promise<fc.RunDetails<[Iterable<fc.AsyncCommand<{ states: readonly number[] }, CachedRegister>>]>> {
  const call = async (real: CachedRegister, input: RegisterInput<number>): Promise<number | undefined> =>
    (await ask(real, input)) ?? undefined;
  const commands = fc.commands(modelCommands(model, registerOperations(), call), { maxCommands: 50 });
  const property = fc.asyncProperty(commands, (all) =>
    fc.asyncModelRun(() => ({ model: possibleStates(model), real: new CachedRegister(invalidates) }), all),
  );
  return fc.check(property, { seed: 1, numRuns: 100 });
}

describe('commands of a model', () => {
  test('pass where the system does what the model says', async () => {
    const { failed, numRuns } = await check(true);
    assert.equal(failed, false);
    assert.equal(numRuns, 100);
  });

  test('find a stale cache, and shrink to the three operations that show it', async () => {
    const details = await check(false);
    const { errorInstance } = details;
    assert.ok(errorInstance instanceof ModelError);
    assert.equal(errorInstance.code, 'WT_MODEL');
    assert.deepEqual(errorInstance.input, { name: 'read' });
    assert.equal(errorInstance.answer, 0);
    assert.equal(errorInstance.message, 'no register does this: read 0, while the state was 1');
    const [commands] = details.counterexample ?? [];
    assert.deepEqual(Array.from(commands ?? [], String), ['read()', 'write(1)', 'read()']);
  });

  test('go on with each state that is possible where an answer is unknown', () => {
    const written = statesAfter(model, [0], { input: { name: 'write', value: 2 }, answer: UNKNOWN });
    assert.deepEqual(written, [0, 2]);
    assert.deepEqual(statesAfter(model, written, { input: { name: 'read' }, answer: 2 }), [2]);
    assert.deepEqual(statesAfter(model, written, { input: { name: 'read' }, answer: 1 }), []);
    const again = statesAfter(model, written, { input: { name: 'write', value: 2 }, answer: UNKNOWN });
    assert.deepEqual(again, [0, 2], 'equal states are kept once');
  });

  test('go on with each state that the model leaves to choice', () => {
    const lossy: Model<number, { name: 'add' }, undefined> = {
      name: 'lossy counter',
      initial: 0,
      next: (count) => [count, count + 1],
    };
    assert.deepEqual(statesAfter(lossy, [0, 1], { input: { name: 'add' }, answer: undefined }), [0, 1, 2]);
  });

  test('say what the state may have been, where there are several', async () => {
    const input = { name: 'read' } as const;
    const [command] = fc.sample(modelCommands(model, fc.constant(input), () => 7)[0]!, 1);
    await assert.rejects(async () => command?.run({ states: [1, 2] }, undefined), {
      name: 'AssertionError [WT_MODEL]',
      message: 'no register does this: read 7, while the state was 1 or 2',
    });
  });
});
