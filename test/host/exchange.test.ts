import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmPlan, type Fault, type FaultPlan } from '../../src/faults/fault.ts';
import { verdict } from '../../src/network/verdict.ts';
import { asGuest, driven, outcomeOf, serving, sleep } from '../scenario/driven.ts';
import { dripping } from './dripping.ts';

// How an exchange fails, and that it fails only as TCP and Node.js can. What `fetch` makes of it is compared
// with the real one in test/conformance.

function under(...faults: readonly Fault[]): { plan: FaultPlan } {
  return { plan: { ...calmPlan, faults } };
}

const request = { from: 'guest', to: 'server', message: 'request', label: 'POST /charge', nth: 1 } as const;
const response = { from: 'server', to: 'guest', message: 'response', label: 'POST /charge', nth: 1 } as const;

/** A server that counts what it executed. */
function counter(): { hosts: { server: ReturnType<typeof serving> }; executed: () => number } {
  let count = 0;
  const server = serving(() => Response.json({ count: ++count }, { status: 201 }));
  return { hosts: { server }, executed: () => count };
}

function charge(init?: RequestInit): Promise<unknown> {
  return fetch('http://server/charge', { method: 'POST', ...init }).then((answer) => answer.json());
}

test('a lost request is not executed, and is given up after the connect time-out of 10 s', async () => {
  const { hosts, executed } = counter();
  const { value } = await asGuest(
    { hosts },
    async (world) => [await outcomeOf(charge()), world.nowMs, executed()],
    under({ kind: 'drop', ...request }),
  );
  assert.deepEqual(value, ['TypeError: fetch failed (UND_ERR_CONNECT_TIMEOUT)', 10_000, 0]);
});

test('a lost request on an open connection is given up after the headers time-out of 300 s', async () => {
  const { hosts, executed } = counter();
  const { value } = await asGuest(
    { hosts },
    async (world) => {
      await charge();
      const sentMs = world.nowMs;
      return [await outcomeOf(charge()), world.nowMs - sentMs, executed()];
    },
    under({ kind: 'drop', ...request, nth: 2 }),
  );
  assert.deepEqual(value, ['TypeError: fetch failed (UND_ERR_HEADERS_TIMEOUT)', 300_000, 1]);
});

test('a lost response leaves the request executed, and the client without an answer', async () => {
  const { hosts, executed } = counter();
  const { value } = await asGuest(
    { hosts },
    async (world) => [await outcomeOf(charge()), Math.round(world.nowMs / 1000), executed()],
    under({ kind: 'drop', ...response }),
  );
  assert.deepEqual(value, ['TypeError: fetch failed (UND_ERR_HEADERS_TIMEOUT)', 300, 1]);
});

test('a reset of the request means that nothing was executed, of the response that it was', async () => {
  for (const [where, expected] of [
    [request, 0],
    [response, 1],
  ] as const) {
    const { hosts, executed } = counter();
    const { value } = await asGuest({ hosts }, () => outcomeOf(charge()), under({ kind: 'reset', ...where }));
    assert.equal(value, 'TypeError: fetch failed (ECONNRESET)');
    assert.equal(executed(), expected, where.message);
  }
});

test('a refused request is not executed', async () => {
  const { hosts, executed } = counter();
  const { value } = await asGuest(
    { hosts },
    () => outcomeOf(charge()),
    under({ kind: 'refuse', ...request }),
  );
  assert.equal(value, 'TypeError: fetch failed (ECONNREFUSED)');
  assert.equal(executed(), 0);
});

test('a request whose connect timed out is not executed, however late it would arrive', async () => {
  const { hosts, executed } = counter();
  const { value } = await asGuest(
    { hosts },
    async (world) => {
      const outcome = await outcomeOf(charge());
      const atMs = world.nowMs;
      await sleep(60_000);
      return [outcome, atMs];
    },
    under({ kind: 'delay', ...request, byMs: 20_000 }),
  );
  assert.deepEqual(value, ['TypeError: fetch failed (UND_ERR_CONNECT_TIMEOUT)', 10_000]);
  assert.equal(executed(), 0);
});

test('a request that was aborted on the way may be executed all the same', async () => {
  const { hosts, executed } = counter();
  const { value } = await asGuest(
    { hosts },
    async () => {
      await charge();
      const outcome = await outcomeOf(charge({ signal: AbortSignal.timeout(50) }));
      await sleep(1_000);
      return outcome;
    },
    under({ kind: 'delay', ...request, nth: 2, byMs: 500 }),
  );
  assert.equal(value, 'TimeoutError: The operation was aborted due to timeout');
  assert.equal(executed(), 2);
});

test('a server that crashes while it serves resets the connection', async () => {
  const { value } = await asGuest(
    { hosts: { server: serving(async () => (await sleep(1_000), new Response('late'))) } },
    async (world) => {
      const answer = outcomeOf(fetch('http://server/'));
      await sleep(100);
      world.host('server').crash();
      return [await answer, world.nowMs];
    },
  );
  assert.deepEqual(value, ['TypeError: fetch failed (ECONNRESET)', 101]);
});

test('a server that crashes in the middle of a body terminates it', async () => {
  const { value } = await asGuest(
    { hosts: { server: serving(() => new Response(dripping(['one ', 'two ', 'three'], 100))) } },
    async (world) => {
      const answer = await fetch('http://server/');
      const text = outcomeOf(answer.text());
      await sleep(150);
      world.host('server').crash();
      return text;
    },
  );
  assert.equal(value, 'TypeError: terminated (ECONNRESET)');
});

