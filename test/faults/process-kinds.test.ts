// What the faults of processes do, each by itself, to a host whose every event is seen.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import { calmPlan, type Fault } from '../../src/faults/fault.ts';
import { daemon, handler, type HostDefinition } from '../../src/host/definition.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import type { RunResult } from '../../src/scenario/result.ts';
import { asGuest, driven, outcomeOf, sleep } from '../scenario/driven.ts';

function changesOf({ trace = [] }: RunResult, host = 'server'): [atMs: number, change: string][] {
  return trace.flatMap((entry) =>
    entry.kind === 'host' && entry.host === host ? [[entry.atUs / 1000, entry.change]] : [],
  );
}

/** When timers of 10 ms, 20 ms and so on ran, and what else a host does, under a plan. */
async function timesOf(faults: readonly Fault[], delaysMs: readonly number[]) {
  const ran: [delayMs: number, atMs: number][] = [];
  const server = daemon(() => {
    const began = performance.now();
    for (const ms of delaysMs) setTimeout(() => ran.push([ms, performance.now() - began]), ms);
  });
  const { result } = await driven({ hosts: { server } }, () => sleep(2_000), {
    plan: { ...calmPlan, faults },
    record: true,
  });
  return { ran, result };
}

describe('crashLoop', () => {
  test('takes the host down again after each boot, also while it boots', async () => {
    const slowToBoot = handler(async () => {
      await sleep(50);
      return () => new Response('hello');
    });
    const loop: Fault = { kind: 'crashLoop', host: 'server', atMs: 10, times: 3, upMs: 20, downMs: 100 };
    const { result } = await driven({ hosts: { server: slowToBoot } }, () => sleep(1_000), {
      plan: { ...calmPlan, faults: [{ ...loop, atMs: 60 }] },
      record: true,
    });
    assert.deepEqual(changesOf(result), [
      [50, 'booted'],
      [60, 'crashed'],
      [180, 'crashed'],
      [300, 'crashed'],
      [450, 'booted'],
    ]);
    assert.equal(result.ledger.length, 1);
  });
});

describe('crashTogether', () => {
  test('takes all of its hosts down at the same moment, and strikes once', async () => {
    const server = handler(() => () => new Response('hello'));
    const crash: Fault = { kind: 'crashTogether', hosts: ['server', 'other'], atMs: 10, downMs: 5 };
    const { result } = await driven({ hosts: { server, other: server } }, () => sleep(100), {
      plan: { ...calmPlan, faults: [crash] },
      record: true,
    });
    const down = [
      [0, 'booted'],
      [10, 'crashed'],
      [15, 'booted'],
    ];
    assert.deepEqual(changesOf(result), down);
    assert.deepEqual(changesOf(result, 'other'), down);
    assert.deepEqual(result.ledger, [crash]);
  });
});

