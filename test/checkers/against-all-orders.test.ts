// The checkers against a search through all orders, which is too simple to be wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { casRegister, type CasInput } from '../../models/cas-register.ts';
import { fifoQueue, type QueueInput } from '../../models/fifo-queue.ts';
import { UNKNOWN, type Model } from '../../models/model.ts';
import { linearizable } from '../../src/checkers/linearizability/linearizable.ts';
import { sequentiallyConsistent } from '../../src/checkers/linearizability/sequential.ts';
import { verifyOrder } from '../../src/checkers/linearizability/witness.ts';
import type { Operation } from '../../src/history/operation.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';

const HISTORIES = Number(process.env['WAVETANK_HISTORIES'] ?? 2_000);
const CLIENTS = 3;
const OPERATIONS_MAX = 8;

/** Draws an integer below a bound. */
type Draw = (bound: number) => number;

interface Subject {
  readonly name: string;
  readonly model: Model<never, never, never>;
  readonly input: (draw: Draw) => { readonly name: string };
  readonly output: (name: string, draw: Draw) => unknown;
}

/** A key-value model with a choice: a lossy counter, whose increments may be lost. */
const lossyCounter: Model<number, { name: 'increment' | 'get' }, number | undefined> = {
  name: 'lossy counter',
  initial: 0,
  isReader: ({ name }) => name === 'get',
  next: (count, { name }, answer) =>
    name === 'increment' ? [count + 1, count] : answer === UNKNOWN || answer === count ? [count] : [],
};

const subjects: readonly Subject[] = [
  {
    name: 'compare-and-set register',
    model: casRegister<number>(0) as Model<never, never, never>,
    input: (draw) =>
      (
        [
          { name: 'read' },
          { name: 'write', value: draw(2) },
          { name: 'cas', from: draw(2), to: draw(2) },
        ] as const
      )[draw(3)] as CasInput<number>,
    output: (name, draw) => (name === 'read' ? draw(2) : name === 'cas' ? draw(2) === 0 : undefined),
  },
  {
    name: 'queue',
    model: fifoQueue<number>() as Model<never, never, never>,
    input: (draw) =>
      ([{ name: 'dequeue' }, { name: 'enqueue', value: draw(2) }] as const)[draw(2)] as QueueInput<number>,
    output: (name, draw) => (name === 'dequeue' ? [0, 1, null][draw(3)] : undefined),
  },
  {
    name: 'lossy counter',
    model: lossyCounter as Model<never, never, never>,
    input: (draw) => ({ name: draw(2) === 0 ? 'get' : 'increment' }),
    output: (name, draw) => (name === 'get' ? draw(3) : undefined),
  },
];

function historyOf({ input, output }: Subject, draw: Draw): Operation[] {
  const freeMs = Array.from({ length: CLIENTS }, () => 0);
  return Array.from({ length: 1 + draw(OPERATIONS_MAX) }, (_, id) => {
    const client = draw(CLIENTS);
    const invokedMs = (freeMs[client] as number) + draw(4);
    const endedMs = invokedMs + draw(6);
    freeMs[client] = endedMs + 1;
    const asked = input(draw);
    const type = (['ok', 'ok', 'ok', 'ok', 'fail', 'info', 'pending'] as const)[draw(7)] ?? 'ok';
    const began = { id, client: `c${client}`, name: asked.name, input: asked, invokedMs, type };
    if (type === 'pending') return began;
    return type === 'ok' ? { ...began, endedMs, value: output(asked.name, draw) } : { ...began, endedMs };
  });
}

/** Whether one operation must come before another. */
type Before = (left: Operation, right: Operation) => boolean;

const byRealTime: Before = (left, right) => left.type === 'ok' && (left.endedMs ?? 0) < right.invokedMs;
const byProgram: Before = (left, right) =>
  left.type === 'ok' && left.client === right.client && left.invokedMs < right.invokedMs;

/** Tries every order. @returns one that the model allows. */
function orderByTrying(
  model: Subject['model'],
  history: readonly Operation[],
  before: Before,
): number[] | undefined {
  const candidates = history.filter(({ type }) => type !== 'fail');
  const search = (state: never, placed: readonly Operation[]): number[] | undefined => {
    const left = candidates.filter((each) => !placed.includes(each));
    if (left.every(({ type }) => type !== 'ok')) return placed.map(({ id }) => id);
    for (const next of left) {
      if (left.some((each) => each !== next && before(each, next))) continue;
      const answer = (next.type === 'ok' ? next.value : UNKNOWN) as never;
      for (const after of model.next(state, next.input as never, answer)) {
        const order = search(after, [...placed, next]);
        if (order !== undefined) return order;
      }
    }
    return undefined;
  };
  return search(model.initial, []);
}

for (const [nth, subject] of subjects.entries()) {
  test(`${HISTORIES} histories of a ${subject.name}: the same verdict as by trying every order`, () => {
    const random = new KeyedRandom(nth);
    let drawn = 0;
    const draw: Draw = (bound) => random.below(bound, 1, drawn++);
    const verdicts = { ok: 0, illegal: 0, sequential: 0 };
    for (let i = 0; i < HISTORIES; i++) {
      const history = historyOf(subject, draw);
      const { model } = subject;
      const shown = JSON.stringify(history);
      const order = orderByTrying(model, history, byRealTime);
      const decision = linearizable(model, history);
      assert.equal(decision.verdict, order === undefined ? 'illegal' : 'ok', shown);
      verdicts[decision.verdict === 'ok' ? 'ok' : 'illegal']++;
      if (decision.verdict === 'ok') {
        const found = decision.orders.get('') ?? [];
        assert.deepEqual(verifyOrder(model, history, found), { verdict: 'ok', message: '' }, shown);
      }
      const isSequential = orderByTrying(model, history, byProgram) !== undefined;
      assert.equal(sequentiallyConsistent(model, history).verdict, isSequential ? 'ok' : 'illegal', shown);
      if (isSequential && order === undefined) verdicts.sequential++;
    }
    for (const [verdict, count] of Object.entries(verdicts))
      assert.ok(count > HISTORIES / 50, `${verdict}: ${count}`);
  });
}
