import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daemon } from '../../src/host/definition.ts';
import type { MessageView } from '../../src/network/message.ts';
import { verdict } from '../../src/network/verdict.ts';
import type { World } from '../../src/scenario/world.ts';
import { asGuest, driven, greeter, outcomeOf, serving, sleep } from './driven.ts';

function hello(url = 'http://server/'): Promise<string> {
  return fetch(url).then((response) => response.text());
}

// Clients.

test('a client has a clock and randomness of its own, and gives back what its code returns', async () => {
  const { value } = await driven({}, (world) =>
    Promise.all(
      ['a', 'b'].map((name) =>
        world.client(name, async (client) => {
          await sleep(5);
          return { name: client.name, random: Math.random(), now: Date.now() };
        }),
      ),
    ),
  );
  assert.deepEqual(
    value.map(({ name, now }) => [name, now]),
    [
      ['a', 1_704_067_200_005],
      ['b', 1_704_067_200_005],
    ],
  );
  assert.notEqual(value[0]!.random, value[1]!.random);
});

test('an operation is recorded with its interval, its input and what came of it', async () => {
  const { value, result } = await driven({}, (world) =>
    world.client('guest', async (client) => {
      const input = { items: [1] };
      const outcome = await client.operation('ask', input, async () => {
        input.items.push(2);
        return hello();
      });
      return [outcome, world.history];
    }),
  );
  const operation = {
    id: 0,
    client: 'guest',
    name: 'ask',
    input: { items: [1] },
    invokedMs: 0,
    type: 'ok',
    endedMs: 2,
    value: 'hello',
  };
  assert.deepEqual(value, [{ type: 'ok', value: 'hello' }, [operation]]);
  assert.deepEqual(result.history, [operation]);
});

test('a scenario may decide what an outcome counts as, and knows the id of an operation', async () => {
  const { value, result } = await driven({}, (world) =>
    world.client('guest', async (client) => {
      const gone = () => new Response(null, { status: 404 });
      const deleted = await client.operation('delete', null, gone, {
        outcome: ({ value: response }) => (response?.status === 404 ? 'ok' : undefined),
      });
      const refused = () => fetch('http://nobody/');
      const asked = await client.operation('ask', null, refused, {
        outcome: ({ error }) => (error === undefined ? 'ok' : 'info'),
      });
      const kept = await client.operation('add', null, (id) => id, { outcome: () => undefined });
      return [deleted.type, asked.type, kept];
    }),
  );
  assert.deepEqual(value, ['ok', 'info', { type: 'ok', value: 2 }]);
  assert.deepEqual(
    result.history.map(({ id, type }) => [id, type]),
    [
      [0, 'ok'],
      [1, 'info'],
      [2, 'ok'],
    ],
  );
  const wrong = driven({}, (world) =>
    world.client('guest', (client) =>
      client.operation('ask', null, () => 1, { outcome: () => 'good' as never }),
    ),
  );
  await assert.rejects(
    wrong,
    /what outcome\(\) answered` to be "ok", "fail", "info" or nothing, got `"good"/,
  );
});

test('operations of several clients overlap, and are listed in the order of their invocation', async () => {
  const { result } = await driven({}, (world) =>
    Promise.all(
      [30, 10, 20].map((delayMs) =>
        world.client(`client-${delayMs}`, async (client) => {
          await sleep(1);
          await client.operation('wait', delayMs, () => sleep(delayMs));
        }),
      ),
    ).then(() => undefined),
  );
  assert.deepEqual(
    result.history.map(({ client, invokedMs, endedMs }) => [client, invokedMs, endedMs]),
    [
      ['client-30', 1, 31],
      ['client-10', 1, 11],
      ['client-20', 1, 21],
    ],
  );
});

test('a client cannot have the name of a host, or none', async () => {
  await assert.rejects(
    driven({}, (world) => world.client('server', () => {})),
    {
      code: 'WT_OPTION',
      message: /Duplicate host "server": a client cannot have the name of a host/,
    },
  );
  await assert.rejects(
    driven({}, (world) => world.client('', () => {})),
    { code: 'WT_OPTION', message: /`client name`/ },
  );
});

// Hosts.

test('a host that does not exist is named with the one that was meant', async () => {
  const uses: ((world: World) => unknown)[] = [
    (world) => world.host('sever'),
    (world) => world.network.partition({ from: ['sever'] }),
    (world) => world.network.partition({ from: ['server'], to: ['sever'] }),
    (world) => world.network.hold('server', 'sever'),
    (world) => world.network.release('sever', 'server'),
  ];
  for (const use of uses) {
    await assert.rejects(
      driven({}, (world) => void use(world)),
      { message: 'unknown host "sever": did you mean "server"?' },
    );
  }
});