describe('upgrade', () => {
  const version = (name: string): HostDefinition =>
    handler((host) => {
      const boots = [...((host.disk.get('boots') as string[] | undefined) ?? []), name];
      host.disk.put('boots', boots);
      host.disk.sync();
      host.onStop(() => sleep(10));
      return () => new Response(boots.join());
    });
  const versions = { server: [version('v1'), version('v2')] };
  const ask = async (): Promise<string> => (await fetch('http://server/')).text();

  async function asked(faults: readonly Fault[], atMs: readonly number[]) {
    return asGuest(
      { hosts: {}, versions },
      async (world) => {
        const answers: string[] = [];
        for (const each of atMs) {
          await sleep(each - world.nowMs);
          answers.push(await outcomeOf(ask()));
        }
        return answers;
      },
      { plan: { ...calmPlan, faults }, record: true },
    );
  }

  test('ends the host gracefully and boots the other version on the same disk, and back again', async () => {
    const faults: Fault[] = [
      { kind: 'upgrade', host: 'server', to: 1, atMs: 10, downMs: 5 },
      { kind: 'upgrade', host: 'server', to: 0, atMs: 60, downMs: 5 },
    ];
    const { value, result } = await asked(faults, [5, 50, 100]);
    assert.deepEqual(value, ['ok v1', 'ok v1,v2', 'ok v1,v2,v1']);
    assert.deepEqual(changesOf(result).slice(1, 4), [
      [10, 'stopping'],
      [20, 'stopped'],
      [25, 'booted'],
    ]);
    assert.deepEqual(result.ledger, faults);
  });

  test('keeps the version over a crash', async () => {
    const faults: Fault[] = [
      { kind: 'upgrade', host: 'server', to: 1, atMs: 10, downMs: 5 },
      { kind: 'crash', host: 'server', atMs: 40, downMs: 5 },
    ];
    assert.deepEqual((await asked(faults, [100])).value, ['ok v1,v2,v2']);
  });

  test('strikes nothing where that version runs already, or is none, or the host is down', async () => {
    const crash: Fault = { kind: 'crash', host: 'server', atMs: 20, downMs: 50 };
    const faults: Fault[] = [
      { kind: 'upgrade', host: 'server', to: 0, atMs: 10, downMs: 5 },
      { kind: 'upgrade', host: 'server', to: 7, atMs: 10, downMs: 5 },
      crash,
      { kind: 'upgrade', host: 'server', to: 1, atMs: 30, downMs: 5 },
    ];
    const { value, result } = await asked(faults, [100]);
    assert.deepEqual(value, ['ok v1,v1']);
    assert.deepEqual(result.ledger, [crash]);
  });

  test('a scenario can boot another version by hand', async () => {
    const { value } = await asGuest({ hosts: {}, versions }, async (world) => {
      await world.host('server').restart({ version: 1 });
      assert.throws(() => world.host('server').restart({ version: 2 }), /version/);
      return [await outcomeOf(ask()), world.host('server').version];
    });
    assert.deepEqual(value, ['ok v1,v2', 1]);
  });
});

describe('slowHost', () => {
  test('lets events run one after the other, each by its turn later', async () => {
    const slow: Fault = { kind: 'slowHost', host: 'server', atMs: 15, factor: 100, forMs: 1_000 };
    const { ran, result } = await timesOf([slow], [10, 20, 20, 21, 500]);
    assert.deepEqual(ran, [
      [10, 10],
      [20, 30],
      [20, 40],
      [21, 50],
      [500, 510],
    ]);
    assert.deepEqual(result.ledger, [slow]);
  });

  test('is not in the ledger if nothing came due, and lets go of what waits when it ends', async () => {
    const slow: Fault = { kind: 'slowHost', host: 'server', atMs: 15, factor: 1_000, forMs: 50 };
    const { ran, result } = await timesOf([slow], [20, 21, 22]);
    assert.deepEqual(ran, [
      [20, 65],
      [21, 65],
      [22, 65],
    ]);
    assert.equal(result.ledger.length, 1);
    assert.deepEqual((await timesOf([slow], [10, 100])).result.ledger, []);
  });

  test('a timer that is cleared while it waits for its turn does not run', async () => {
    const slow: Fault = { kind: 'slowHost', host: 'server', atMs: 1, factor: 100, forMs: 1_000 };
    const ran: string[] = [];
    const server = daemon(() => {
      const second = setTimeout(() => ran.push('second'), 11);
      setTimeout(() => {
        ran.push('first');
        clearTimeout(second);
      }, 10);
      setTimeout(() => ran.push('third'), 12);
    });
    await driven({ hosts: { server } }, () => sleep(500), { plan: { ...calmPlan, faults: [slow] } });
    assert.deepEqual(ran, ['first', 'third']);
  });

  test('an immediate still comes before a timer that is due already', async () => {
    const slow: Fault = { kind: 'slowHost', host: 'server', atMs: 1, factor: 100, forMs: 1_000 };
    const ran: string[] = [];
    const server = daemon(() => {
      setTimeout(() => setImmediate(() => ran.push('immediate')), 10);
      setTimeout(() => ran.push('timer'), 11);
    });
    await driven({ hosts: { server } }, () => sleep(500), { plan: { ...calmPlan, faults: [slow] } });
    assert.deepEqual(ran, ['immediate', 'timer']);
  });

  test('what waits on a host that is paused meanwhile runs in the order in which it came due', async () => {
    const faults: Fault[] = [
      { kind: 'slowHost', host: 'server', atMs: 1, factor: 100, forMs: 1_000 },
      { kind: 'pause', host: 'server', atMs: 15, forMs: 100 },
    ];
    const { ran } = await timesOf(faults, [10, 11, 12, 13, 30, 115]);
    assert.deepEqual(
      ran.map(([ms]) => ms),
      [10, 11, 12, 13, 30, 115],
    );
  });

  test('threads take as many times longer', async () => {
    const server = daemon(async (host) => {
      const began = performance.now();
      await fs.promises.readdir('/');
      host.expose({ took: performance.now() - began });
    });
    const took = async (faults: Fault[]): Promise<unknown> => {
      const { value } = await asGuest(
        { hosts: { server } },
        async (world) => {
          await sleep(200);
          return world.host('server').exports?.['took'];
        },
        { plan: { ...calmPlan, faults } },
      );
      return value;
    };
    assert.equal(await took([]), 0.03);
    const slow: Fault = { kind: 'slowHost', host: 'server', atMs: 0, factor: 100, forMs: 1_000 };
    // The boot takes a turn, the thread 3 ms, and what it calls back another turn.
    assert.equal(await took([slow]), 13);
  });
});

