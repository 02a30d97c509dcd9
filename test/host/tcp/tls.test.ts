// What TLS goes through on simulated machines, beyond what it does over real sockets too.

import assert from 'node:assert/strict';
import https from 'node:https';
import tls from 'node:tls';
import net from 'node:net';
import process from 'node:process';
import { test } from 'node:test';
import { simulate } from '../../../src/scenario/simulate.ts';
import { daemon } from '../../../src/host/definition.ts';
import type { HostDefinition } from '../../../src/host/definition.ts';
import { asGuest, scenarioOf, serving, sleep } from '../../scenario/driven.ts';
import { latency } from '../../../src/network/latency.ts';

/** A server that says `hello` to everybody, and keeps the connection. */
function secureServer(): HostDefinition {
  return daemon(() => {
    tls.createServer({}, (socket) => socket.on('error', () => {}).write('hello')).listen(8443);
  });
}

/** What a client sees, with the times. */
function watched(
  begunMs: number,
  options: tls.ConnectionOptions = {},
): { socket: tls.TLSSocket; seen: string[] } {
  const seen: string[] = [];
  const socket = tls.connect({ host: 'server', port: 8443, ...options });
  for (const name of ['connect', 'secureConnect', 'data', 'end', 'close']) {
    socket.on(name, () => seen.push(`${name} ${Date.now() - begunMs}`));
  }
  socket.on('error', (error: NodeJS.ErrnoException) => seen.push(`${error.code} ${Date.now() - begunMs}`));
  return { socket, seen };
}

const network = { latency: latency.constant(10) };

test('tls: a handshake takes one round trip more than a connection', async () => {
  const { value } = await asGuest({ hosts: { server: secureServer() }, network }, async () => {
    await sleep(100);
    const { seen } = watched(Date.now());
    await sleep(100);
    return seen;
  });
  assert.deepEqual(value, ['connect 20', 'secureConnect 40', 'data 60']);
});

test('tls: a crash of the server resets the connection', async () => {
  const { value } = await asGuest({ hosts: { server: secureServer() }, network }, async (world) => {
    await sleep(100);
    const { seen } = watched(Date.now());
    await sleep(90);
    world.host('server').crash();
    await sleep(100);
    return seen;
  });
  assert.deepEqual(value, ['connect 20', 'secureConnect 40', 'data 60', 'ECONNRESET 100', 'close 100']);
});

test('tls: a partition stalls the handshake until it heals', async () => {
  const { value } = await asGuest({ hosts: { server: secureServer() }, network }, async (world) => {
    await sleep(100);
    const { seen } = watched(Date.now());
    await sleep(15);
    const partition = world.network.partition({ from: ['server'], to: ['guest'] });
    await sleep(5_000);
    partition.heal();
    await sleep(30_000);
    return seen.map((each) => each.replace(/\d{4,}/, 'late'));
  });
  assert.deepEqual(value, ['connect 20', 'secureConnect late', 'data late']);
});

test('tls: a server that never answers ends in the handshake time-out of the other', async () => {
  const hosts = {
    server: daemon(() => {
      const server = tls.createServer({ handshakeTimeout: 2_000 });
      server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
        process.stdout.write(`${error.code}\n`);
        socket.destroy();
      });
      server.listen(8443);
    }),
  };
  const scenario = scenarioOf({ hosts, network }, (world) =>
    world.client('guest', async () => {
      const socket = net.connect(8443, 'server');
      await new Promise((resolve) => socket.on('close', resolve));
      assert.equal(Math.round(performance.now() / 1000), 2);
    }),
  );
  const result = await simulate(scenario, { seed: 1, record: true });
  assert.equal(result.verdict, 'ok', result.violations[0]?.message);
  const printed = result.trace?.filter((entry) => entry.kind === 'log').map((entry) => entry.text);
  assert.deepEqual(printed, ['ERR_TLS_HANDSHAKE_TIMEOUT']);
});

