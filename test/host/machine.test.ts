import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmPlan, type Fault } from '../../src/faults/fault.ts';
import { handler } from '../../src/host/definition.ts';
import { asGuest, driven, outcomeOf, serving, sleep } from '../scenario/driven.ts';

// The life of a host: boot, crash, stop, pause, restart; and what dies with an incarnation.

function textOf(url: string, init?: RequestInit): Promise<string> {
  return fetch(url, init).then((response) => response.text());
}

test('the factory of a host is called at each boot, so that a restart begins with fresh state', async () => {
  const booted: string[] = [];
  const server = handler((host) => {
    booted.push(`${host.name} ${host.incarnation}`);
    let count = 0;
    return () => new Response(String(++count));
  });
  const { value } = await asGuest({ hosts: { server } }, async (world) => {
    const counts = [await textOf('http://server/'), await textOf('http://server/')];
    await world.host('server').restart();
    return [...counts, await textOf('http://server/')];
  });
  assert.deepEqual(value, ['1', '2', '1']);
  assert.deepEqual(booted, ['server 1', 'server 2']);
});

test('all hosts are up before the driver begins, however long they take to boot', async () => {
  const slow = handler(async () => {
    await sleep(500);
    return () => new Response('ready');
  });
  const { value } = await asGuest(
    { hosts: { slow, server: serving(() => new Response('hello')) } },
    async (world) => [world.nowMs, await textOf('http://slow/')],
  );
  assert.deepEqual(value, [500, 'ready']);
});

test('a host refuses connections until it has booted', async () => {
  const server = handler(async (host) => {
    if (host.incarnation > 1) await sleep(100);
    return () => new Response('hello');
  });
  const { value } = await asGuest({ hosts: { server } }, async (world) => {
    const up = world.host('server').restart();
    const outcomes = [await outcomeOf(fetch('http://server/')), world.host('server').isUp];
    await up;
    return [...outcomes, await textOf('http://server/'), world.host('server').isUp];
  });
  assert.deepEqual(value, ['TypeError: fetch failed (ECONNREFUSED)', false, 'hello', true]);
});

test('a crash loses memory and what was never synced; what was synced is still there', async () => {
  const server = handler(({ disk, incarnation }) => {
    if (incarnation === 1) {
      disk.put('durable', 1);
      disk.sync();
      disk.put('durable', 2);
      disk.put('cached', 3);
    }
    return () => Response.json({ durable: disk.get('durable'), keys: disk.keys() });
  });
  const { value } = await asGuest({ hosts: { server } }, async (world) => {
    const before: unknown = await (await fetch('http://server/')).json();
    world.host('server').crash();
    await world.host('server').restart();
    return [before, await (await fetch('http://server/')).json()];
  });
  assert.deepEqual(value, [
    { durable: 2, keys: ['cached', 'durable'] },
    { durable: 1, keys: ['durable'] },
  ]);
});

test('a graceful stop keeps what was never synced, as closing a file does', async () => {
  const server = handler(({ disk, incarnation }) => {
    if (incarnation === 1) disk.put('cached', 3);
    return () => Response.json(disk.keys());
  });
  const { value } = await asGuest({ hosts: { server } }, async (world) => {
    await world.host('server').stop();
    await world.host('server').restart();
    return (await fetch('http://server/')).json();
  });
  assert.deepEqual(value, ['cached']);
});

test('what a host exposed can be read after its crash, until the next incarnation exposes anew', async () => {
  const server = handler((host) => {
    host.expose({ incarnation: host.incarnation });
    return () => new Response('hello');
  });
  const { value } = await driven({ hosts: { server } }, async (world) => {
    const seen = [world.host('server').exports];
    world.host('server').crash();
    seen.push(world.host('server').exports);
    await world.host('server').restart();
    return [...seen, world.host('server').exports];
  });
  assert.deepEqual(value, [{ incarnation: 1 }, { incarnation: 1 }, { incarnation: 2 }]);
});

// Graceful stops.

test('a graceful stop finishes what is served, refuses what comes, and waits for its hooks', async () => {
  const log: string[] = [];
  const server = handler((host) => {
    host.onStop(async () => {
      log.push('hook begins');
      await sleep(300);
      log.push('hook ends');
    });
    return async () => {
      await sleep(100);
      log.push('served');
      return new Response('done');
    };
  });
  const { value } = await asGuest({ hosts: { server } }, async (world) => {
    const served = textOf('http://server/');
    await sleep(10);
    const stopped = world
      .host('server')
      .stop()
      .then(() => log.push('stopped'));
    const refused = await outcomeOf(fetch('http://server/'));
    const isUp = world.host('server').isUp;
    const text = await served;
    await stopped;
    return [refused, isUp, text, world.nowMs, await outcomeOf(fetch('http://server/'))];
  });
  assert.deepEqual(value, [
    'TypeError: fetch failed (ECONNREFUSED)',
    false,
    'done',
    310,
    'TypeError: fetch failed (ECONNREFUSED)',
  ]);
  assert.deepEqual(log, ['hook begins', 'served', 'hook ends', 'stopped']);
});

test('a graceful stop waits for a body that is still being sent', async () => {
  const server = serving(() => {
    let left = 5;
    return new Response(
      new ReadableStream({
        async pull(controller) {
          await sleep(100);
          if (left-- === 0) controller.close();
          else controller.enqueue(new TextEncoder().encode('x'));
        },
      }),
    );
  });
  const { value } = await asGuest({ hosts: { server } }, async (world) => {
    const response = await fetch('http://server/');
    const stopped = world.host('server').stop();
    const text = await response.text();
    await stopped;
    return [text, Math.round(world.nowMs)];
  });
  assert.deepEqual(value, ['xxxxx', 602]);
});

