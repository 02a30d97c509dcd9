import assert from 'node:assert/strict';
import { test } from 'node:test';
import { http, HttpResponse } from 'msw';
import { handler, rateLimit, virtualService, type RateLimitOptions } from '../../src/index.ts';
import { asGuest } from '../scenario/driven.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function limited(options: RateLimitOptions): ReturnType<typeof handler> {
  return handler(() => {
    const limit = rateLimit(options);
    return (request) => limit(request) ?? new Response('taken');
  });
}

async function ask(path = '/'): Promise<string> {
  const { status, headers } = await fetch(`http://api${path}`);
  return status === 429 ? `429 after ${headers.get('retry-after')}` : String(status);
}

test('takes a burst, then as many as come back in virtual time, and no more than the burst', async () => {
  const { value } = await asGuest({ hosts: { api: limited({ perSecond: 2, burst: 3 }) } }, async () => {
    const seen: string[] = [];
    for (let i = 0; i < 4; i++) seen.push(await ask());
    await pause(500);
    seen.push('later', await ask(), await ask());
    await pause(60_000);
    seen.push('much later');
    for (let i = 0; i < 4; i++) seen.push(await ask());
    return seen;
  });
  assert.deepEqual(value, [
    ...['200', '200', '200', '429 after 1', 'later', '200', '429 after 1'],
    ...['much later', '200', '200', '200', '429 after 1'],
  ]);
});

test('says after how many whole seconds there is room again', async () => {
  const { value } = await asGuest({ hosts: { api: limited({ perSecond: 0.1 }) } }, async () => {
    const seen = [await ask(), await ask()];
    await pause(7_500);
    seen.push(await ask());
    await pause(3_000);
    return [...seen, await ask()];
  });
  assert.deepEqual(value, ['200', '429 after 10', '429 after 3', '200']);
});

test('counts for each whom a request is for', async () => {
  const by = (request: Request): string => new URL(request.url).pathname;
  const { value } = await asGuest({ hosts: { api: limited({ perSecond: 1, by }) } }, async () => [
    await ask('/a'),
    await ask('/b'),
    await ask('/a'),
  ]);
  assert.deepEqual(value, ['200', '200', '429 after 1']);
});

test('a virtual service turns away what is too much, and begins anew when it boots again', async () => {
  const bank = virtualService(() => [http.get('http://api/', () => HttpResponse.text('ok'))], {
    rateLimit: { perSecond: 0.001 },
  });
  const { value } = await asGuest({ hosts: { api: bank } }, async (world) => {
    const seen = [await ask(), await ask()];
    world.host('api').crash();
    await world.host('api').restart();
    return [...seen, await ask()];
  });
  assert.deepEqual(value, ['200', '429 after 1000', '200']);
});

test('refuses options that cannot be, and to be shared by runs', () => {
  const cases: [unknown, RegExp][] = [
    [{}, /`rateLimit.perSecond` to be a number above 0, got `undefined`/],
    [{ perSecond: 0 }, /`rateLimit.perSecond`/],
    [{ perSecond: 1, burst: 0.5 }, /`rateLimit.burst` to be an integer >= 1, got `0.5`/],
    [{ perSecond: 1, by: 'ip' }, /`rateLimit.by` to be a function of a request/],
    [{ persecond: 1 }, /rateLimit: unknown option "persecond": did you mean "perSecond"/],
    [{ perSecond: 1 }, /call it in the factory of a host/],
  ];
  for (const [options, message] of cases) {
    assert.throws(() => rateLimit(options as RateLimitOptions), { code: 'WT_OPTION', message });
  }
  assert.throws(() => virtualService(() => [], { rateLimit: { perSecond: -1 } }), { code: 'WT_OPTION' });
  assert.throws(() => virtualService(() => [], { limit: 5 } as never), /unknown option "limit"/);
});
