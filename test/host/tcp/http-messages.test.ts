// HTTP on simulated sockets under faults: messages have the names that people give them, and what is lost is
// lost as on a real network.

import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  calmPlan,
  CheckFailure,
  daemon,
  defineScenario,
  explore,
  latency,
  swarm,
} from '../../../src/index.ts';
import type { Fault, FaultPlan } from '../../../src/faults/fault.ts';
import { asGuest, sleep } from '../../scenario/driven.ts';
import { PORT } from './scenes.ts';

/** A server of `node:http` that counts charges. */
function bank(charges: string[]): ReturnType<typeof daemon> {
  return daemon((host) => {
    host.expose({ charges });
    http
      .createServer((request, response) => {
        request.resume().on('end', () => {
          charges.push(String(request.url));
          response.statusCode = 201;
          response.end('charged');
        });
      })
      .listen(PORT);
  });
}

/** Posts by `node:http`. @returns the status, or the code of the error. */
function post(path: string, options: http.RequestOptions = {}): Promise<number | string> {
  return new Promise((resolve) => {
    const request = http.request({
      host: 'server',
      port: PORT,
      path,
      method: 'POST',
      agent: false,
      ...options,
    });
    request.on('response', (response) => {
      response
        .resume()
        .on('close', () => resolve(response.complete ? (response.statusCode ?? 0) : 'cut off'));
    });
    request.on('timeout', () => request.destroy(Object.assign(new Error('slow'), { code: 'slow' })));
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    request.end('{}');
  });
}

function planOf(...faults: Fault[]): { plan: FaultPlan } {
  return { plan: { ...calmPlan, faults } };
}

const REQUEST = { from: 'guest', to: 'server', message: 'request', label: 'POST /charge', nth: 1 } as const;
const RESPONSE = { from: 'server', to: 'guest', message: 'response', label: 'POST /charge', nth: 1 } as const;

test('messages on sockets are named by what they are', async () => {
  const seen: string[] = [];
  await asGuest({ hosts: { server: bank([]) } }, async (world) => {
    world.network.rule(({ from, kind, label, nth }) => {
      seen.push(`${from}: ${kind} ${label} #${nth}`);
      return undefined;
    });
    const agent = new http.Agent({ keepAlive: true });
    assert.equal(await post('/charge?n=1', { agent }), 201);
    assert.equal(await post('/charge?n=2', { agent }), 201);
    net.connect(PORT, 'server').end('BEGIN');
    await sleep(50);
    agent.destroy();
  });
  const named = seen.filter((each) => !each.includes('signal'));
  assert.deepEqual(named, [
    'guest: connection to :4000 #1',
    'guest: request POST /charge #1',
    'server: response POST /charge #1',
    'guest: request POST /charge #2',
    'server: response POST /charge #2',
    'guest: connection to :4000 #2',
    'guest: segment :4000 #1',
    // The server answers what is no HTTP.
    'server: segment :4000 #1',
  ]);
});

test('a response that is dropped: the charge was made, and the client learns nothing', async () => {
  const charges: string[] = [];
  const faults = planOf({ kind: 'drop', ...RESPONSE });
  const { value, result } = await asGuest(
    { hosts: { server: bank(charges) } },
    () => Promise.all([post('/charge', { timeout: 1_000 }), post('/other', { timeout: 1_000 })]),
    faults,
  );
  assert.deepEqual(value, ['slow', 201]);
  assert.deepEqual(charges.toSorted(), ['/charge', '/other']);
  assert.deepEqual(result.ledger, faults.plan.faults);
});

test('a request that is dropped: nothing was executed', async () => {
  const charges: string[] = [];
  const { value } = await asGuest(
    { hosts: { server: bank(charges) } },
    () => post('/charge', { timeout: 1_000 }),
    planOf({ kind: 'drop', ...REQUEST }),
  );
  assert.deepEqual([value, charges], ['slow', []]);
});

