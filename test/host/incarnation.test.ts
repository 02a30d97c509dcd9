// What ends an incarnation, and that nothing of it is left afterwards.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daemon, handler, type Host } from '../../src/host/definition.ts';
import { asGuest, driven, outcomeOf, serving, sleep } from '../scenario/driven.ts';

test('a host that crashes in mid-boot never comes up, and the rest of its boot has no effect', async () => {
  const server = handler(async (host) => {
    if (host.incarnation === 2) {
      await sleep(100);
      host.expose({ late: true });
      host.disk.put('late', 1);
      host.disk.sync();
    }
    return () => Response.json({ incarnation: host.incarnation, keys: host.disk.keys() });
  });
  const { value } = await asGuest({ hosts: { server } }, async (world) => {
    const host = world.host('server');
    const booting = host.restart();
    await sleep(50);
    host.crash();
    await booting;
    const isUp = host.isUp;
    await sleep(500);
    const answer = await outcomeOf(fetch('http://server/'));
    await host.restart();
    return [isUp, answer, host.exports, await (await fetch('http://server/')).json()];
  });
  assert.deepEqual(value, [
    false,
    'TypeError: fetch failed (ECONNREFUSED)',
    undefined,
    { incarnation: 3, keys: [] },
  ]);
});

const UNCAUGHT: Record<string, { body: (host: Host) => void | Promise<void>; what: string }> = {
  'an exception at boot': {
    body: () => {
      throw new Error('boom');
    },
    what: 'an uncaught exception',
  },
  'a rejection of the boot': {
    body: () => Promise.reject(new Error('boom')),
    what: 'an unhandled rejection',
  },
  'an exception in a timer': {
    body: () => {
      setTimeout(() => {
        throw new Error('boom');
      }, 5);
    },
    what: 'an uncaught exception',
  },
  'an exception in a tick': {
    body: () => {
      process.nextTick(() => {
        throw new Error('boom');
      });
    },
    what: 'an uncaught exception',
  },
  'an exception in a microtask': {
    body: () => {
      queueMicrotask(() => {
        throw new Error('boom');
      });
    },
    what: 'an uncaught exception',
  },
  'a promise nobody handles': {
    body: () => {
      setTimeout(() => void Promise.reject(new Error('boom')), 5);
    },
    what: 'an unhandled rejection',
  },
  'a failed fetch nobody handles': {
    body: () => void fetch('http://nowhere/').then(() => assert.fail()),
    what: 'an unhandled rejection',
  },
};

for (const [name, { body, what }] of Object.entries(UNCAUGHT)) {
  test(`${name} crashes its host and fails the run, with its stack`, async () => {
    const hosts = { worker: daemon(body), server: serving(() => new Response('hello')) };
    const { result } = await driven({ hosts }, () => sleep(100), { mayFail: true });
    const [violation] = result.violations;
    assert.equal(result.violations.length, 1);
    assert.deepEqual([violation?.code, violation?.name], ['WT_UNCAUGHT', 'worker']);
    assert.ok(violation?.message.startsWith(`host \`worker\` crashed of ${what}: `), violation?.message);
    assert.match(violation?.message ?? '', /\n +at /);
  });

  test(`${name} is part of the plan where the scenario expects it`, async () => {
    const hosts = { worker: daemon(body), server: serving(() => new Response('hello')) };
    const { value } = await driven({ hosts, expectUncaught: ['worker'] }, async (world) => {
      await sleep(100);
      return [world.host('worker').isUp, world.host('server').isUp];
    });
    assert.deepEqual(value, [false, true]);
  });
}

test('code of an incarnation that has ended sends nothing, writes nothing and sets no timers', async () => {
  const received: string[] = [];
  const log: string[] = [];
  const ghost = daemon(async (host) => {
    if (host.incarnation > 1) return;
    // A promise that outlives the crash: nothing of wavetank settles it.
    await outside;
    log.push('the ghost runs');
    void fetch('http://server/ghost').then(
      () => log.push('the ghost was answered'),
      () => log.push('the ghost was refused'),
    );
    setTimeout(() => log.push('a timer of the ghost'), 1);
    setImmediate(() => log.push('an immediate of the ghost'));
    host.send('server', 'from the ghost');
    host.disk.put('ghost', 1);
    host.disk.sync();
    host.expose({ ghost: true });
    void Promise.reject(new Error('of the ghost'));
    throw new Error('of the ghost, too');
  });
  const server = handler((host) => {
    host.onMessage((payload) => void received.push(String(payload)));
    return (request) => {
      received.push(new URL(request.url).pathname);
      return new Response('hello');
    };
  });
  let settle = (): void => {};
  const outside = new Promise<void>((resolve) => (settle = resolve));
  const { value } = await driven({ hosts: { ghost, server } }, async (world) => {
    await sleep(10);
    await world.host('ghost').restart();
    settle();
    await sleep(1_000);
    return [world.host('ghost').exports, world.host('ghost').isUp];
  });
  assert.deepEqual(value, [undefined, true]);
  assert.deepEqual(log, ['the ghost runs']);
  assert.deepEqual(received, []);
});

test('each incarnation has a clock, randomness and an uptime of its own', async () => {
  const server = handler(() => () => Response.json([Math.random(), process.uptime(), Date.now()]));
  const { value } = await asGuest({ hosts: { server } }, async (world) => {
    await sleep(1_000);
    const first = (await (await fetch('http://server/')).json()) as number[];
    await world.host('server').restart();
    const second = (await (await fetch('http://server/')).json()) as number[];
    return { first, second };
  });
  const { first, second } = value;
  assert.notEqual(first[0], second[0]);
  assert.deepEqual([first[1], second[1]], [1.001, 0.001]);
  assert.equal(second[2], first[2]! + 2);
});
