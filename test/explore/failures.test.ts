// What `explore` finds besides broken promises: checks that break, runs that never end, code that never
// comes back, and runs that do not repeat themselves. Each says what it is, and how to see it again.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  CheckFailure,
  DivergenceError,
  daemon,
  defineScenario,
  explore,
  handler,
  replay,
  simulate,
  type Scenario,
  type ScenarioOptions,
  type ViolationCode,
} from '../../src/index.ts';

const echo = handler(() => () => new Response('hello'));

function scenarioOf(options: Partial<ScenarioOptions<undefined>>): Scenario<undefined> {
  return defineScenario({ name: 'failing', hosts: { echo }, drive() {}, ...options });
}

async function failureOf<Workload>(scenario: Scenario<Workload>, runs = 100): Promise<CheckFailure> {
  const error: unknown = await explore(scenario, { runs }).catch((reason: unknown) => reason);
  assert.ok(error instanceof CheckFailure, String(error));
  return error;
}

const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
const ask = async (): Promise<void> => void (await fetch('http://echo/'));

interface Case {
  readonly title: string;
  readonly code: ViolationCode;
  readonly name: string;
  readonly message: RegExp;
  readonly options: Partial<ScenarioOptions<undefined>>;
}

const cases: Case[] = [
  {
    title: 'a check that breaks',
    code: 'WT_CHECK_THREW',
    name: 'broken',
    message: /the check `broken` itself failed: TypeError: .*undefined/,
    options: { always: { broken: () => (undefined as unknown as string[]).length === 0 } },
  },
  {
    title: 'a check that answers with a promise',
    code: 'WT_CHECK_THREW',
    name: 'late',
    message: /checks are synchronous/,
    options: { always: { late: (() => Promise.resolve(true)) as unknown as () => boolean } },
  },
  {
    title: 'a driver that waits for what never comes',
    code: 'WT_DEADLOCK',
    name: 'deadlock',
    message: /nothing is left to happen, but drive\(\) has not ended \(deadlock\)/,
    options: { drive: () => new Promise(() => {}) },
  },
  {
    title: 'a client that is never answered',
    code: 'WT_VIRTUAL_TIME',
    name: 'virtual time',
    message: /did not end within .* of virtual time/,
    options: {
      hosts: { echo: handler(() => () => new Promise<Response>(() => {})) },
      async drive(world) {
        for (;;) await world.client('client', (client) => client.operation('ask', null, ask));
      },
    },
  },
  {
    title: 'a driver that waits while a host keeps busy',
    code: 'WT_VIRTUAL_TIME',
    name: 'virtual time',
    message:
      /Queued:\n {2}timer of 60000 ms on echo, due .*, scheduled at test\/explore\/failures\.test\.ts:/,
    options: {
      hosts: { echo: daemon(() => void setInterval(() => {}, 60_000)) },
      drive: () => new Promise(() => {}),
    },
  },
  {
    title: 'a loop of microtasks without end',
    code: 'WT_HANG',
    name: 'echo',
    message:
      /host `echo` did not give the thread back within 300 ms of real time after "GET \/ #1 from driver"/,
    options: {
      hosts: {
        echo: handler(() => async () => {
          for (;;) await null;
        }),
      },
      drive: ask,
      limits: { hangMs: 300 },
    },
  },
  {
    title: 'a loop without end',
    code: 'WT_HANG',
    name: 'echo',
    message: /host `echo` did not give the thread back within 300 ms of real time/,
    options: {
      hosts: {
        echo: handler(() => () => {
          for (;;);
        }),
      },
      drive: ask,
      limits: { hangMs: 300 },
    },
  },
  {
    title: 'a loop of ticks without end',
    code: 'WT_HANG',
    name: 'echo',
    message: /host `echo` called process\.nextTick more than 1000 times in one step/,
    options: {
      hosts: {
        echo: handler(() => () => {
          const again = (): void => process.nextTick(again);
          again();
          return new Response();
        }),
      },
      drive: ask,
      limits: { ticksPerStepMax: 1_000 },
    },
  },
  {
    title: 'an error nobody handles',
    code: 'WT_UNCAUGHT',
    name: 'echo',
    message: /host `echo` crashed of an uncaught exception: Error: out of luck\n {4}at .*failures\.test\.ts/,
    options: {
      hosts: {
        echo: daemon(() => {
          setTimeout(() => {
            throw new Error('out of luck');
          }, 5);
        }),
      },
      drive: () => wait(10),
    },
  },
  {
    title: 'a driver that throws',
    code: 'WT_DRIVE_THREW',
    name: 'drive',
    message: /the scenario's own code threw TypeError: no such thing/,
    options: {
      drive() {
        throw new TypeError('no such thing');
      },
    },
  },
];

