import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import {
  daemon,
  defineScenario,
  explore,
  handler,
  simulate,
  type Scenario,
  type ScenarioOptions,
} from '../../src/index.ts';

const require = createRequire(import.meta.url);

/** Everything that hosts see differently, and what else hangs off the same objects. */
const OBJECTS: Readonly<Record<string, object>> = {
  globalThis,
  process,
  performance,
  'Performance.prototype': Object.getPrototypeOf(performance) as object,
  Math,
  Date,
  'Date.prototype': Date.prototype,
  AbortSignal,
  Response,
  'Response.prototype': Response.prototype,
  'Request.prototype': Request.prototype,
  console,
  'process.stdout': process.stdout,
  'process.stderr': process.stderr,
  crypto,
  'Crypto.prototype': Object.getPrototypeOf(crypto) as object,
  'node:crypto': require('node:crypto') as object,
  'node:timers': require('node:timers') as object,
  'node:timers/promises': require('node:timers/promises') as object,
  'timers/promises.scheduler': (require('node:timers/promises') as { scheduler: object }).scheduler,
  'node:worker_threads': require('node:worker_threads') as object,
  'node:util': require('node:util') as object,
};

/** Properties that change by themselves. */
const RESTLESS: ReadonlySet<string> = new Set([
  'process.exitCode',
  'process._events',
  'process._eventsCount',
]);

type Picture = ReadonlyMap<string, PropertyDescriptor>;

function picture(): Picture {
  const properties = new Map<string, PropertyDescriptor>();
  for (const [name, object] of Object.entries(OBJECTS)) {
    for (const key of Reflect.ownKeys(object)) {
      const path = `${name}.${String(key)}`;
      // Some globals replace themselves when they are first read.
      if (object === globalThis) Reflect.get(object, key);
      const descriptor = Object.getOwnPropertyDescriptor(object, key);
      if (descriptor !== undefined && !RESTLESS.has(path)) properties.set(path, descriptor);
    }
  }
  return properties;
}

function assertSamePicture(before: Picture, after: Picture): void {
  assert.deepEqual([...after.keys()].toSorted(), [...before.keys()].toSorted());
  for (const [path, was] of before) {
    const is = after.get(path);
    for (const part of ['value', 'get', 'set', 'writable', 'enumerable', 'configurable'] as const) {
      assert.ok(Object.is(is?.[part], was[part]), `${path} has another ${part} than before`);
    }
  }
}

/** What is open in the process; requests of the test runner itself come and go. */
function handles(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => !/Req|ConnectWrap/.test(name))
    .toSorted();
}

/** What is there now and was not before: an immediate of the test runner may have run in between. */
function added(before: readonly string[], after: readonly string[]): string[] {
  const rest = [...before];
  return after.filter((name) => {
    const at = rest.indexOf(name);
    if (at !== -1) rest.splice(at, 1);
    return at === -1;
  });
}

function listeners(): Record<string, number> {
  return Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
}

const hanging = { limits: { hangMs: 300 } };
const ok = handler(() => () => new Response('ok'));
const get = async (): Promise<void> => void (await fetch('http://api/'));

function scenarioOf(options: Partial<ScenarioOptions<undefined>>): Scenario<undefined> {
  return defineScenario({
    name: 'restored',
    hosts: { api: ok },
    drive: (world) => world.client('c', get),
    ...options,
  });
}

const endless = async (): Promise<never> => {
  for (;;) await null;
};

