// Bodies that travel in pieces.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdict } from '../../src/network/verdict.ts';
import { asGuest, outcomeOf, serving, sleep } from '../scenario/driven.ts';
import { dripping } from './dripping.ts';

test('pieces of a response arrive in order and whole, however each of them is delayed', async () => {
  const parts = Array.from({ length: 20 }, (_, i) => `part ${i};`);
  const { value } = await asGuest(
    { hosts: { server: serving(() => new Response(dripping(parts, 10))) } },
    async (world) => {
      world.network.rule(({ kind, nth }) =>
        verdict.deliver({ delayMs: kind === 'response' ? 400 : (nth * 137) % 300 }),
      );
      return (await fetch('http://server/')).text();
    },
  );
  assert.equal(value, parts.join(''));
});

test('pieces of a request arrive in order and whole, however each of them is delayed', async () => {
  const parts = Array.from({ length: 20 }, (_, i) => `part ${i};`);
  const { value } = await asGuest(
    { hosts: { server: serving(async (incoming) => new Response(await incoming.text())) } },
    async (world) => {
      world.network.rule(({ kind, nth }) =>
        verdict.deliver({ delayMs: kind === 'request' ? 400 : (nth * 137) % 300 }),
      );
      const init = { method: 'POST', body: dripping(parts, 10), duplex: 'half' } as RequestInit;
      return (await fetch('http://server/', init)).text();
    },
  );
  assert.equal(value, parts.join(''));
});

test('a sender is never further ahead of its reader than the window', async () => {
  const size = 65_536;
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent++;
      controller.enqueue(new Uint8Array(size));
    },
  });
  const { value } = await asGuest({ hosts: { server: serving(() => new Response(endless)) } }, async () => {
    const reader = (await fetch('http://server/')).body!.getReader();
    const ahead: number[] = [];
    for (let read = 0; read < 40 * size;) {
      read += (await reader.read()).value!.length;
      await sleep(10);
      ahead.push(sent - read / size);
    }
    await reader.cancel();
    await sleep(1_000);
    return ahead;
  });
  // Four fill the window, one goes over it, one waits in the stream of the server.
  assert.equal(Math.max(...value), 6);
});

test('a client that cancels a body ends the stream of the server', async () => {
  const reasons: unknown[] = [];
  await asGuest(
    {
      hosts: {
        server: serving(
          () =>
            new Response(
              new ReadableStream({
                pull: (c) => c.enqueue(new Uint8Array(10_000)),
                cancel: (why) => void reasons.push(why),
              }),
            ),
        ),
      },
    },
    async () => {
      const { body } = await fetch('http://server/');
      const reader = body!.getReader();
      await reader.read();
      await reader.cancel();
      await sleep(100);
    },
  );
  assert.equal(reasons.length, 1);
});

test('a server whose client went away in the middle of a body stops gracefully at once', async () => {
  for (const isLate of [false, true]) {
    const server = serving(async () => {
      if (isLate) await sleep(50);
      return new Response(new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(10_000)) }));
    });
    const { value } = await asGuest({ hosts: { server } }, async (world) => {
      const stop = new AbortController();
      const answer = outcomeOf(fetch('http://server/', { signal: stop.signal }).then((r) => r.text()));
      await sleep(20);
      stop.abort();
      await answer;
      await sleep(100);
      const atMs = world.nowMs;
      await world.host('server').stop({ graceMs: 5_000 });
      return world.nowMs - atMs;
    });
    assert.equal(value, 0, isLate ? 'it answered after its client had gone' : 'it was answering');
  }
});

test('a request body that fails fails the request', async () => {
  const { value } = await asGuest(
    {
      hosts: {
        server: serving(async (incoming) => new Response(await incoming.text().catch(() => 'cut off'))),
      },
    },
    async (world) => {
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          await sleep(10);
          controller.error(new Error('the disk is gone'));
        },
      });
      const outcome = await outcomeOf(fetch('http://server/', { method: 'POST', body, duplex: 'half' }));
      return [outcome, world.nowMs < 1_000];
    },
  );
  assert.deepEqual(value, ['TypeError: fetch failed (the disk is gone)', true]);
});

test('a paused server sends nothing, however much its client reads', async () => {
  let pulls = 0;
  const server = serving(
    () =>
      new Response(
        new ReadableStream({
          pull: (controller) => {
            pulls++;
            controller.enqueue(new Uint8Array(100_000));
          },
        }),
      ),
  );
  const { value } = await asGuest({ hosts: { server } }, async (world) => {
    const reader = (await fetch('http://server/')).body!.getReader();
    await reader.read();
    await sleep(100);
    world.host('server').pause();
    const before = pulls;
    // More than what had been sent before.
    const read = Promise.all([1, 2, 3, 4, 5, 6].map(() => reader.read()));
    await sleep(1_000);
    const during = pulls - before;
    world.host('server').resume();
    await read;
    await sleep(100);
    await reader.cancel();
    return [during, pulls > before];
  });
  assert.deepEqual(value, [0, true]);
});

test('the hash of a run depends on the bytes of a body, not on how they were given', async () => {
  const bytes = new TextEncoder().encode('naïve café');
  const givers: (() => Response)[] = [
    () => new Response('naïve café'),
    () => new Response(bytes),
    () => new Response(new Blob([bytes])),
    () => new Response('naive cafe'),
  ];
  const hashes: string[] = [];
  for (const give of givers) {
    const { result } = await asGuest({ hosts: { server: serving(give) } }, async () => {
      await (await fetch('http://server/')).text();
    });
    hashes.push(result.hash);
  }
  const [text, whole, blob, other] = hashes;
  assert.equal(whole, text);
  assert.equal(blob, text);
  assert.notEqual(other, text);
});