describe('loopLag', () => {
  test('delays events by no more than it says, together, and in their order', async () => {
    const lag: Fault = { kind: 'loopLag', host: 'server', atMs: 0.5, lagMs: 50, forMs: 1_500 };
    const delays = Array.from({ length: 100 }, (_, i) => 1 + 7 * i);
    const { ran, result } = await timesOf([lag], delays);
    assert.deepEqual(
      ran.map(([ms]) => ms),
      delays,
    );
    assert.ok(ran.every(([ms, atMs]) => atMs >= ms && atMs <= ms + 50));
    assert.ok(new Set(ran.map(([, atMs]) => atMs)).size < delays.length - 5, 'some run at once');
    assert.ok(ran.some(([ms, atMs]) => atMs - ms > 20));
    assert.deepEqual(result.ledger, [lag]);
  });
});

test('what came due on a paused host runs before what comes due when it is resumed', async () => {
  const ran: number[] = [];
  const server = daemon(() => {
    setTimeout(() => setTimeout(() => ran.push(20), 19), 1);
    for (const ms of [11, 10]) setTimeout(() => ran.push(ms), ms);
  });
  await driven({ hosts: { server } }, async (world) => {
    const resumed = sleep(20).then(() => world.host('server').resume());
    await sleep(5);
    world.host('server').pause();
    await resumed;
    await sleep(100);
  });
  assert.deepEqual(ran, [10, 11, 20]);
});

test('plans of these kinds are checked', () => {
  const refused: [fault: Record<string, unknown>, message: RegExp][] = [
    [{ kind: 'crashLoop', host: 'a', upMs: 1, downMs: 1, times: 1 }, /times.*from 2 to 100, got `1`/],
    [{ kind: 'crashTogether', hosts: ['a'], downMs: 1 }, /two or more different hosts/],
    [{ kind: 'crashTogether', hosts: ['a', 'x'], downMs: 1 }, /unknown host "x"/],
    [{ kind: 'upgrade', host: 'a', to: -1, downMs: 1 }, /the number of a version/],
    [{ kind: 'slowHost', host: 'a', factor: 1.5, forMs: 1 }, /factor.*an integer from 2/],
    [{ kind: 'loopLag', host: 'a', lagMs: 0, forMs: 1 }, /greater than 0, got `0`/],
    [{ kind: 'descriptors', host: 'a' }, /forMs/],
    [{ kind: 'memory', host: 'a', openMax: '3', downMs: 1, forMs: 1 }, /openMax.*an integer >= 0/],
  ];
  for (const [fault, message] of refused) {
    assert.throws(() => checkPlan({ ...calmPlan, faults: [{ atMs: 0, ...fault }] }, ['a', 'b']), message);
  }
});