test('a response that is reset: the charge was made, and the client gets ECONNRESET', async () => {
  const charges: string[] = [];
  const { value } = await asGuest(
    { hosts: { server: bank(charges) } },
    () => post('/charge'),
    planOf({ kind: 'reset', ...RESPONSE }),
  );
  assert.deepEqual([value, charges], ['ECONNRESET', ['/charge']]);
});

test('a connection that is refused: nothing was executed, and the ledger names it', async () => {
  const charges: string[] = [];
  const faults = planOf({ ...REQUEST, kind: 'refuse', message: 'connection', label: 'to :4000' });
  const { value, result } = await asGuest(
    { hosts: { server: bank(charges) } },
    () => post('/charge'),
    faults,
  );
  assert.deepEqual([value, charges], ['ECONNREFUSED', []]);
  assert.deepEqual(result.ledger, faults.plan.faults);
});

test('time-outs of an HTTP server come in virtual time', async () => {
  const { value } = await asGuest(
    {
      hosts: {
        server: daemon(() => void http.createServer(() => {}).listen(PORT)),
      },
    },
    async (world) => {
      const socket = net.connect(PORT, 'server');
      let answer = '';
      socket.on('data', (bytes) => (answer += String(bytes)));
      socket.write('GET / HTTP/1.1\r\nHost');
      await new Promise((resolve) => socket.on('close', resolve));
      return [answer.split('\r\n')[0], world.nowMs];
    },
  );
  // headersTimeout is 60 seconds, and Node.js looks every 30.
  const [status, atMs] = value as [string, number];
  assert.equal(status, 'HTTP/1.1 408 Request Timeout');
  assert.ok(atMs > 60_000 && atMs <= 91_000, String(atMs));
});

test('a lost response is found and shrinks to one fault, by the name that people give it', async () => {
  const scenario = defineScenario({
    name: 'charges over sockets',
    hosts: {
      server: daemon((host) => {
        const charges: string[] = [];
        host.expose({ charges });
        http
          .createServer((request, response) => {
            request.resume().on('end', () => {
              charges.push(String(request.headers['x-order']));
              response.statusCode = 201;
              response.end();
            });
          })
          .listen(PORT);
      }),
    },
    network: { latency: latency.longTail({ medianMs: 5, p99Ms: 40 }) },
    faults: swarm({ drop: true, delay: true, reset: true, refuse: true }),
    workload: fc.integer({ min: 1, max: 4 }),
    async drive(world, orders) {
      const shop = async (order: number): Promise<void> => {
        const headers = { 'X-Order': `${order}` };
        for (let attempt = 0; attempt < 3; attempt++) {
          if ((await post('/charge', { headers, timeout: 1_000 })) === 201) return;
        }
      };
      const shoppers = Array.from({ length: orders }, (_, i) => `shopper-${i + 1}`);
      await Promise.all(shoppers.map((name, order) => world.client(name, () => shop(order))));
    },
    always: {
      'charged at most once': (world) => {
        const { charges = [] } = (world.host('server').exports ?? {}) as { charges?: string[] };
        return new Set(charges).size === charges.length;
      },
    },
  });
  const found = new Set<string>();
  for (const seed of [1, 2, 3, 4]) {
    const failure: unknown = await explore(scenario, { seed, runs: 300 }).catch((error: unknown) => error);
    assert.ok(failure instanceof CheckFailure, String(failure));
    const { faults } = failure.result.plan;
    assert.equal(faults.length, 1, JSON.stringify(faults));
    assert.equal(failure.result.workload, 1);
    const [{ kind, ...ref }] = faults as [Fault & { from: string; byMs?: number }];
    delete ref.byMs;
    found.add(kind);
    assert.deepEqual(ref, { ...RESPONSE, to: 'shopper-1' }, kind);
    assert.match(failure.message, /response to POST \/charge #1/);
  }
  assert.ok(found.has('drop') || found.has('reset'), [...found].join(', '));
});
