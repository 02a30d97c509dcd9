// What shrinking keeps and what it takes away: the failure stays the same one, the faults that remain are
// needed, and people who write their own `fc.assert` get the same.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  CheckFailure,
  calmPlan,
  daemon,
  defineScenario,
  explore,
  faultPlans,
  handler,
  latency,
  simulate,
  swarm,
  type FaultPlan,
} from '../../src/index.ts';

async function failureOf(promise: Promise<unknown>): Promise<CheckFailure> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  assert.ok(error instanceof CheckFailure, String(error));
  return error;
}

describe('shrinking', { concurrency: false }, () => {
  test('keeps to the failure that was found when it meets another on the way', async () => {
    const found = new Set<string>();
    for (let seed = 1; seed <= 12; seed++) {
      let first: string | undefined;
      const met = new Set<string>();
      const scenario = defineScenario({
        name: 'two failures',
        hosts: { idle: daemon(() => {}) },
        workload: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 10 }),
        async drive(world, digits) {
          const name = digits.length >= 6 ? 'a long list' : digits.length <= 2 ? 'a short list' : undefined;
          if (name === undefined) return;
          first ??= name;
          met.add(name);
          await world.client(name, (client) => client.operation(name, null, () => undefined));
        },
        never: {
          'a long list': (world) => world.history[0]?.client === 'a long list',
          'a short list': (world) => world.history[0]?.client === 'a short list',
        },
      });
      const failure = await failureOf(explore(scenario, { seed }));
      assert.equal(failure.result.violations[0]?.name, first);
      found.add(first!);
      if (first === 'a long list') assert.ok(met.has('a short list'), 'the other failure was met on the way');
      assert.equal((failure.result.workload as number[]).length, first === 'a long list' ? 6 : 1);
    }
    assert.equal(found.size, 2, 'both kinds of failure were found first by some seed');
  });

  test('names an earlier message when the workload that sends fewer is enough', async () => {
    const scenario = defineScenario({
      name: 'the last word',
      hosts: {
        reader: daemon((host) => {
          const heard: unknown[] = [];
          host.expose({ heard });
          host.onMessage((payload) => void heard.push(payload));
        }),
        writer: daemon((host) => host.expose({ send: (word: number) => host.send('reader', word, 'word') })),
      },
      network: { latency: latency.uniform({ minMs: 1, maxMs: 40 }) },
      workload: fc.array(fc.nat(), { minLength: 1, maxLength: 9 }),
      async drive(world, words) {
        const { send } = world.host('writer').exports as { send: (word: number) => void };
        for (const i of words.keys()) {
          send(i);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
        const { heard } = world.host('reader').exports as { heard: number[] };
        assert.equal(heard.at(-1), words.length - 1);
      },
    });
    for (const seed of [1, 2, 3, 4]) {
      const { result } = await failureOf(explore(scenario, { seed }));
      assert.equal((result.workload as number[]).length, 2);
      assert.deepEqual(
        result.plan.faults.map((fault) => ({ ...fault, byMs: 0 })),
        [
          {
            kind: 'delay',
            from: 'writer',
            to: 'reader',
            message: 'datagram',
            label: 'word',
            nth: 1,
            byMs: 0,
          },
        ],
      );
    }
  });

  test('keeps an order of events that is drawn only where the failure needs it', async () => {
    const scenario = defineScenario({
      name: 'a tie',
      hosts: {
        target: daemon((host) => {
          const heard: string[] = [];
          host.expose({ heard });
          host.onMessage((payload) => void heard.push(String(payload)));
        }),
        first: daemon((host) => void setTimeout(() => host.send('target', 'first'), 10)),
        second: daemon((host) => void setTimeout(() => host.send('target', 'second'), 10)),
      },
      drive: () => new Promise((resolve) => setTimeout(resolve, 50)),
      never: {
        'second before first': (world) => (world.host('target').exports?.heard as string[])?.[0] === 'second',
      },
    });
    const { plan } = (await failureOf(explore(scenario))).result;
    assert.deepEqual(plan, { faults: [], latency: 'calm', order: 'drawn' });
  });

  test('stops at the limit of its runs with what it has', async () => {
    const scenario = defineScenario({
      name: 'always wrong',
      hosts: { idle: daemon(() => {}) },
      workload: fc.array(fc.nat(), { minLength: 5, maxLength: 50 }),
      drive: () => assert.fail('wrong'),
    });
    const progress: number[] = [];
    const onProgress = ({ shrinkRuns }: { shrinkRuns: number }): void => void progress.push(shrinkRuns);
    const { runs } = await failureOf(explore(scenario, { shrinkRunsMax: 3, onProgress }));
    assert.deepEqual(runs, { explored: 1, shrinking: 3 });
    assert.deepEqual(progress, [0, 1, 2, 3]);
  });

  test('takes datagrams that a link loses by itself for what they are: drops', async () => {
    const scenario = defineScenario({
      name: 'a lossy link',
      hosts: {
        reader: daemon((host) => {
          const shown = { count: 0 };
          host.expose(shown);
          host.onMessage(() => void shown.count++);
        }),
        writer: daemon((host) => {
          for (let i = 0; i < 20; i++) setTimeout(() => host.send('reader', i, 'word'), i);
        }),
      },
      network: { loss: 0.1 },
      drive: () => new Promise((resolve) => setTimeout(resolve, 100)),
      eventually: {
        'all arrive': { withinMs: 1, check: (world) => world.host('reader').exports?.count === 20 },
      },
    });
    const { plan } = (await failureOf(explore(scenario))).result;
    assert.deepEqual(plan.faults, [
      { kind: 'drop', from: 'writer', to: 'reader', message: 'datagram', label: 'word', nth: 1 },
    ]);
    assert.deepEqual([plan.latency, plan.order], ['calm', 'calm']);
  });
});