test('a connection is new after the server booted again', async () => {
  const { hosts } = counter();
  const { value } = await asGuest(
    { hosts },
    async (world) => {
      await charge();
      await world.host('server').restart();
      const sentMs = world.nowMs;
      const outcome = await outcomeOf(charge());
      return [outcome, world.nowMs - sentMs];
    },
    under({ kind: 'drop', ...request, nth: 2 }),
  );
  assert.deepEqual(value, ['TypeError: fetch failed (UND_ERR_CONNECT_TIMEOUT)', 10_000]);
});

// Requests that arrive twice.

const put = { from: 'guest', to: 'server', message: 'request', label: 'PUT /charge', nth: 1 } as const;

test('a request that arrives twice is executed twice, and answered once', async () => {
  const { hosts, executed } = counter();
  const { value } = await asGuest(
    { hosts },
    async () => {
      const answer = await charge({ method: 'PUT', body: 'x' });
      await sleep(1_000);
      return answer;
    },
    under({ kind: 'duplicate', ...put, afterMs: 30 }),
  );
  assert.deepEqual(value, { count: 1 });
  assert.equal(executed(), 2);
});

test('a request that may have an effect more than once never arrives twice', async () => {
  const { hosts, executed } = counter();
  const { result } = await asGuest(
    { hosts },
    async () => {
      await charge();
      await sleep(1_000);
    },
    under({ kind: 'duplicate', ...request, afterMs: 30 }),
  );
  assert.equal(executed(), 1);
  assert.deepEqual(result.ledger, []);
});

test('the scenario says which methods may arrive twice', async () => {
  const { hosts, executed } = counter();
  await asGuest(
    { hosts, network: { mayDuplicate: ['POST'] } },
    async () => {
      await charge();
      await charge({ method: 'PUT' });
      await sleep(1_000);
    },
    under({ kind: 'duplicate', ...request, afterMs: 30 }, { kind: 'duplicate', ...put, afterMs: 30 }),
  );
  assert.equal(executed(), 3);
});

test('a request whose body is read while it is sent arrives whole under a plan that doubles it', async () => {
  const bodies: string[] = [];
  const server = serving(async (incoming) => {
    bodies.push(await incoming.text());
    return new Response('ok');
  });
  await asGuest(
    { hosts: { server } },
    async () => {
      await (await fetch('http://server/charge', { method: 'PUT', body: new Blob(['from a blob']) })).text();
      await sleep(1_000);
    },
    under({ kind: 'duplicate', ...put, afterMs: 30 }),
  );
  assert.deepEqual([...new Set(bodies)], ['from a blob']);
});

test('a request that was refused is not executed by its second arrival', async () => {
  const { hosts, executed } = counter();
  const { value } = await asGuest(
    { hosts },
    async (world) => {
      world.host('server').crash();
      const outcome = outcomeOf(charge({ method: 'PUT', body: 'x' }));
      await sleep(5);
      await world.host('server').restart();
      await sleep(1_000);
      return outcome;
    },
    under({ kind: 'duplicate', ...put, afterMs: 500 }),
  );
  assert.equal(value, 'TypeError: fetch failed (ECONNREFUSED)');
  assert.equal(executed(), 0);
});

test('a request that is served is not refused by its second arrival', async () => {
  const { value } = await asGuest(
    { hosts: { server: serving(async () => (await sleep(1_000), new Response('done'))) } },
    async (world) => {
      const outcome = outcomeOf(fetch('http://server/charge', { method: 'PUT', body: 'x' }));
      await sleep(29.5);
      // The reset is delayed, so that a refusal would overtake it.
      world.network.rule(({ label }) =>
        label.startsWith('reset') ? verdict.deliver({ delayMs: 100 }) : undefined,
      );
      world.host('server').crash();
      return outcome;
    },
    under({ kind: 'duplicate', ...put, afterMs: 29 }),
  );
  assert.equal(value, 'TypeError: fetch failed (ECONNRESET)');
});

// Handlers.

test('a handler learns from the signal of its request that the client went away', async () => {
  let abortedMs: number | undefined;
  const server = serving(async (incoming) => {
    incoming.signal.addEventListener('abort', () => (abortedMs = performance.now()));
    await sleep(500);
    return new Response('nobody reads this');
  });
  const { value } = await asGuest({ hosts: { server } }, async () => {
    const outcome = await outcomeOf(fetch('http://server/', { signal: AbortSignal.timeout(100) }));
    await sleep(1_000);
    return outcome;
  });
  assert.equal(value, 'TimeoutError: The operation was aborted due to timeout');
  assert.equal(abortedMs, 101);
});

test('a handler that throws, or returns no response, answers 500, and the server lives on', async () => {
  for (const broken of [() => Promise.reject(new Error('boom')), () => ({}) as Response]) {
    const { value } = await driven({ hosts: { server: serving(broken) } }, (world) =>
      world.client('guest', async () => {
        const first = await fetch('http://server/');
        return [first.status, await first.text(), world.host('server').isUp];
      }),
    );
    assert.deepEqual(value, [500, 'Internal Server Error', true]);
  }
});
