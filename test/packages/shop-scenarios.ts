// Shops that serve by one framework and call the warehouse by one client each, under every fault.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  defineScenario,
  latency,
  program,
  swarm,
  type Client,
  type HostDefinition,
  type Scenario,
  type World,
} from '../../src/index.ts';

/** What one shopper does, one after the other. */
type Basket = readonly { readonly sku: string; readonly quantity: number; readonly pauseMs: number }[];

const basket: fc.Arbitrary<Basket> = fc.array(
  fc.record({
    sku: fc.constantFrom('kettle', 'lamp'),
    quantity: fc.constantFrom(1, 1, 2, 0),
    pauseMs: fc.nat({ max: 400 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** What a shop has besides. */
interface Extra {
  readonly env?: Readonly<Record<string, string>>;
  readonly hosts?: Readonly<Record<string, HostDefinition>>;
}

/** A scenario with a shop and the warehouse. */
export function shopScenario(name: string, entry: string, options: Extra = {}): Scenario<readonly Basket[]> {
  return defineScenario({
    name,
    hosts: {
      shop: program(new URL(entry, import.meta.url), {
        env: { PORT: '3000', WAREHOUSE_URL: 'http://warehouse:4000', ...options.env },
      }),
      warehouse: program(new URL('programs/warehouse.ts', import.meta.url), {
        env: { PORT: '4000', JOURNAL: '/var/lib/warehouse/journal' },
      }),
      ...options.hosts,
    },
    network: { latency: latency.longTail({ medianMs: 3, p99Ms: 60 }) },
    faults: swarm({
      drop: true,
      delay: true,
      reset: true,
      refuse: true,
      partition: true,
      crash: ['shop', 'warehouse'],
      stop: ['shop', 'warehouse'],
      pause: ['shop'],
    }),
    workload: fc.array(basket, { minLength: 1, maxLength: 3 }),
    async drive(world, baskets) {
      await Promise.all(
        baskets.map((items, i) => world.client(`shopper-${i}`, (client) => shop(client, `s${i}`, items))),
      );
    },
    always: { 'no more is reserved than there is': (world) => reserved(world, 'lamp') <= 3 },
    sometimes: {
      'an order is reserved': (world) => world.history.some(({ value }) => statusIn(value) === 201),
      'what is not there is not found': (world) => world.history.some(({ value }) => statusIn(value) === 404),
      'a bug is answered': (world) => world.history.some(({ value }) => statusIn(value) === 500),
    },
    eventually: {
      'what customers were told is reserved': {
        check(world) {
          const { reservations } = (world.host('warehouse').exports ?? {}) as {
            reservations?: Map<string, unknown>;
          };
          const promised = world.history.filter(({ value }) => statusIn(value) === 201);
          return promised.every(({ input }) => reservations?.has((input as { id: string }).id) === true);
        },
      },
    },
  });
}

/** A shop may answer 503 while it closes, as Fastify does. */
async function shop(client: Client, name: string, items: Basket): Promise<void> {
  for (const [i, { sku, quantity, pauseMs }] of items.entries()) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const order = { id: `${name}-${i}`, sku, quantity };
    await client.operation('order', order, async () => {
      const { status, body, headers } = await call('/orders', {
        method: 'POST',
        body: JSON.stringify(order),
      });
      if (status === 503) return { status };
      assert.match(headers.get('x-request-id') ?? '', /^[\da-f-]{36}$/);
      if (quantity === 0) assert.deepEqual([status, body], [400, { error: 'not an order' }]);
      else checkAnswer(order, status, body);
      return { status };
    });
  }
  await client.operation('look', null, async () => {
    const { status, body } = await call(`/orders/${name}-none`);
    if (status !== 503) assert.deepEqual([status, body], [404, { error: 'no such order' }]);
    return { status };
  });
  await client.operation('boom', null, async () => {
    const { status, body } = await call('/boom');
    if (status !== 503) assert.deepEqual([status, body], [500, { error: 'internal error' }]);
    return { status };
  });
}

interface Called {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

async function call(path: string, init: RequestInit = {}): Promise<Called> {
  const headers = { 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(4_000);
  const response = await fetch(`http://shop:3000${path}`, { headers, signal, ...init });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

function checkAnswer(order: { id: string }, status: number, body: unknown): void {
  if (status === 201) {
    const { id, status: text, reservation } = body as Record<string, unknown>;
    assert.deepEqual([id, text], [order.id, 'reserved']);
    const { key, at } = reservation as Record<string, unknown>;
    assert.equal(key, order.id);
    assert.match(String(at), /^2024-01-01T00:00:\d\d\.\d{3}Z$/);
  } else if (status === 409) assert.deepEqual(body, { error: 'out of stock' });
  else assert.deepEqual([status, body], [502, { error: 'the warehouse does not answer' }]);
}

function reserved(world: World, sku: string): number {
  const { reserved: count } = (world.host('warehouse').exports ?? {}) as {
    reserved?: (sku: string) => number;
  };
  return count?.(sku) ?? 0;
}

function statusIn(value: unknown): unknown {
  return (value as { status?: unknown } | undefined)?.status;
}