for (const { title, code, name, message, options } of cases) {
  test(`explore finds ${title}, and says with which seed`, async () => {
    const scenario = scenarioOf(options);
    const failure = await failureOf(scenario);
    const [violation] = failure.result.violations;
    assert.deepEqual([violation?.code, violation?.name], [code, name]);
    assert.equal(failure.name, `CheckFailure [${code}]`);
    assert.equal(failure.code, code);
    assert.match(failure.message, message);
    assert.match(failure.message, new RegExp(`seed ${failure.result.seed}\\b`));
    const { seed, plan } = failure.result;
    const again = await simulate(scenario, { seed, plan });
    assert.equal(again.violations[0]?.code, code);
    assert.equal(again.hash, failure.result.hash);
    await assert.rejects(replay(scenario, failure.token), { code });
  });
}

test('explore keeps what was thrown as the cause of the failure', async () => {
  const thrown = new RangeError('mine');
  const failure = await failureOf(
    scenarioOf({
      drive() {
        throw thrown;
      },
    }),
  );
  assert.equal(failure.cause, thrown);
});

test('explore reports a failure whose workload no token can carry, and how to see it again', async () => {
  const scenario = defineScenario({
    name: 'with functions',
    hosts: { echo },
    workload: fc.func(fc.nat()),
    drive: (_, give) => assert.ok(give('x') % 3 > 0, 'a multiple of three'),
  });
  const failure = await failureOf(scenario);
  assert.equal(failure.token, '');
  assert.match(
    failure.message,
    /no token: a replay token cannot carry a function; exploring again finds it again/,
  );
  const line = /^await explore\(scenario, \{ seed: 1, runs: (\d+) \}\)$/.exec(failure.replayLine);
  await assert.rejects(explore(scenario, { seed: 1, runs: Number(line?.[1]) }), { message: failure.message });
});

describe('explore notices runs that do not repeat themselves:', { concurrency: false }, () => {
  async function divergenceOf(scenario: Scenario<undefined>, runs = 100): Promise<DivergenceError> {
    const error: unknown = await explore(scenario, { runs }).catch((reason: unknown) => reason);
    assert.ok(error instanceof DivergenceError, String(error));
    assert.equal(error.code, 'WT_DIVERGED');
    return error;
  }

  test('a counter in a module', async () => {
    let count = 0;
    const error = await divergenceOf(scenarioOf({ drive: () => wait(++count) }));
    assert.match(error.message, /First: {2}timer of 1 ms on driver at 1\.\d ms/);
    assert.match(error.message, /Second: timer of 2 ms on driver at 2\.\d ms/);
    assert.match(error.message, /state in a module that outlives a run/);
  });

  test('a cache in a module, which makes only the first run another', async () => {
    let isWarm = false;
    const error = await divergenceOf(
      scenarioOf({
        async drive() {
          if (!isWarm) await wait(30);
          isWarm = true;
          await wait(3);
        },
      }),
    );
    assert.match(error.message, /First: {2}timer of 30 ms on driver.*\n {2}Second: timer of 3 ms on driver/);
  });

  test('a message with another content, where the events read the same', async () => {
    let count = 0;
    const error = await divergenceOf(
      scenarioOf({
        async drive() {
          await fetch('http://echo/', { method: 'POST', body: `run ${++count}` });
        },
      }),
    );
    assert.match(error.message, /the same event with another content/);
  });

  test('a slow drift, which is seen when a later run is repeated', async () => {
    let count = 0;
    const error = await divergenceOf(scenarioOf({ drive: () => wait(++count > 10 ? count : 1) }));
    assert.match(error.message, /First: {2}timer of \d+ ms on driver at/);
    assert.ok(count > 10);
  });

  test('a failure that only one run in many has, which is no counterexample', async () => {
    let count = 0;
    const error = await divergenceOf(
      scenarioOf({
        drive() {
          assert.notEqual(++count, 8);
        },
      }),
    );
    assert.match(error.message, /differ: trace \w+ \(illegal, \d+ steps\), then \w+ \(ok, \d+ steps\)/);
  });
});