test('a stop that takes too long is a crash at its deadline', async () => {
  const server = handler((host) => {
    if (host.incarnation === 1) host.disk.put('cached', 1);
    return async () => {
      if (host.incarnation === 1) await sleep(60_000);
      return Response.json(host.disk.keys());
    };
  });
  const { value } = await asGuest({ hosts: { server } }, async (world) => {
    const outcome = outcomeOf(fetch('http://server/'));
    await sleep(10);
    await world.host('server').stop({ graceMs: 1_000 });
    const stoppedMs = world.nowMs;
    await world.host('server').restart();
    return [await outcome, stoppedMs, await (await fetch('http://server/')).json()];
  });
  assert.deepEqual(value, ['TypeError: fetch failed (ECONNRESET)', 1_010, []]);
});

test('a stop hook that fails is an uncaught error of its host', async () => {
  const server = handler((host) => {
    host.onStop(() => Promise.reject(new Error('cannot close')));
    return () => new Response('hello');
  });
  const { result } = await driven({ hosts: { server } }, (world) => world.host('server').stop(), {
    mayFail: true,
  });
  assert.match(
    result.violations[0]?.message ?? '',
    /host `server` crashed of an uncaught exception: Error: cannot close/,
  );
});

test('a host that is stopped while it boots ends when its hooks have', async () => {
  const log: string[] = [];
  const server = handler(async (host) => {
    if (host.incarnation !== 2) return () => new Response('hello');
    host.onStop(async () => {
      await sleep(500);
      log.push('hook ends');
    });
    await sleep(100);
    log.push('booted');
    return () => new Response('hello');
  });
  const { value } = await driven({ hosts: { server } }, async (world) => {
    world.host('server').crash();
    void world.host('server').restart();
    await sleep(50);
    await world.host('server').stop({ graceMs: 5_000 });
    return [world.nowMs, world.host('server').isUp];
  });
  assert.deepEqual(value, [550, false]);
  assert.deepEqual(log, ['booted', 'hook ends']);
});

test('stopping what is down, and stopping twice, resolves as the one stop does', async () => {
  const server = serving(() => new Response('hello'));
  const { value } = await driven({ hosts: { server } }, async (world) => {
    const host = world.host('server');
    await Promise.all([host.stop(), host.stop()]);
    await host.stop();
    host.crash();
    return [world.nowMs, host.isUp];
  });
  assert.deepEqual(value, [0, false]);
});

test('a host whose planned stop is not over when the storm ends is up again in the calm', async () => {
  const server = handler((host) => {
    host.onStop(() => sleep(3_000));
    return () => new Response('hello');
  });
  const faults: Fault[] = [{ kind: 'stop', host: 'server', atMs: 10, downMs: 50 }];
  const { result } = await driven(
    {
      hosts: { server },
      eventually: { 'the server is up': { withinMs: 10_000, check: (world) => world.host('server').isUp } },
    },
    () => sleep(20),
    { plan: { ...calmPlan, faults } },
  );
  assert.equal(result.verdict, 'ok');
});

// Pauses.

test('a paused host runs nothing; resumed, it runs what was due late and in order', async () => {
  const log: [what: string, atMs: number][] = [];
  const server = handler(() => {
    for (const delayMs of [10, 30, 20, 20])
      setTimeout(() => log.push([`timer ${delayMs}`, performance.now()]), delayMs);
    setTimeout(() => log.push(['timer 200', performance.now()]), 200);
    return (request) => {
      log.push([new URL(request.url).pathname, performance.now()]);
      return new Response('hello');
    };
  });
  const { value } = await asGuest({ hosts: { server } }, async (world) => {
    const host = world.host('server');
    await sleep(5);
    host.pause();
    const isPaused = [host.isPaused, host.isUp];
    const answers = Promise.all([
      textOf('http://server/first'),
      sleep(50).then(() => textOf('http://server/second')),
    ]);
    await sleep(95);
    host.resume();
    await answers;
    await sleep(200);
    return isPaused;
  });
  assert.deepEqual(value, [true, true]);
  assert.deepEqual(log, [
    ['/first', 100],
    ['timer 10', 100],
    ['timer 20', 100],
    ['timer 20', 100],
    ['timer 30', 100],
    ['/second', 100],
    ['timer 200', 200],
  ]);
});

test('hooks of a graceful stop wait until a paused host is resumed', async () => {
  let hookMs = -1;
  const server = handler((host) => {
    host.onStop(() => void (hookMs = performance.now()));
    return () => new Response('hello');
  });
  const { value } = await driven({ hosts: { server } }, async (world) => {
    const host = world.host('server');
    host.pause();
    const stopped = host.stop();
    await sleep(100);
    const before = hookMs;
    host.resume();
    await stopped;
    return before;
  });
  assert.deepEqual([value, hookMs], [-1, 100]);
});

test('pausing twice and resuming what runs changes nothing', async () => {
  const { result } = await asGuest({}, async (world) => {
    const host = world.host('server');
    host.resume();
    host.pause();
    host.pause();
    host.resume();
    return textOf('http://server/');
  });
  assert.equal(result.verdict, 'ok');
});
