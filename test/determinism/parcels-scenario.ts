// A Hono app in front of a carrier that is given as msw handlers: what a real test suite of an API looks
// like.

import fc from 'fast-check';
import { Hono } from 'hono';
import { delay, http, HttpResponse } from 'msw';
import { defineScenario, handler, latency, swarm, virtualService, type Host } from '../../src/index.ts';
import type { Scenario } from '../../src/index.ts';

interface Parcel {
  readonly weight: number;
  readonly to: string;
}

function carrier(): ReturnType<typeof http.post>[] {
  const labels = new Map<string, string>();
  return [
    http.post('https://carrier.test/labels', async ({ request }) => {
      const form = await request.formData();
      const key = request.headers.get('idempotency-key') ?? '';
      await delay(30 + Number(form.get('weight')));
      if (Math.random() < 0.1) return HttpResponse.json({ error: 'busy' }, { status: 503 });
      const label = labels.get(key) ?? `${form.get('to') as string}-${crypto.randomUUID()}`;
      labels.set(key, label);
      return HttpResponse.json({ label, at: new Date() }, { status: 201 });
    }),
  ];
}

function office(host: Host): Hono {
  const app = new Hono();
  app.post('/parcels/:id', async (c) => {
    const { weight, to } = await c.req.json<Parcel>();
    const headers = { 'idempotency-key': c.req.param('id') };
    for (let attempt = 1; attempt <= 4; attempt++) {
      const body = new FormData();
      body.set('weight', String(weight));
      body.set('to', to);
      const signal = AbortSignal.timeout(300);
      const answer = await fetch('https://carrier.test/labels', { method: 'POST', body, headers, signal })
        .then((response) => (response.ok ? response.json() : undefined))
        .catch(() => undefined);
      if (answer === undefined) continue;
      host.disk.put(c.req.param('id'), answer);
      host.disk.sync();
      return c.json({ answer, attempt, nonce: Math.random() }, 201);
    }
    return c.json({ error: 'no label' }, 504);
  });
  app.get('/parcels', (c) => c.json(host.disk.keys().map((id) => [id, host.disk.get(id)])));
  return app;
}

export const parcelsScenario: Scenario<Parcel[]> = defineScenario({
  name: 'parcels',
  hosts: { office: handler(office), 'carrier.test': virtualService(carrier) },
  network: { latency: latency.longTail({ medianMs: 8, p99Ms: 120 }) },
  faults: swarm({ drop: true, delay: true, reset: true, refuse: true, crash: ['office'], pause: ['office'] }),
  workload: fc.array(
    fc.record({ weight: fc.nat({ max: 200 }), to: fc.constantFrom('oslo', 'rome', 'bern') }),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  async drive(world, parcels) {
    await Promise.all(
      parcels.map((parcel, i) =>
        world.client(`sender-${i}`, (client) =>
          client.operation('send', parcel, async () => {
            const init = { method: 'POST', body: JSON.stringify(parcel) };
            return (await fetch(`http://office/parcels/p-${i}`, init)).json();
          }),
        ),
      ),
    );
    await world.client('auditor', (client) =>
      client.operation('list', null, async () => (await fetch('http://office/parcels')).json()),
    );
  },
});
