import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hono } from 'hono';
import { daemon, handler } from '../../src/host/definition.ts';
import { asGuest, driven, outcomeOf, sleep } from '../scenario/driven.ts';

test('a handler is a function, an object with fetch, or a Hono app', async () => {
  const hosts = {
    function: handler(() => () => new Response('a function')),
    object: handler(() => ({ text: 'an object', fetch: objectFetch })),
    hono: handler(() => new Hono().get('/', (c) => c.text('a Hono app'))),
    later: handler(() => Promise.resolve(() => Promise.resolve(new Response('made later')))),
  };
  const { value } = await asGuest({ hosts }, () =>
    Promise.all(Object.keys(hosts).map(async (name) => (await fetch(`http://${name}/`)).text())),
  );
  assert.deepEqual(value, ['a function', 'an object', 'a Hono app', 'made later']);
});

function objectFetch(this: { text: string }): Response {
  return new Response(this.text);
}

test('a handler with a port refuses every other one, one without takes all', async () => {
  const hosts = {
    one: handler(() => () => new Response('hello'), { port: 4_000 }),
    any: handler(() => () => new Response('hello')),
  };
  const { value } = await asGuest({ hosts }, () =>
    Promise.all(
      ['http://one:4000', 'http://one:4001', 'http://one', 'https://any', 'http://any:1'].map((url) =>
        outcomeOf(fetch(url).then((response) => response.text())),
      ),
    ),
  );
  const refused = 'TypeError: fetch failed (ECONNREFUSED)';
  assert.deepEqual(value, ['ok hello', refused, refused, 'ok hello', 'ok hello']);
});

test('a daemon serves no requests, and stays up after its function returned', async () => {
  let ticks = 0;
  const worker = daemon(() => void setInterval(() => ticks++, 10));
  const { value } = await asGuest({ hosts: { worker } }, async (world) => {
    await sleep(95);
    return [await outcomeOf(fetch('http://worker/')), world.host('worker').isUp];
  });
  assert.deepEqual(value, ['TypeError: fetch failed (ECONNREFUSED)', true]);
  assert.ok(ticks >= 9);
});

test('a daemon that loops for ever has booted all the same', async () => {
  const worker = daemon(async () => {
    for (;;) await sleep(10);
  });
  const { value } = await driven({ hosts: { worker } }, (world) => world.host('worker').isUp);
  assert.equal(value, true);
});

test('what is no factory, no port and no app is refused', async () => {
  const cases: [() => unknown, RegExp][] = [
    [
      () => handler(new Hono() as never),
      /`handler\(factory\)` to be a function, got .* Pass a function that makes the app/,
    ],
    [() => handler(undefined as never), /`handler\(factory\)`.*`undefined`/],
    [() => daemon(5 as never), /`daemon\(main\)`.*`5` \(number\)/],
  ];
  for (const port of [0, 65_536, 1.5, NaN, '80']) {
    cases.push([
      () => handler(() => () => new Response(), { port } as never),
      /`port` to be an integer from 1 to 65535/,
    ]);
  }
  for (const [make, message] of cases) assert.throws(make, { code: 'WT_OPTION', message });
  const { result } = await driven({ hosts: { server: handler(() => ({}) as never) } }, () => {}, {
    mayFail: true,
  });
  assert.match(
    result.violations[0]?.message ?? '',
    /what the factory of handler\(\) returned` to be a function, an object with/,
  );
});
