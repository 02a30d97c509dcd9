// What is taken down of requests and their answers: the same for functions of a request and for servers on
// sockets, and whatever becomes of them.

import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { describe, test } from 'node:test';
import { calmPlan, type Fault, type FaultPlan } from '../../src/faults/fault.ts';
import { daemon, handler, type HostDefinition } from '../../src/host/definition.ts';
import type { TimedCall, Traffic } from '../../src/history/traffic.ts';
import type { World } from '../../src/scenario/world.ts';
import { driven, sleep } from '../scenario/driven.ts';

const PORT = 3_000;

type Answer = (path: string) => Promise<number>;

/** A server that answers with a status after some time, as a function or on a socket. */
const KINDS: Readonly<Record<string, (answer: Answer) => HostDefinition>> = {
  'as a function': (answer) =>
    handler(
      () => async (request) => new Response('done', { status: await answer(new URL(request.url).pathname) }),
      {
        port: PORT,
      },
    ),
  'on a socket': (answer) =>
    daemon(() => {
      const server = http.createServer((request, response) => void respond(answer, request, response));
      server.listen(PORT);
    }),
};

async function respond(
  answer: Answer,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '', 'http://server');
  response.statusCode = await answer(pathname);
  response.end('done');
}

const shop: Answer = async (path) => {
  if (path === '/slow') await sleep(250);
  if (path === '/never') await sleep(100_000);
  if (path === '/wrong') return 503;
  return 200;
};

function ask(path: string, timeoutMs?: number): Promise<number | string> {
  const signal = timeoutMs === undefined ? null : AbortSignal.timeout(timeoutMs);
  return fetch(`http://server:${PORT}${path}`, { signal }).then(
    async (response) => {
      await response.text();
      return response.status;
    },
    (error: unknown) => (error as Error).name,
  );
}

async function trafficOf(
  server: HostDefinition,
  body: (world: World) => Promise<unknown>,
  plan: FaultPlan = calmPlan,
): Promise<Traffic> {
  const guest = (world: World) => world.client('guest', () => body(world));
  const { result } = await driven({ hosts: { server }, traffic: true, calmMs: 2_000 }, guest, { plan });
  assert.ok(result.traffic);
  return result.traffic;
}

/** Names, ends, and how long it took in whole milliseconds. */
function shown({ calls }: Traffic): string[] {
  return calls.map(({ name, nth, end, status, sentMs, endedMs, isError }) => {
    const took = endedMs === undefined ? '' : ` ${Math.floor(endedMs - sentMs)} ms`;
    return `${name} #${nth} ${end} ${status ?? ''}${isError ? '!' : ''}${took}`;
  });
}

function planOf(...faults: Fault[]): FaultPlan {
  return { ...calmPlan, faults };
}

