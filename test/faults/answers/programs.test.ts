// Faults in answers where the request comes over a connection: at a program that listens by itself, over TLS,
// from an agent of `node:http`, and on a connection that is kept open.

import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { test } from 'node:test';
import { handler, program, type Fault, type HostDefinition } from '../../../src/index.ts';
import { calmPlan } from '../../../src/faults/fault.ts';
import { asGuest } from '../../scenario/driven.ts';

const server = new URL('./own-server.mjs', import.meta.url);
const plan = (...faults: Fault[]) => ({ plan: { ...calmPlan, faults } });
const ref = { from: 'guest', to: 'api', label: 'GET /' } as const;

function asks(
  get: typeof http.get,
  url: string,
  agent?: http.Agent,
): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { rejectUnauthorized: false, ...(agent === undefined ? {} : { agent }) };
    get(url, options, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('error', reject);
    }).on('error', reject);
  });
}

test('a program that listens by itself answers so, too', async () => {
  const { value, result } = await asGuest(
    { hosts: { api: program(server) } },
    async () => {
      const seen: string[] = [];
      for (let i = 0; i < 3; i++) {
        const response = await fetch('http://api:8080/');
        seen.push(`${response.status} ${(await response.text()).trim()}`);
      }
      return seen;
    },
    plan(
      { kind: 'answer', ...ref, nth: 1, status: 503, executed: false },
      { kind: 'malformed', ...ref, nth: 2, body: 'broken-json' },
    ),
  );
  assert.deepEqual(value, ['503 Service Unavailable', '200 ow', '200 own']);
  assert.equal(result.ledger.length, 2);
});

test('requests on a connection that is kept open are told apart', async () => {
  const { value } = await asGuest(
    { hosts: { api: program(server) } },
    async () => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const all = await Promise.all(
        Array.from({ length: 4 }, () => asks(http.get, 'http://api:8080/', agent)),
      );
      return all.map(({ status }) => status);
    },
    plan(
      { kind: 'answer', ...ref, nth: 2, status: 500, executed: true },
      { kind: 'slowAnswer', ...ref, nth: 3, byMs: 50, executed: false },
      { kind: 'answer', ...ref, nth: 4, status: 429, executed: false },
    ),
  );
  assert.deepEqual(value, [200, 500, 200, 429]);
});

test('requests that are sent before the answers are told apart', async () => {
  const { value } = await asGuest(
    { hosts: { api: program(server) } },
    () =>
      new Promise<string[]>((resolve) => {
        const socket = net.connect(8080, 'api');
        let text = '';
        socket.on('data', (part) => {
          text += part.toString();
          const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => String(status));
          if (statuses.length < 3) return;
          socket.destroy();
          resolve(statuses);
        });
        for (let i = 0; i < 3; i++) socket.write('GET / HTTP/1.1\r\nHost: api\r\n\r\n');
      }),
    plan({ kind: 'answer', ...ref, nth: 2, status: 503, executed: false }),
  );
  assert.deepEqual(value, ['200', '503', '200']);
});

test('over TLS, too', async () => {
  const api: HostDefinition = handler(() => () => new Response('secret'));
  const { value } = await asGuest(
    { hosts: { api } },
    async () => {
      const ask = (): Promise<string> =>
        asks(https.get, 'https://api/').then(
          ({ status, text }) => `${status} ${text}`,
          (error: unknown) => (error as { code: string }).code,
        );
      return [await ask(), await ask(), await ask()];
    },
    plan(
      { kind: 'answer', ...ref, nth: 1, status: 502, executed: true },
      { kind: 'lostAnswer', ...ref, nth: 2, ending: 'reset' },
    ),
  );
  assert.deepEqual(value, ['502 Bad Gateway\n', 'ECONNRESET', '200 secret']);
});

test('a client that gave up while its request waited has nothing executed', async () => {
  for (const listens of [false, true]) {
    let executed = 0;
    const api = listens
      ? handler(() => (_request: http.IncomingMessage, response: http.ServerResponse) => {
          executed++;
          response.end();
        })
      : handler(() => () => {
          executed++;
          return new Response('ok');
        });
    await asGuest(
      { hosts: { api } },
      async () => {
        await fetch('http://api/', { signal: AbortSignal.timeout(50) }).catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 500));
      },
      plan({ kind: 'slowAnswer', ...ref, nth: 1, byMs: 100, executed: false }),
    );
    assert.equal(executed, 0, listens ? 'on a socket' : 'by messages');
  }
});
