// Services with retries, timers and state on disk, under every fault there is. What they draw and read off
// their clocks travels in their messages, so that the trace hash depends on it.

import { createHash, randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { defineScenario, handler, latency, swarm, type Host, type Scenario } from '../../src/index.ts';

interface Job {
  readonly id: string;
  readonly bornMs: number;
  readonly dice: number;
}

async function insist(url: string, init: RequestInit): Promise<Response | undefined> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(400 + 100 * attempt) });
      if (response.ok) return response;
    } catch {
      // Tried again below.
    }
    await sleep(Math.round(50 * attempt * (0.5 + Math.random())));
  }
  return undefined;
}

function bootDesk(): (request: Request) => Promise<Response> {
  let served = 0;
  return async (request) => {
    const { dice } = (await request.json()) as { dice: number };
    const job: Job = { id: crypto.randomUUID(), bornMs: Date.now(), dice: dice + randomInt(1_000) };
    const stored = await insist('http://store:5000/jobs', { method: 'POST', body: JSON.stringify(job) });
    served++;
    const headers = { 'x-served': String(served), 'x-uptime': String(performance.now()) };
    if (stored === undefined) return Response.json({ job, isStored: false }, { status: 503, headers });
    return Response.json({ job, stored: await stored.json() }, { status: 201, headers });
  };
}

function bootStore(host: Host): (request: Request) => Promise<Response> {
  const { disk } = host;
  let beats = 0;
  setInterval(() => {
    beats++;
    host.send('watcher', { beats, at: process.hrtime.bigint().toString(), jitter: Math.random() }, 'beat');
    disk.sync();
  }, 130);
  return async (request) => {
    const job = (await request.json()) as Job;
    disk.put(job.id, job);
    await sleep(5);
    if (job.dice % 3 === 0) disk.sync();
    const seal = createHash('sha256').update(job.id).update(randomBytes(8)).digest('hex');
    return Response.json({ seal, keys: disk.keys().length, incarnation: host.incarnation });
  };
}

const watcher = handler((host) => {
  const seen: unknown[] = [];
  host.onMessage((payload, from) => {
    seen.push([from, payload, new Date().toISOString()]);
  });
  return () => {
    // A body that comes in parts, with pauses in between.
    const parts = seen.slice(-3).map((each) => JSON.stringify(each));
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const part = parts.shift();
        if (part === undefined) return controller.close();
        await sleep(7);
        controller.enqueue(new TextEncoder().encode(`${part}\n`));
      },
    });
    return new Response(body, { headers: { 'x-seen': String(seen.length) } });
  };
});

export const stormScenario: Scenario<number[]> = defineScenario({
  name: 'storm',
  hosts: {
    desk: handler(bootDesk, { port: 4000 }),
    store: handler(bootStore, { port: 5000 }),
    watcher,
  },
  network: {
    latency: latency.longTail({ medianMs: 4, p99Ms: 90 }),
    loss: 0.01,
    mayDuplicate: ['GET', 'POST'],
  },
  faults: swarm({
    drop: true,
    delay: true,
    duplicate: true,
    reset: true,
    refuse: true,
    partition: true,
    crash: ['desk', 'store'],
    stop: ['store'],
    pause: ['desk', 'watcher'],
  }),
  workload: fc.array(fc.nat({ max: 500 }), { minLength: 1, maxLength: 5 }),
  async drive(world, dices) {
    await Promise.all(
      dices.map((dice, i) =>
        world.client(`client-${i}`, async (client) => {
          await sleep(dice);
          const body = JSON.stringify({ dice, salt: Math.random() });
          await client.operation('work', dice, async () => {
            const response = await fetch('http://desk:4000/', { method: 'POST', body });
            return [response.status, response.headers.get('x-served'), await response.json()];
          });
          await client.operation('watch', null, async () => (await fetch('http://watcher/')).text());
        }),
      ),
    );
  },
});
