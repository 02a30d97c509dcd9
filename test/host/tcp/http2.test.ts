// HTTP/2 on simulated machines, beyond what it does over real sockets too.

import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { test } from 'node:test';
import { daemon, type HostDefinition } from '../../../src/host/definition.ts';
import { latency } from '../../../src/network/latency.ts';
import { Run } from '../../../src/scenario/run.ts';
import { simulate } from '../../../src/scenario/simulate.ts';
import { asGuest, scenarioOf, serving, sleep } from '../../scenario/driven.ts';

const network = { latency: latency.constant(10) };

/** Answers each stream with its path, a large body and trailers. */
function server(): HostDefinition {
  return daemon(() => {
    const made = http2.createServer();
    made.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-path': headers[':path'] }));
      stream.end(`${headers[':path']} ${'x'.repeat(100_000)}`);
    });
    made.listen(8000);
  });
}

function connect(): http2.ClientHttp2Session {
  return http2.connect('http://server:8000').on('error', () => {});
}

function ask(session: http2.ClientHttp2Session, path: string): Promise<string> {
  return new Promise((resolve) => {
    const stream = session.request({ ':path': path });
    let length = 0;
    stream.on('data', (bytes: Buffer) => {
      length += bytes.length;
    });
    stream.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    stream.on('close', () => resolve(`${path} ${length}`));
  });
}

const parallel = scenarioOf({ hosts: { server: server() } }, (world) =>
  world.client('guest', async () => {
    await sleep(1);
    const session = connect();
    await Promise.all(['/a', '/b', '/c'].map((path) => ask(session, path)));
    session.close();
  }),
);

test('http2: 50 seeds are the same run twice', async () => {
  const hashes = new Set<string>();
  for (let seed = 1; seed <= 50; seed++) {
    const [first, second] = [await simulate(parallel, { seed }), await simulate(parallel, { seed })];
    assert.equal(first.verdict, 'ok', first.violations[0]?.message);
    assert.equal(first.hash, second.hash, `seed ${seed}`);
    hashes.add(first.hash);
  }
  assert.ok(hashes.size > 1, 'seeds differ from one another');
});

/** The hashes of some runs that get this many turns of the event loop after each event. */
async function hashesWith(turns: number): Promise<string[]> {
  const usual = Object.getOwnPropertyDescriptor(Run.prototype, 'loopTurns') as PropertyDescriptor;
  Object.defineProperty(Run.prototype, 'loopTurns', {
    configurable: true,
    get(this: object) {
      return usual.get?.call(this) === 0 ? 0 : turns;
    },
  });
  try {
    const hashes: string[] = [];
    for (const seed of [1, 2, 3]) hashes.push((await simulate(parallel, { seed })).hash);
    return hashes;
  } finally {
    Object.defineProperty(Run.prototype, 'loopTurns', usual);
  }
}

test('http2: native code comes to rest within four turns: more change nothing, fewer do', async () => {
  const hashes: string[] = [];
  for (let seed = 1; seed <= 3; seed++) hashes.push((await simulate(parallel, { seed })).hash);
  assert.deepEqual(await hashesWith(8), hashes);
  assert.notDeepEqual(await hashesWith(2), hashes);
});

test('http2: the date is that of the host', async () => {
  const { value } = await asGuest({ hosts: { server: server() } }, async () => {
    await sleep(5_000);
    const stream = connect().request({ ':path': '/date' });
    return new Promise((resolve) => {
      stream.on('response', ({ date }) => resolve(date));
    });
  });
  assert.equal(value, 'Mon, 01 Jan 2024 00:00:05 GMT');
});

test('http2: a ping takes as long as the network does', async () => {
  const { value } = await asGuest({ hosts: { server: server() }, network }, async () => {
    await sleep(1);
    const session = connect();
    await ask(session, '/first');
    return new Promise((resolve) => {
      session.ping((_error, ms) => resolve(ms));
    });
  });
  assert.equal(value, 20);
});

test('http2: a crash of the server ends the session of the client', async () => {
  const { value } = await asGuest({ hosts: { server: server() }, network }, async (world) => {
    await sleep(1);
    const session = connect();
    await ask(session, '/first');
    const closed = new Promise((resolve) => {
      session.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    world.host('server').crash();
    return closed;
  });
  assert.equal(value, 'ECONNRESET');
});

test('http2: an exception in a listener crashes its host, and nobody else', async () => {
  const hosts = {
    server: daemon(() => {
      const made = http2.createServer();
      made.on('stream', (stream) => {
        stream.on('data', () => {
          throw new Error('a bug of the server');
        });
      });
      made.listen(8000);
    }),
  };
  const scenario = scenarioOf({ hosts, network }, (world) =>
    world.client('guest', async () => {
      await sleep(1);
      const stream = connect().request({ ':path': '/', ':method': 'POST' });
      stream.on('error', () => {});
      stream.end('body');
      await new Promise((resolve) => stream.on('close', resolve));
    }),
  );
  const { violations } = await simulate(scenario, { seed: 1 });
  assert.deepEqual(
    violations.map(({ code, name }) => [code, name]),
    [['WT_UNCAUGHT', 'server']],
  );
});

test('http2: the loop is left alone again after the last session', async () => {
  let turns = 0;
  const isCounting = { value: false };
  const real = setImmediate;
  const count = (): void => {
    if (!isCounting.value) return;
    turns++;
    real(count);
  };
  await asGuest({ hosts: { server: server() } }, async () => {
    await sleep(1);
    const session = connect();
    await ask(session, '/only');
    session.close();
    await new Promise((resolve) => session.on('close', resolve));
    await sleep(50);
    isCounting.value = true;
    real(count);
    for (let i = 0; i < 100; i++) await sleep(1);
    isCounting.value = false;
  });
  assert.ok(turns < 100, `${turns} turns for 100 events`);
});

test('http2: what a run leaves open is destroyed with it', async () => {
  const scenario = scenarioOf({ hosts: { server: server() } }, (world) =>
    world.client('guest', async () => {
      await sleep(1);
      await ask(connect(), '/left-open');
    }),
  );
  const open: WeakRef<http2.ClientHttp2Session>[] = [];
  const leaving = scenarioOf(
    { hosts: { server: serving(() => new Response('')), other: server() } },
    (world) =>
      world.client('guest', async () => {
        await sleep(1);
        const session = http2.connect('http://other:8000').on('error', () => {});
        open.push(new WeakRef(session));
        await ask(session, '/left-open');
      }),
  );
  for (let seed = 1; seed <= 20; seed++) {
    await simulate(scenario, { seed });
    await simulate(leaving, { seed });
  }
  for (const each of open) assert.equal(each.deref()?.destroyed ?? true, true);
});

test('http2: a recorded run finds nothing that leaves the simulation', async () => {
  const { verdict, violations, hash } = await simulate(parallel, { seed: 1, record: true });
  assert.equal(verdict, 'ok', violations[0]?.message);
  assert.equal(hash, (await simulate(parallel, { seed: 1 })).hash);
});