/** A run that ends in each way there is. */
const ENDINGS: Readonly<Record<string, Scenario<undefined>>> = {
  passes: scenarioOf({}),
  'throws in drive': scenarioOf({ drive: () => Promise.reject(new Error('drive')) }),
  'throws in drive at once': scenarioOf({
    drive: () => {
      throw new Error('drive');
    },
  }),
  'uses wavetank wrongly': scenarioOf({ drive: (world) => void world.host('nobody') }),
  'throws in a client': scenarioOf({ drive: (world) => world.client('c', () => assert.fail('client')) }),
  'throws in a handler': scenarioOf({
    hosts: {
      api: handler(() => () => {
        throw new Error('handler');
      }),
    },
  }),
  'throws at boot': scenarioOf({
    hosts: {
      api: handler(() => {
        throw new Error('boot');
      }),
    },
  }),
  'throws in a timer': scenarioOf({
    hosts: {
      api: daemon(() => {
        setTimeout(() => {
          throw new Error('timer');
        }, 1);
      }),
    },
    drive: () => new Promise((resolve) => setTimeout(resolve, 10)),
  }),
  'throws in a tick': scenarioOf({
    hosts: {
      api: daemon(() => {
        process.nextTick(() => {
          throw new Error('tick');
        });
      }),
    },
  }),
  'throws in a microtask': scenarioOf({
    hosts: {
      api: daemon(() => {
        queueMicrotask(() => {
          throw new Error('microtask');
        });
      }),
    },
  }),
  'rejects unhandled': scenarioOf({
    hosts: { api: daemon(() => void Promise.reject(new Error('rejection'))) },
  }),
  'breaks an invariant': scenarioOf({ always: { 'nothing holds': () => false } }),
  'has a check that throws': scenarioOf({
    always: {
      broken: () => {
        throw new Error('check');
      },
    },
  }),
  'never comes true': scenarioOf({ eventually: { never: { withinMs: 10, check: () => false } } }),
  'never ends': scenarioOf({ drive: () => new Promise(() => {}) }),
  'ends in a livelock': scenarioOf({
    hosts: {
      api: daemon(() => {
        const { port1, port2 } = new MessageChannel();
        port1.on('message', () => port1.postMessage(1));
        port2.on('message', () => port2.postMessage(2));
        port1.postMessage(0);
      }),
    },
    drive: () => new Promise((resolve) => setTimeout(resolve, 1_000)),
    limits: { stepsMax: 2_000 },
  }),
  'loops for ever': scenarioOf({
    ...hanging,
    hosts: {
      api: handler(() => () => {
        for (;;);
      }),
    },
  }),
  'awaits for ever': scenarioOf({ ...hanging, hosts: { api: handler(() => endless) } }),
  'ticks for ever': scenarioOf({
    limits: { ticksPerStepMax: 1_000 },
    hosts: {
      api: daemon(() => {
        const again = (): void => {
          process.nextTick(again);
        };
        again();
      }),
    },
  }),
  'leaves timers, requests and messages behind': scenarioOf({
    hosts: {
      api: daemon((host) => {
        setInterval(() => host.send('api', 'again'), 1);
        host.onMessage(() => {});
      }),
    },
    drive: (world) => {
      void world.client('c', get).catch(() => {});
      setTimeout(() => {}, 1e9);
    },
  }),
};

for (const [ending, scenario] of Object.entries(ENDINGS)) {
  test(`everything is as it was after a run that ${ending}`, async () => {
    // What loading modules began is over then.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = picture();
    const listenersBefore = listeners();
    const handlesBefore = handles();
    const first = await simulate(scenario, { seed: 7 }).catch((error: unknown) => error);
    assertSamePicture(before, picture());
    assert.deepEqual(listeners(), listenersBefore);
    assert.deepEqual(added(handlesBefore, handles()), []);
    // Nothing of it is left in wavetank either: the next run is sound, and this one can be made again.
    assert.equal((await simulate(ENDINGS['passes'] ?? scenario, { seed: 7 })).verdict, 'ok');
    const second = await simulate(scenario, { seed: 7 }).catch((error: unknown) => error);
    const hashes = [first, second].map((each) => (each as { hash?: string }).hash ?? String(each));
    assert.equal(hashes[0], hashes[1]);
  });
}

test('a real timer of the test fires in real time while a simulation runs', async () => {
  const busy = scenarioOf({
    hosts: { api: daemon(() => void setInterval(() => {}, 1)) },
    drive: () => new Promise((resolve) => setTimeout(resolve, 900_000)),
    stormMs: 1_000_000,
  });
  let isRunning = true;
  const run = simulate(busy).finally(() => (isRunning = false));
  const seenWhileRunning = await new Promise<boolean>((resolve) => setTimeout(() => resolve(isRunning), 30));
  assert.ok(seenWhileRunning, 'the timer fires before the long run is over');
  assert.equal((await run).verdict, 'ok');
});

test('an exploration that fails restores everything too', async () => {
  const before = picture();
  await assert.rejects(explore(scenarioOf({ always: { 'nothing holds': () => false } }), { runs: 3 }));
  assertSamePicture(before, picture());
});
