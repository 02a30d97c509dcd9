// What must not cross from one host, life or run to another.

import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { daemon } from '../../../src/host/definition.ts';
import { asGuest, driven, sleep } from '../../scenario/driven.ts';
import { echo, PORT } from './scenes.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('code of one host that uses a socket of another is an escape that names both', async () => {
  // As a package would keep it that both hosts share.
  let shared: net.Socket | undefined;
  const hosts = {
    server: echo(),
    first: daemon(() => {
      shared = net.connect(PORT, 'server');
      shared.on('error', () => {});
    }),
    second: daemon(async () => {
      await sleep(50);
      try {
        shared?.write('mine');
      } catch {
        // The run fails all the same.
      }
    }),
  };
  const { result } = await driven({ hosts }, () => sleep(200), { mayFail: true });
  const [violation] = result.violations;
  assert.equal(violation?.code, 'WT_ESCAPE');
  assert.match(violation.message, /host `second` called `socket\.write\(\)` on a socket of host `first`/);
  assert.match(violation.message, /isolate/);
});

test('a socket that a package kept from an earlier life of its host is reported as such', async () => {
  let shared: net.Socket | undefined;
  const hosts = {
    server: echo(),
    caller: daemon(async () => {
      if (shared === undefined) {
        shared = net.connect(PORT, 'server');
        shared.on('error', () => {});
        return;
      }
      await sleep(10);
      shared.write('again');
    }),
  };
  const run = async (): Promise<string> => {
    const { result } = await driven(
      { hosts },
      async (world) => {
        await sleep(50);
        await world.host('caller').restart();
        await sleep(50);
      },
      { mayFail: true },
    );
    return result.violations.map(({ code, message }) => `${code} ${message}`).join('\n');
  };
  assert.match(
    await run(),
    /WT_ESCAPE host `caller` called `socket\.write\(\)` on a socket of its own life #1/,
  );
});

test('pools of an agent never cross hosts, lives or runs', async () => {
  const agent = new http.Agent({ keepAlive: true });
  const ask = (): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const request = http.get({ host: 'server', port: PORT, agent }, (response) => {
        response.resume().on('close', () => resolve(request.reusedSocket));
      });
      request.on('error', reject);
    });
  const reused: boolean[] = [];
  const caller = daemon(async () => {
    reused.push(await ask(), await ask());
  });
  const server = daemon(() => void http.createServer((_request, response) => response.end('x')).listen(PORT));
  for (let run = 0; run < 2; run++) {
    await driven({ hosts: { server, one: caller, two: caller } }, async (world) => {
      await sleep(100);
      await world.host('one').restart();
      await sleep(100);
    });
  }
  assert.deepEqual(
    reused.filter((_, i) => i % 2 === 0),
    [false, false, false, false, false, false],
  );
  assert.deepEqual(Object.keys({ ...agent.freeSockets, ...agent.sockets, ...agent.requests }), []);
  assert.equal((agent as unknown as { totalSocketCount: number }).totalSocketCount, 0);
});

test('a host that destroys an agent does not destroy the sockets of others', async () => {
  const agent = new http.Agent({ keepAlive: true });
  const ask = (): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const request = http.get({ host: 'server', port: PORT, agent }, (response) => {
        response.resume().on('close', () => resolve(request.reusedSocket));
      });
      request.on('error', reject);
    });
  const server = daemon(() => void http.createServer((_request, response) => response.end('x')).listen(PORT));
  const second = daemon(async () => {
    await ask();
    await sleep(50);
    agent.destroy();
  });
  const { value } = await asGuest({ hosts: { server, second } }, async () => {
    await ask();
    await sleep(200);
    return ask();
  });
  assert.equal(value, true);
});

test('two thousand runs that end with open connections leave the heap as it was', async () => {
  const server = daemon(() => {
    http
      .createServer((request, response) => {
        // Some answers never come.
        if (request.url === '/') response.end('x'.repeat(100));
      })
      .listen(PORT);
  });
  const agent = new http.Agent({ keepAlive: true });
  const runs = async (count: number): Promise<number> => {
    for (let i = 0; i < count; i++) {
      await asGuest({ hosts: { server } }, async () => {
        net.connect(PORT, 'server');
        http.get({ host: 'server', port: PORT, agent, path: '/never' });
        await new Promise((resolve) => {
          http.get({ host: 'server', port: PORT, agent }, (response) =>
            response.resume().on('close', resolve),
          );
        });
      });
    }
    collect();
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = await runs(500);
  const after = await runs(2_000);
  assert.ok(after - before < 4_000_000, `the heap grew by ${after - before} bytes`);
});