describe('faultPlans', { concurrency: false }, () => {
  const scenario = defineScenario({
    name: 'one of two answers is enough',
    hosts: {
      left: handler(() => () => new Response()),
      right: handler(() => () => new Response()),
    },
    network: { latency: latency.longTail({ medianMs: 2, p99Ms: 30 }) },
    faults: swarm({ drop: true, delay: true, reset: true, pause: ['left'] }),
    async drive(world) {
      await world.client('client', async (client) => {
        for (let i = 0; i < 4; i++) {
          const ask = (host: string) =>
            client.operation(host, i, () =>
              fetch(`http://${host}/${i}`, { signal: AbortSignal.timeout(5_000) }),
            );
          await Promise.all([ask('left'), ask('right')]);
        }
      });
    },
  });
  /** The user's own judgement, on the history: nothing in the scenario says what must hold. */
  const isServed = async (plan: FaultPlan): Promise<boolean> => {
    const { history, verdict } = await simulate(scenario, { seed: 3, plan });
    assert.equal(verdict, 'ok');
    const rounds = new Set(history.map(({ input }) => input));
    const isAnswered = (round: unknown): boolean =>
      history.some(({ input, type }) => input === round && type === 'ok');
    return [...rounds].every(isAnswered);
  };

  test('shrinks a user’s own fc.assert to the faults that are necessary', async () => {
    const property = fc.asyncProperty(faultPlans(scenario), isServed);
    const { failed, counterexample } = await fc.check(property, { seed: 1, numRuns: 300 });
    assert.ok(failed);
    const [plan] = counterexample!;
    assert.equal(plan.faults.length, 2, JSON.stringify(plan));
    for (const i of plan.faults.keys()) {
      assert.equal(
        await isServed({ ...plan, faults: plan.faults.toSpliced(i, 1) }),
        true,
        'each is necessary',
      );
    }
    assert.equal(await isServed(plan), false);
    assert.equal(await isServed(calmPlan), true);
  });

  test('keeps to the budget of the scenario', () => {
    for (const plan of fc.sample(faultPlans(scenario), { seed: 1, numRuns: 500 })) {
      for (const { kind } of plan.faults) assert.equal(kind, 'pause');
      for (const { kind } of plan.chances ?? []) assert.ok(['drop', 'delay', 'reset'].includes(kind));
    }
    const calm = defineScenario({ name: 'calm', hosts: { idle: daemon(() => {}) }, drive() {} });
    for (const { faults, chances = [] } of fc.sample(faultPlans(calm), 50)) {
      assert.deepEqual([faults, chances], [[], []]);
    }
  });

  test('takes plans that were written by hand as examples', async () => {
    const drop = { kind: 'drop', message: 'response', to: 'client', nth: 1 } as const;
    const faults = [0, 1, 2].flatMap((i) =>
      ['left', 'right'].map((from) => ({ ...drop, from, label: `GET /${i}` })),
    );
    const examples: [FaultPlan][] = [[{ ...calmPlan, faults }]];
    const property = fc.asyncProperty(faultPlans(scenario), isServed);
    const { counterexample } = await fc.check(property, { examples, numRuns: 1 });
    assert.equal(counterexample?.[0].faults.length, 2);
  });
});
