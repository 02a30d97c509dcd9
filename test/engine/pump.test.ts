import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acquireAmbient } from '../../src/ambient/install.ts';
import { realPumpHost } from '../../src/ambient/shared-pump.ts';
import { Pump, type Pumped } from '../../src/engine/pump.ts';
import { calmPlan } from '../../src/faults/fault.ts';
import { latency } from '../../src/network/latency.ts';
import type { RunResult } from '../../src/scenario/result.ts';
import { Run } from '../../src/scenario/run.ts';
import { driven, scenarioOf, serving, sleep } from '../scenario/driven.ts';

/** A run of nothing but a number of steps. */
class PlainRun implements Pumped {
  readonly hangMs = 1_000;
  readonly log: string[] = [];
  readonly #act: (step: number) => void;
  readonly #onDone: () => void;
  #left: number;

  constructor(steps: number, act: (step: number) => void, onDone: () => void) {
    this.#left = steps;
    this.#act = act;
    this.#onDone = onDone;
  }

  step(): boolean {
    if (this.#left === 0) return false;
    this.#act(this.#left--);
    return true;
  }

  settled(): void {
    this.log.push('settled');
  }

  hung(): void {
    this.log.push('hung');
  }

  done(): void {
    this.#onDone();
  }

  broken(error: unknown): never {
    throw error;
  }
}

function pumped(pump: Pump, steps: number, act: (step: number) => void): Promise<PlainRun> {
  return new Promise((resolve) => {
    const run: PlainRun = new PlainRun(steps, act, () => resolve(run));
    pump.add(run);
  });
}

for (const quiescence of ['probe', 'macrotask'] as const) {
  test(`a run that needs turns of the event loop gets them after each event (${quiescence})`, async () => {
    const pump = new Pump(realPumpHost(), { quiescence });
    const log: string[] = [];
    const later = (turns: number, step: number): void => {
      if (turns === 0) log.push(`turned ${step}`);
      else setImmediate(() => later(turns - 1, step));
    };
    await new Promise<void>((resolve) => {
      const run: Pumped = Object.assign(
        new PlainRun(
          3,
          (step) => {
            log.push(`step ${step}`);
            later(4, step);
          },
          resolve,
        ),
        { loopTurns: 4 },
      );
      pump.add(run);
    });
    assert.deepEqual(log, ['step 3', 'turned 3', 'step 2', 'turned 2', 'step 1', 'turned 1']);
  });

  test(`what such a turn throws is told to the run (${quiescence})`, async () => {
    const pump = new Pump(realPumpHost(), { quiescence });
    const thrown: unknown[] = [];
    await new Promise<void>((resolve) => {
      const act = (): void => {
        setImmediate(() => {
          throw new Error('thrown in a turn');
        });
      };
      const threw = (error: unknown): void => void thrown.push((error as Error).message);
      pump.add(Object.assign(new PlainRun(1, act, resolve), { loopTurns: 2, threw }));
    });
    assert.deepEqual(thrown, ['thrown in a turn']);
  });

  test(`everything an event causes has run before the next one (${quiescence})`, async () => {
    const pump = new Pump(realPumpHost(), { quiescence });
    const log: string[] = [];
    const chain = async (step: number): Promise<void> => {
      for (let i = 0; i < 60; i++) await null;
      await new Promise<void>((resolve) => process.nextTick(resolve));
      log.push(`end of ${step}`);
    };
    await pumped(pump, 3, (step) => {
      log.push(`step ${step}`);
      void chain(step);
    });
    assert.deepEqual(log, ['step 3', 'end of 3', 'step 2', 'end of 2', 'step 1', 'end of 1']);
  });

  test(`runs that are queued together are driven one after another (${quiescence})`, async () => {
    const pump = new Pump(realPumpHost(), { quiescence });
    const log: string[] = [];
    await Promise.all([
      pumped(pump, 2, (step) => log.push(`first ${step}`)),
      pumped(pump, 2, (step) => log.push(`second ${step}`)),
    ]);
    assert.deepEqual(log, ['first 2', 'first 1', 'second 2', 'second 1']);
  });

  test(`what waits for a run may queue the next one (${quiescence})`, async () => {
    const pump = new Pump(realPumpHost(), { quiescence });
    const log: number[] = [];
    for (let i = 0; i < 20; i++) await pumped(pump, 2, (step) => log.push(step));
    assert.equal(log.length, 40);
  });

  test(`the process breathes while a long run is driven (${quiescence})`, async () => {
    const pump = new Pump(realPumpHost(), { quiescence });
    let isBreathing = false;
    setTimeout(() => (isBreathing = true), 1);
    let steps = 0;
    // Ends only because the timer of the process outside fired: the run itself never waits for it.
    await new Promise<void>((resolve, reject) => {
      const endless: Pumped = {
        hangMs: 10_000,
        step: () => ++steps > 0 && !isBreathing,
        settled: () => {},
        hung: () => assert.fail('the guard struck a run that gives the thread back'),
        done: resolve,
        broken: reject,
      };
      pump.add(endless);
    });
    assert.ok(isBreathing && steps > 0);
  });
}

const scenario = scenarioOf(
  {
    hosts: {
      front: serving(async () => {
        await sleep(Math.floor(Math.random() * 20));
        return fetch('http://back/');
      }),
      back: serving(async () => {
        for (let i = 0; i < 10; i++) await null;
        process.nextTick(() => {});
        return Response.json({ at: Date.now() });
      }),
    },
    network: { latency: latency.uniform({ minMs: 1, maxMs: 9 }) },
  },
  async (world) => {
    const shop = async (name: string): Promise<void> => {
      await world.client(name, (client) =>
        client.operation('ask', null, async () => (await fetch('http://front/')).json()),
      );
    };
    await Promise.all(['a', 'b', 'c'].map(shop));
  },
);

function runIn(pump: Pump, seed: number): Promise<RunResult> {
  const plan = { ...calmPlan, latency: 'drawn', order: 'drawn' } as const;
  return new Promise((resolve, reject) => {
    pump.add(new Run({ scenario, seed, workload: undefined, plan, isRecorded: false }, { resolve, reject }));
  });
}

test('a scenario has the same hash and history with both ways of draining, guarded or not', async () => {
  const release = acquireAmbient();
  try {
    const host = realPumpHost();
    const pumps = [
      new Pump(host),
      new Pump(host, { isGuarded: () => false }),
      new Pump(host, { quiescence: 'macrotask' }),
    ];
    for (let seed = 0; seed < 5; seed++) {
      const results: RunResult[] = [];
      for (const pump of pumps) results.push(await runIn(pump, seed));
      const [first] = results;
      assert.equal(first?.verdict, 'ok');
      assert.equal(first.history.length, 3);
      for (const { hash, history, steps } of results) {
        assert.deepEqual(
          { hash, history, steps },
          { hash: first.hash, history: first.history, steps: first.steps },
        );
      }
    }
  } finally {
    release();
  }
});

// Code that never comes back.

const ENDLESS: Record<string, () => unknown> = {
  'an endless loop': () => {
    for (;;);
  },
  'an endless loop after an await': async () => {
    await null;
    for (;;);
  },
  'an endless loop in a timer': async () => {
    setTimeout(() => {
      for (;;);
    }, 5);
    await sleep(100);
  },
  'an endless loop in a tick': async () => {
    process.nextTick(() => {
      for (;;);
    });
    await sleep(100);
  },
  'an endless chain of microtasks': async () => {
    for (;;) await null;
  },
  'an endless chain of queueMicrotask': async () => {
    const again = (): void => queueMicrotask(again);
    again();
    await sleep(100);
  },
  'an endless chain of ticks': async () => {
    const again = (): void => process.nextTick(again);
    again();
    await sleep(100);
  },
};

for (const [name, endless] of Object.entries(ENDLESS)) {
  test(`${name} in a handler is stopped and attributed, and the next run is sound`, async () => {
    const before = await soundRun();
    const { result } = await driven(
      {
        hosts: {
          server: serving(async () => {
            await endless();
            return new Response('never');
          }),
        },
        limits: { hangMs: 300, ticksPerStepMax: 10_000 },
      },
      (world) => world.client('guest', () => fetch('http://server/')),
      { seed: 8417, mayFail: true },
    );
    const [violation] = result.violations;
    assert.equal(result.seed, 8417);
    assert.deepEqual(
      { code: violation?.code, name: violation?.name, host: violation?.host },
      { code: 'WT_HANG', name: 'server', host: 'server' },
    );
    assert.match(
      violation?.message ?? '',
      /host `server` (did not give the thread back|called process.nextTick more than)/,
    );
    const after = await soundRun();
    assert.equal(after.hash, before.hash);
    assert.deepEqual(after.history, before.history);
  });
}

async function soundRun(): Promise<RunResult> {
  const { result } = await driven(
    { hosts: { server: serving(async () => (await sleep(3), new Response(String(Math.random())))) } },
    (world) =>
      world.client('guest', (client) =>
        client.operation('ask', null, async () => (await fetch('http://server/')).text()),
      ),
  );
  return result;
}

test('a run that throws is given up, and the next one goes on', async () => {
  const pump = new Pump(realPumpHost());
  const failure = await new Promise((resolve) => {
    const throwing: Pumped = {
      hangMs: 1_000,
      step: () => {
        throw new Error('of the run itself');
      },
      settled: () => {},
      hung: () => {},
      done: () => resolve('done'),
      broken: resolve,
    };
    pump.add(throwing);
  });
  assert.ok(failure instanceof Error && failure.message === 'of the run itself');
  assert.equal((await pumped(pump, 2, () => {})).log.length, 2);
});

/** What a pump tells a run whose only step keeps the thread for longer than it may, each time it is made. */
async function toldAfter(keepThread: (times: number) => void): Promise<string[]> {
  const calls: string[] = [];
  await new Promise<void>((resolve) => {
    let run = new PlainRun(0, () => {}, resolve);
    const step = (): boolean => run.step();
    const begin = (): void => {
      run = new PlainRun(1, () => keepThread(calls.length), resolve);
    };
    begin();
    const again = (): void => {
      calls.push('again');
      begin();
    };
    const hung = (): void => void calls.push('hung');
    new Pump(realPumpHost()).add({
      hangMs: 100,
      step,
      again,
      hung,
      settled() {},
      done: resolve,
      broken() {},
    });
  });
  return calls;
}

test('a run that other programs starved of the processor is made again; one that hung is not', async () => {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const starved = await toldAfter((times) => {
    // Keeps the thread and uses no processor, as if others had it.
    if (times === 0) Atomics.wait(cell, 0, 0, 400);
  });
  assert.deepEqual(starved, ['again']);
  const endless = await toldAfter(() => {
    for (;;) cell[0] = 1;
  });
  // On a busy machine it may have been starved, too, but not for ever.
  assert.equal(endless.at(-1), 'hung');
});

test('a run that is over just when its time is lasts, and what comes after it is made', async () => {
  const pump = new Pump(realPumpHost());
  let isLate = false;
  const made = new Promise((resolve) => {
    const done = (): void => {
      resolve('done');
      // Native code that is not stopped: the time is over when it comes back, and so is the run.
      const length = Number.MAX_SAFE_INTEGER;
      isLate = !Array.prototype.includes.call({ length }, 1, length - 500_000);
    };
    const over = { hangMs: 1, step: () => false, settled() {}, hung: () => resolve('hung'), broken: resolve };
    pump.add({ ...over, done });
  });
  assert.equal(await made, 'done');
  assert.ok(isLate);
  assert.equal((await pumped(pump, 2, () => {})).log.length, 2);
});

test('a run that never comes to its end once it is over hung', async () => {
  const pump = new Pump(realPumpHost());
  const calls: string[] = [];
  const outcome = await new Promise((resolve) => {
    const done = (): void => {
      calls.push('done');
      if (calls.includes('hung')) return resolve('done');
      for (;;);
    };
    const hung = (): void => void calls.push('hung');
    pump.add({ hangMs: 100, step: () => false, settled() {}, hung, done, broken: resolve });
  });
  assert.equal(outcome, 'done');
  assert.deepEqual(calls, ['done', 'hung', 'done']);
  assert.equal((await pumped(pump, 2, () => {})).log.length, 2);
});