test('tls: code sees a certificate that is made up for the name it asked for', async () => {
  const { value } = await asGuest({ hosts: { server: secureServer() } }, async () => {
    await sleep(100);
    const { socket } = watched(0, { servername: 'bank.test' });
    await new Promise((resolve) => socket.on('secureConnect', resolve));
    const { subject, issuer, subjectaltname } = socket.getPeerCertificate();
    socket.destroy();
    return { authorized: socket.authorized, cn: subject.CN, by: issuer.CN, subjectaltname };
  });
  assert.deepEqual(value, {
    authorized: true,
    cn: 'bank.test',
    by: 'wavetank',
    subjectaltname: 'DNS:bank.test',
  });
});

test('tls: a server knows a client that shows a certificate by the name of its host', async () => {
  const names: unknown[] = [];
  const server = daemon(() => {
    tls
      .createServer({ requestCert: true }, (socket) => {
        names.push(socket.getPeerCertificate().subject.CN, socket.authorized);
        socket.end();
      })
      .listen(8443);
  });
  await asGuest({ hosts: { server } }, async () => {
    await sleep(100);
    const { socket } = watched(0, { cert: 'not read' });
    socket.resume();
    await new Promise((resolve) => socket.on('close', resolve));
  });
  assert.deepEqual(names, ['guest', true]);
});

test('tls: https reaches a service that is a function of a request', async () => {
  const server = serving((request) => Response.json({ url: request.url, by: request.method }));
  const { value } = await asGuest({ hosts: { server } }, async () => {
    const text = await new Promise<string>((resolve, reject) => {
      https
        .get('https://server:8443/path', (response) => {
          response.setEncoding('utf8').once('data', resolve);
        })
        .on('error', reject);
    });
    return JSON.parse(text) as unknown;
  });
  assert.deepEqual(value, { url: 'https://server:8443/path', by: 'GET' });
});

test('tls: a recorded run says once that the cryptography was left out', async () => {
  const { result } = await asGuest(
    { hosts: { server: secureServer() } },
    async () => {
      await sleep(100);
      for (let i = 0; i < 2; i++) {
        const { socket } = watched(0);
        await new Promise((resolve) => socket.on('data', resolve));
        socket.destroy();
      }
    },
    { record: true },
  );
  const notes = result.trace?.filter((entry) => entry.kind === 'note').map((entry) => entry.text);
  assert.deepEqual(
    notes?.filter((text) => text.startsWith('TLS')),
    ['TLS: the cryptography is left out, both ends talk in clear'],
  );
});

test('tls: 50 seeds are the same run twice', async () => {
  const server = serving((request) => new Response(request.url));
  const scenario = scenarioOf({ hosts: { server } }, (world) =>
    world.client('guest', async () => {
      await Promise.all(
        ['/a', '/b'].map(
          (path) =>
            new Promise((resolve, reject) => {
              https
                .get(`https://server${path}`, (response) => response.resume().on('end', resolve))
                .on('error', reject);
            }),
        ),
      );
    }),
  );
  for (let seed = 1; seed <= 50; seed++) {
    const [first, second] = [await simulate(scenario, { seed }), await simulate(scenario, { seed })];
    assert.equal(first.verdict, 'ok', first.violations[0]?.message);
    assert.equal(first.hash, second.hash);
  }
});

test('tls: a recorded run finds nothing that leaves the simulation', async () => {
  const scenario = scenarioOf({ hosts: { server: secureServer() } }, (world) =>
    world.client('guest', async () => {
      await sleep(100);
      const { socket } = watched(0);
      await new Promise((resolve) => socket.on('data', resolve));
      socket.end();
      await new Promise((resolve) => socket.on('close', resolve));
    }),
  );
  const { verdict, violations } = await simulate(scenario, { seed: 1, record: true });
  assert.equal(verdict, 'ok', violations[0]?.message);
});
