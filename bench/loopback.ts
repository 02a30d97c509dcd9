// Unmodified servers and clients on simulated sockets, against the same two over real loopback sockets in the
// same process.

import { AsyncResource } from 'node:async_hooks';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { calmPlan, daemon, defineScenario, simulate } from 'wavetank';
import { compare, perSecond, type Ratio } from './ratio.ts';

const TRIPS = 1_000;
const TURNS = 21;
const BODY = JSON.stringify({ order: 'o-1', lines: [{ sku: 'kettle', quantity: 2 }], total: 4_990 });
const HEADERS = { 'content-type': 'application/json' };

/** What is measured: a server that is not listening yet, and one round trip to it. */
interface Pair {
  server(): http.Server;
  client(): (url: string) => Promise<void>;
}

const nodeHttp: Pair = {
  server: () =>
    http.createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (part: string) => (text += part));
      request.on('end', () => {
        const { order } = JSON.parse(text) as { order: string };
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ accepted: order }));
      });
    }),
  client: () => {
    const agent = new http.Agent({ keepAlive: true });
    return (url) =>
      new Promise((resolve, reject) => {
        const request = http.request(url, { method: 'POST', headers: HEADERS, agent }, (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (part: string) => (text += part));
          response.on('end', () => {
            JSON.parse(text);
            resolve();
          });
        });
        request.on('error', reject);
        request.end(BODY);
      });
  },
};

const expressAndFetch: Pair = {
  server: () => {
    const app = express();
    app.use(express.json());
    app.post('/checkout', (request, response) => {
      response.json({ accepted: (request.body as { order: string }).order });
    });
    return http.createServer(app);
  },
  client: () => async (url) => {
    const response = await fetch(url, { method: 'POST', headers: HEADERS, body: BODY });
    await response.json();
  },
};

/** Round trips per second; the bar is as many as over real sockets. */
export async function loopbackRatios(): Promise<Ratio[]> {
  return [
    await ratioOf('node:http under simulation against real loopback', nodeHttp),
    await ratioOf('Express and fetch under simulation against real loopback', expressAndFetch),
  ];
}

async function ratioOf(name: string, pair: Pair): Promise<Ratio> {
  return compare(name, 'round trips/s', { ours: () => simulated(pair), theirs: () => real(pair) }, TURNS);
}

/** What both do between the first and the last trip is measured, and nothing that comes before or after. */
async function simulated(pair: Pair): Promise<number> {
  // Outside of the simulation, whose clock is another.
  const realMs = AsyncResource.bind(() => performance.now());
  let rate = Number.NaN;
  const scenario = defineScenario({
    name: 'loopback',
    hosts: { orders: daemon(() => void pair.server().listen(3000)) },
    drive: (world) =>
      world.client('shopper', async () => {
        const trip = pair.client();
        const startMs = realMs();
        for (let i = 0; i < TRIPS; i++) await trip('http://orders:3000/checkout');
        rate = (TRIPS * 1000) / (realMs() - startMs);
      }),
  });
  const result = await simulate(scenario, { plan: calmPlan });
  if (result.verdict !== 'ok') throw new Error(result.violations[0]?.message);
  return rate;
}

async function real(pair: Pair): Promise<number> {
  const server = pair.server();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/checkout`;
  const trip = pair.client();
  const rate = await perSecond(TRIPS, async () => {
    for (let i = 0; i < TRIPS; i++) await trip(url);
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return rate;
}