test('a stop with a deadline that cannot be is refused', async () => {
  await assert.rejects(
    driven({}, (world) => world.host('server').stop({ graceMs: NaN })),
    { message: /`graceMs`/ },
  );
});

// The network.

const trio = { hosts: { server: greeter(), other: greeter(), third: greeter() } };

test('a partition keeps messages back, and TCP sends them again after it healed', async () => {
  const { value } = await asGuest(trio, async (world) => {
    await hello();
    const cut = world.network.partition({ from: ['guest'], to: ['server'] });
    const answered = hello().then(() => world.nowMs);
    await sleep(500);
    const duringIt = await hello('http://other/');
    cut.heal();
    cut.heal();
    return [duringIt, await answered];
  });
  // Sent at 2 ms, again after 200, 400 and 800 ms, and then two messages of 1 ms.
  assert.deepEqual(value, ['hello', 604]);
});

test('a one-way partition lets requests through and their answers not, or the other way round', async () => {
  const executed: string[] = [];
  const server = serving((request) => {
    executed.push(new URL(request.url).pathname);
    return new Response('hello');
  });
  const { value } = await asGuest({ hosts: { server } }, async (world) => {
    await hello();
    const outcomes: unknown[] = [];
    for (const [from, to] of [
      ['server', 'guest'],
      ['guest', 'server'],
    ] as const) {
      const cut = world.network.partition({ from: [from], to: [to], oneWay: true });
      const answer = fetch(`http://server/${from}`, { signal: AbortSignal.timeout(1_000) });
      outcomes.push(await outcomeOf(answer.then((response) => response.text())));
      outcomes.push([...executed]);
      cut.heal();
    }
    return outcomes;
  });
  const timeout = 'TimeoutError: The operation was aborted due to timeout';
  assert.deepEqual(value, [timeout, ['/', '/server'], timeout, ['/', '/server']]);
});

test('a connection into a partition times out after 10 s', async () => {
  const { value } = await asGuest(trio, async (world) => {
    world.network.partition({ from: ['guest'], to: ['server'] });
    return [await outcomeOf(hello()), world.nowMs];
  });
  // The partition heals with the end of the storm, which is just then.
  assert.deepEqual(value, ['TypeError: fetch failed (UND_ERR_CONNECT_TIMEOUT)', 10_000]);
});

test('without a second side, a partition cuts hosts off from all others', async () => {
  const relay = (next: string) => serving(async () => new Response(await hello(next)));
  const hosts = { server: relay('http://third/'), other: relay('http://third/'), third: greeter() };
  const { value } = await asGuest({ hosts }, async (world) => {
    world.network.partition({ from: ['server'] });
    const signal = AbortSignal.timeout(2_000);
    return Promise.all(
      ['server', 'other'].map((name) =>
        outcomeOf(fetch(`http://${name}/`, { signal }).then((response) => response.text())),
      ),
    );
  });
  assert.deepEqual(value, ['TimeoutError: The operation was aborted due to timeout', 'ok hello']);
});

test('overlapping partitions are open when the last of them healed', async () => {
  const { value } = await asGuest(trio, async (world) => {
    const wide = world.network.partition({ from: ['guest'], to: ['server', 'other'] });
    const narrow = world.network.partition({ from: ['server'], to: ['guest'] });
    const answered = ['server', 'other'].map((name) => hello(`http://${name}/`).then(() => world.nowMs));
    await sleep(150);
    wide.heal();
    await sleep(300);
    narrow.heal();
    return Promise.all(answered);
  });
  assert.deepEqual(value, [602, 202]);
});

test('healing after the storm does not open a partition that was made in the calm', async () => {
  const { value } = await asGuest({ ...trio, stormMs: 100 }, async (world) => {
    await hello();
    const early = world.network.partition({ from: ['guest'], to: ['server'] });
    await sleep(200);
    const open = await hello();
    const late = world.network.partition({ from: ['guest'], to: ['server'] });
    early.heal();
    const closed = await outcomeOf(fetch('http://server/', { signal: AbortSignal.timeout(1_000) }));
    late.heal();
    return [open, closed, await hello()];
  });
  assert.deepEqual(value, ['hello', 'TimeoutError: The operation was aborted due to timeout', 'hello']);
});