for (const [kind, serverOf] of Object.entries(KINDS)) {
  describe(`a server ${kind}`, () => {
    test('answers take as long as their client waits for them', async () => {
      const traffic = await trafficOf(serverOf(shop), async () => {
        await ask('/quick');
        await ask('/slow?twice=1');
        await ask('/wrong');
        await ask('/quick');
      });
      assert.deepEqual(shown(traffic), [
        'GET /quick #1 answered 200 2 ms',
        'GET /slow #1 answered 200 252 ms',
        'GET /wrong #1 answered 503! 2 ms',
        'GET /quick #2 answered 200 2 ms',
      ]);
      assert.ok(traffic.calls.every(({ isCalm, from, to }) => isCalm && from === 'guest' && to === 'server'));
    });

    test('a client that gives up has waited until then', async () => {
      const traffic = await trafficOf(serverOf(shop), () => ask('/never', 400));
      assert.match(shown(traffic).join(), /^GET \/never #1 given up ! (?:397|400) ms$/);
    });

    test('a request that is pending at the end of the run has no end', async () => {
      const traffic = await trafficOf(serverOf(shop), async () => {
        void ask('/never');
        await sleep(10);
      });
      assert.deepEqual(shown(traffic), ['GET /never #1 pending ']);
    });

    test('a reset is told to the client; what it met is no longer calm', async () => {
      const message = { from: 'guest', to: 'server', message: 'request', label: 'GET /b', nth: 1 } as const;
      const traffic = await trafficOf(
        serverOf(shop),
        async () => {
          await ask('/a');
          await ask('/b');
          await ask('/c');
        },
        planOf({ kind: 'reset', ...message }),
      );
      const [first, second, last] = traffic.calls as [TimedCall, TimedCall, TimedCall];
      assert.deepEqual([first.end, first.isCalm], ['answered', true]);
      assert.deepEqual([second.end, second.isError, second.isCalm], ['failed', true, false]);
      assert.deepEqual([last.end, last.isCalm], ['answered', false]);
    });

    test('an answer that is lost is none', async () => {
      const message = { from: 'server', to: 'guest', message: 'response', label: 'GET /a', nth: 1 } as const;
      const traffic = await trafficOf(
        serverOf(shop),
        async () => {
          await ask('/a', 300);
          await ask('/b', 300);
        },
        planOf({ kind: 'drop', ...message }),
      );
      const ends = traffic.calls.map(({ name, end }) => `${name} ${end}`);
      assert.deepEqual(ends, ['GET /a given up', 'GET /b answered']);
    });

    test('a host has the requests that arrived, until it answers or nobody waits', async () => {
      const traffic = await trafficOf(serverOf(shop), async () => {
        await Promise.all([ask('/slow'), ask('/slow'), ask('/never', 600)]);
        await sleep(100);
        await Promise.all([ask('/slow'), ask('/slow')]);
      });
      assert.deepEqual(
        traffic.arrivals.map(({ depth }) => depth),
        [1, 2, 3, 1, 2],
      );
    });

    test('a crash ends what the host had', async () => {
      const traffic = await trafficOf(serverOf(shop), async (world) => {
        const asked = Promise.all([ask('/never'), ask('/never')]);
        await sleep(20);
        world.host('server').crash();
        await asked;
        await world.host('server').restart();
        await ask('/quick');
      });
      assert.deepEqual(
        traffic.calls.map(({ end }) => end),
        ['failed', 'failed', 'answered'],
      );
      assert.deepEqual(
        traffic.arrivals.map(({ depth }) => depth),
        [1, 2, 1],
      );
    });
  });
}

test('a request on a connection that is dead is one, and nobody answers it', async () => {
  const message = { from: 'guest', to: 'server', message: 'request', label: 'GET /a', nth: 1 } as const;
  const pipeline = async () => {
    const socket = net.connect({ host: 'server', port: PORT });
    await new Promise((resolve) => socket.once('connect', resolve));
    for (const path of ['/a', '/b']) {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: server\r\n\r\n`);
      await sleep(50);
    }
    socket.destroy();
  };
  const traffic = await trafficOf(
    KINDS['on a socket']!(shop),
    pipeline,
    planOf({ kind: 'drop', ...message }),
  );
  assert.deepEqual(shown(traffic), ['GET /a #1 given up ! 99 ms', 'GET /b #0 given up ! 50 ms']);
});

test('an interim response is no answer', async () => {
  const server = daemon(() => {
    const listener = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        socket.write('HTTP/1.1 103 Early Hints\r\n\r\n');
        setTimeout(() => socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'), 40);
      });
    });
    listener.listen(PORT);
  });
  const traffic = await trafficOf(server, () => ask('/hinted'));
  assert.deepEqual(shown(traffic), ['GET /hinted #1 answered 204 41 ms']);
});

test('operations of clients are there too, their retries in them', async () => {
  const { result } = await driven(
    { hosts: { server: KINDS['as a function']!(shop) }, traffic: true },
    (world) =>
      world.client('guest', async (client) => {
        const call = (path: string) => fetch(`http://server:${PORT}${path}`);
        await client.operation('twice', null, async () => {
          await call('/slow');
          return call('/quick');
        });
        await client.operation('wrong', null, () => call('/wrong'));
        await client.operation('nowhere', null, () => fetch('http://server:9/'));
      }),
  );
  const operations = result.traffic?.calls.filter((call) => call.kind === 'operation') ?? [];
  const told = operations.map(({ name, from, isError, operation, sentMs, endedMs = 0 }) => {
    return `${operation} ${from} ${name} ${isError ? 'error' : 'fine'} ${Math.floor(endedMs - sentMs)} ms`;
  });
  assert.deepEqual(told, [
    '0 guest twice fine 254 ms',
    '1 guest wrong error 2 ms',
    '2 guest nowhere error 2 ms',
  ]);
});

test('a run without it is the same run, and has none', async () => {
  const body = () => Promise.all([ask('/slow'), ask('/wrong')]);
  const guest = (world: World) => world.client('guest', body);
  for (const server of Object.values(KINDS)) {
    const kept = await driven({ hosts: { server: server(shop) }, traffic: true }, guest);
    const bare = await driven({ hosts: { server: server(shop) } }, guest);
    assert.equal(kept.result.hash, bare.result.hash);
    assert.equal(bare.result.traffic, undefined);
  }
});

test('a check that reads traffic nobody keeps is told so', async () => {
  const { result } = await driven(
    { always: { 'few requests': (world) => world.traffic.calls.length < 10 } },
    () => sleep(1),
    { mayFail: true },
  );
  assert.match(result.violations[0]?.message ?? '', /Expected `traffic: true` in the scenario/);
});
