// One body of code against a real server and against a simulated one: what it observes must be the same.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from '../../src/scenario/simulate.ts';
import { asGuest, scenarioOf, serving } from '../scenario/driven.ts';
import { fetchCases, outcomeOf, shapeOf, type FetchCase } from './fetch-cases-table.ts';
import { deadPort, withRealServer } from './real-server.ts';

async function simulated({ handle, call }: Pick<FetchCase, 'handle' | 'call'>): Promise<unknown> {
  const { value } = await asGuest({ hosts: { server: serving(handle) } }, () => call('http://server:4000'));
  return value;
}

for (const { name, handle, call } of fetchCases) {
  test(`fetch: ${name}`, async () => {
    const real = await withRealServer(handle, call);
    assert.deepEqual(await simulated({ handle, call }), real);
  });
}

test('fetch: a port on which nobody listens', async () => {
  const real = await outcomeOf(fetch(`http://127.0.0.1:${await deadPort()}/`));
  const { value } = await asGuest({}, (world) => {
    world.host('server').crash();
    return outcomeOf(fetch('http://server:4000/'));
  });
  assert.deepEqual(value, real);
});

test('fetch: a name that nobody has', async () => {
  // Not compared: what a real resolver answers depends on the network that the test runs in.
  const { value } = await asGuest({}, () => fetch('http://servr/').then(() => undefined, shapeOf));
  assert.deepEqual(value, {
    name: 'TypeError',
    message: 'fetch failed',
    isTypeError: true,
    cause: {
      name: 'Error',
      message: 'getaddrinfo ENOTFOUND servr',
      isTypeError: false,
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
    },
  });
});

test('fetch: the cases are the same run every time', async () => {
  for (const { handle, call } of fetchCases.filter(({ name }) => !name.startsWith('an abort'))) {
    const scenario = scenarioOf({ hosts: { server: serving(handle) } }, (world) =>
      world.client('guest', async () => void (await call('http://server:4000'))),
    );
    const [first, second] = [await simulate(scenario, { seed: 3 }), await simulate(scenario, { seed: 3 })];
    assert.equal(first.hash, second.hash);
  }
});
