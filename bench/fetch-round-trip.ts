// A `fetch` through the simulated network to a Hono handler, against calling the handler directly with the
// same request and reading both bodies.

import { Hono } from 'hono';
import { calmPlan, defineScenario, handler, simulate } from 'wavetank';
import { compare, perSecond, type Ratio } from './ratio.ts';

const TRIPS = 3_000;
const URL_TEXT = 'http://orders/checkout';
const BODY = JSON.stringify({ order: 'o-1', lines: [{ sku: 'kettle', quantity: 2 }], total: 4_990 });
const INIT = { method: 'POST', headers: { 'content-type': 'application/json' }, body: BODY } as const;

function app(): Hono {
  const hono = new Hono();
  hono.post('/checkout', async (context) =>
    context.json({ accepted: (await context.req.json<{ order: string }>()).order }),
  );
  return hono;
}

const scenario = defineScenario({
  name: 'round-trip',
  hosts: { orders: handler(app) },
  async drive(world) {
    await world.client('shopper', async () => {
      for (let i = 0; i < TRIPS; i++) await (await fetch(URL_TEXT, INIT)).json();
    });
  },
});

async function simulated(): Promise<number> {
  return perSecond(TRIPS, async () => {
    const result = await simulate(scenario, { plan: calmPlan });
    if (result.verdict !== 'ok') throw new Error(result.violations[0]?.message);
  });
}

async function direct(): Promise<number> {
  const hono = app();
  return perSecond(TRIPS, async () => {
    for (let i = 0; i < TRIPS; i++) await (await hono.fetch(new Request(URL_TEXT, INIT))).json();
  });
}

/** Round trips per second; the bar is half of the direct call. */
export async function fetchRatio(): Promise<Ratio> {
  return compare('fetch to a Hono handler against calling it directly', 'round trips/s', {
    ours: simulated,
    theirs: direct,
  });
}