test('held messages are in flight to look at, and go on when they are released', async () => {
  const { value } = await asGuest(trio, async (world) => {
    await hello();
    const sentMs = world.nowMs;
    world.network.hold('guest', 'server');
    const answers = ['a', 'b'].map((path) => hello(`http://server/${path}`).then(() => world.nowMs));
    await sleep(1);
    const free = hello('http://other/');
    const inFlight = world.network.inFlight();
    await free;
    await sleep(97);
    world.network.release('guest', 'server');
    return { inFlight, sentMs, answeredMs: await Promise.all(answers), left: world.network.inFlight() };
  });
  const message = (to: string, label: string, nth: number, sentMs: number): MessageView => ({
    from: 'guest',
    to,
    kind: 'request',
    label,
    nth,
    sentMs,
  });
  assert.deepEqual(value, {
    inFlight: [
      message('server', 'GET /a', 1, 2),
      message('server', 'GET /b', 1, 2),
      message('other', 'GET /', 1, 3),
    ],
    sentMs: 2,
    answeredMs: [104, 104],
    left: [],
  });
});

test('what is released into a partition stays there until it heals', async () => {
  const { value } = await asGuest(trio, async (world) => {
    await hello();
    const cut = world.network.partition({ from: ['guest'], to: ['server'] });
    world.network.hold('guest', 'server');
    const answered = hello().then(() => world.nowMs);
    await sleep(100);
    world.network.release('guest', 'server');
    await sleep(1_000);
    const waiting = world.network.inFlight().length;
    cut.heal();
    return [waiting, await answered];
  });
  assert.deepEqual(value, [1, 1_404]);
});

test('a rule of the scenario decides about messages until it is removed', async () => {
  const { value, result } = await asGuest(trio, async (world) => {
    const seen: string[] = [];
    const removeLog = world.network.rule(({ kind, label, nth }) => void seen.push(`${kind} ${label} ${nth}`));
    const remove = world.network.rule(({ to, kind }) =>
      to === 'server' && kind === 'request' ? verdict.fail('EHOSTUNREACH') : undefined,
    );
    const outcomes = [await outcomeOf(hello()), await outcomeOf(hello('http://other/'))];
    remove();
    outcomes.push(await outcomeOf(hello()));
    removeLog();
    await hello();
    return [outcomes, seen];
  });
  assert.deepEqual(value, [
    ['TypeError: fetch failed (EHOSTUNREACH)', 'ok hello', 'ok hello'],
    ['request GET / 1', 'request GET / 1', 'response GET / 1', 'request GET / 2', 'response GET / 1'],
  ]);
  assert.deepEqual(result.ledger, [], 'what a scenario does itself is no fault');
});

test('a rule that is no function is refused', async () => {
  await assert.rejects(
    driven({}, (world) => void world.network.rule(verdict.drop() as never)),
    { message: /`rule` to be a function of a message/ },
  );
});

test('a connection attempt that a rule fails gives the error of the system', async () => {
  for (const code of ['ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET'] as const) {
    const { value } = await asGuest({}, async (world) => {
      world.network.rule(() => verdict.fail(code));
      return fetch('http://server:4000/').catch((error: unknown) => (error as Error).cause);
    });
    const { message, syscall, errno, port } = value as Record<string, unknown>;
    const isReset = code === 'ECONNRESET';
    assert.equal(message, isReset ? 'read ECONNRESET' : `connect ${code} 10.0.0.1:4000`);
    assert.deepEqual(
      [syscall, typeof errno, port],
      isReset ? ['read', 'number', undefined] : ['connect', 'number', 4000],
    );
  }
});

test('a host can reach itself by its name and by localhost', async () => {
  const server = serving(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname !== '/') return new Response(`self ${pathname}`);
    return Response.json([
      await hello('http://server/name'),
      await hello('http://localhost:3000/local'),
      await hello('http://127.0.0.1/ip'),
    ]);
  });
  const { value } = await asGuest({ hosts: { server } }, async () => (await fetch('http://server/')).json());
  assert.deepEqual(value, ['self /name', 'self /local', 'self /ip']);
});

test('time stands still between events, and the driver has timers of its own', async () => {
  const { value } = await driven({ hosts: { server: daemon(() => {}) } }, async (world) => {
    const times = [world.nowMs, world.seed];
    for (let i = 0; i < 100; i++) await null;
    times.push(world.nowMs);
    await sleep(2.9);
    return [...times, world.nowMs];
  });
  assert.deepEqual(value, [0, 1, 0, 2]);
});
