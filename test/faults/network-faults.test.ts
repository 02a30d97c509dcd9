// Faults of links and of names: what they do to messages, to TCP and to look-ups, what is in the ledger, and
// that a plan of the ledger makes the same run.

import assert from 'node:assert/strict';
import dns from 'node:dns/promises';
import net from 'node:net';
import { test } from 'node:test';
import { checkBudget, swarm } from '../../src/faults/budget.ts';
import { describeFault } from '../../src/faults/describe.ts';
import { calmPlan, type Fault } from '../../src/faults/fault.ts';
import { kindOf } from '../../src/faults/kinds/table.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import type { TimedFault } from '../../src/faults/fault.ts';
import { daemon, handler } from '../../src/host/definition.ts';
import { driven, outcomeOf, sleep } from '../scenario/driven.ts';

const HOSTS = ['a', 'b', 'c', 'd', 'e'];

/** When datagrams sent from `a` to `b` each 10 ms arrive, in milliseconds after they were sent. */
async function arrivals(
  faults: readonly Fault[],
  count = 10,
): Promise<[found: number[][], ledger: string[]]> {
  const found: number[][] = [];
  const hosts = {
    a: daemon(async (host) => {
      for (let i = 1; i <= count; i++) {
        host.send('b', [i, performance.now(), 'x'.repeat(100)]);
        await sleep(10);
      }
    }),
    b: daemon((host) =>
      host.onMessage((payload) => {
        const [i, sentMs] = payload as [number, number];
        found.push([i, Math.round(performance.now() - sentMs)]);
      }),
    ),
  };
  const { result } = await driven({ hosts }, () => sleep(2_000), { plan: { ...calmPlan, faults } });
  return [found, result.ledger.map(({ kind }) => kind)];
}

const link = { from: 'a', to: 'b', atMs: 25 };

test('a burst loses all datagrams that are sent meanwhile, and no other', async () => {
  const [found, ledger] = await arrivals([{ kind: 'burstLoss', ...link, forMs: 30, rate: 1 }]);
  assert.deepEqual(
    found.map(([i]) => i),
    [1, 2, 3, 7, 8, 9, 10],
  );
  assert.deepEqual(ledger, ['burstLoss']);
});

test('a burst of a share loses some, the same each time, and strikes only where it loses one', async () => {
  const burst: Fault = { kind: 'burstLoss', ...link, atMs: 0, forMs: 1_000, rate: 0.5 };
  const [found] = await arrivals([burst], 40);
  assert.ok(found.length > 8 && found.length < 32, `${found.length} of 40`);
  assert.deepEqual((await arrivals([burst], 40))[0], found);
  assert.deepEqual((await arrivals([{ ...burst, from: 'b', to: 'a' }]))[1], []);
});

test('TCP sends again what a burst loses: it comes late, and is whole', async () => {
  const faults: Fault[] = [{ kind: 'burstLoss', from: 'guest', to: 'server', atMs: 0, forMs: 500, rate: 1 }];
  const { value, result } = await driven(
    {},
    (world) =>
      world.client('guest', async () => {
        const answer = await (await fetch('http://server/')).text();
        return [answer, world.nowMs];
      }),
    { plan: { ...calmPlan, faults } },
  );
  // Attempts at 0, 200 and 600 ms, and 1 ms there and back.
  assert.deepEqual(value, ['hello', 602]);
  assert.deepEqual(result.ledger, faults);
});

test('a narrow link lets messages wait for those before them, and for no longer than it lasts', async () => {
  // 167 bytes and headers at 0.1 Mbit/s: about 15 ms each.
  const [found, ledger] = await arrivals([{ kind: 'bandwidth', ...link, forMs: 70, bandwidthMbps: 0.1 }]);
  const delays = found.map(([, ms]) => ms as number);
  assert.deepEqual(delays.slice(0, 3), [1, 1, 1]);
  assert.ok((delays[3] as number) > 10 && (delays[5] as number) > (delays[3] as number), String(delays));
  assert.deepEqual(ledger, ['bandwidth']);
  // A tenth of that: the first would still be on its way when it is over.
  const [late] = await arrivals([{ kind: 'bandwidth', ...link, forMs: 70, bandwidthMbps: 0.01 }]);
  assert.deepEqual(
    late.map(([, ms]) => ms),
    [1, 1, 1, 66, 56, 46, 36, 26, 16, 6],
  );
});

test('a datagram that finds the queue of a narrow link full is lost', async () => {
  const fault: Fault = { kind: 'bandwidth', ...link, forMs: 500, bandwidthMbps: 0.1, queueBytes: 200 };
  const [found] = await arrivals([fault]);
  assert.ok(found.length < 10 && found.length > 4, `${found.length} arrived`);
});

test('a queue of the network itself is bounded, too, and what it loses is in no ledger', async () => {
  let heard = 0;
  const hosts = {
    a: daemon((host) => {
      for (let i = 0; i < 10; i++) host.send('b', 'x'.repeat(1_000));
    }),
    b: daemon((host) => host.onMessage(() => void heard++)),
  };
  const network = { bandwidthMbps: 1, queueBytes: 3_500 };
  const { result } = await driven({ hosts, network }, () => sleep(500));
  assert.equal(heard, 3);
  assert.deepEqual(result.ledger, []);
  for (const queueBytes of [0, -1, '5'])
    await assert.rejects(
      async () => driven({ network: { queueBytes: queueBytes as number } }, () => {}),
      /Expected `network.queueBytes` to be a positive number of bytes/,
    );
});

test('congestion slows a message by those on their way, up to its limit', async () => {
  const [found, ledger] = await arrivals([
    { kind: 'congestion', ...link, forMs: 1_000, perMessageMs: 30, slowMsMax: 50 },
  ]);
  assert.deepEqual(ledger, []);
  assert.deepEqual(new Set(found.map(([, ms]) => ms)), new Set([1]));
  const found2: number[] = [];
  const hosts = {
    a: daemon((host) => {
      setTimeout(() => {
        for (let i = 0; i < 4; i++) host.send('b', performance.now());
      }, 100);
    }),
    b: daemon((host) =>
      host.onMessage((sentMs) => void found2.push(Math.round(performance.now() - Number(sentMs)))),
    ),
  };
  const plan = {
    ...calmPlan,
    faults: [{ kind: 'congestion', ...link, forMs: 1_000, perMessageMs: 30, slowMsMax: 50 }] as const,
  };
  const { result } = await driven({ hosts }, () => sleep(500), { plan });
  assert.deepEqual(found2, [1, 31, 51, 51]);
  assert.equal(result.ledger.length, 1);
});

/** Which of the others each host hears under a partition, from datagrams at some moments. */
async function heardUnder(fault: Fault, atMs: readonly number[], names = HOSTS): Promise<string[]> {
  const heard = new Set<string>();
  const hosts = Object.fromEntries(
    names.map((name) => [
      name,
      daemon((host) => {
        host.onMessage((sentMs, from) => void heard.add(`${String(sentMs)} ${from}${name}`));
        for (const ms of atMs)
          setTimeout(() => {
            for (const other of names) if (other !== name) host.send(other, ms);
          }, ms);
      }),
    ]),
  );
  await driven({ hosts }, () => sleep(500), { plan: { ...calmPlan, faults: [fault] } });
  return [...heard].toSorted();
}

test('in a ring each host sees only its neighbours', async () => {
  const ring: Fault = { kind: 'partition', ring: HOSTS, atMs: 0, forMs: 100 };
  const pairs = ['ab', 'ae', 'ba', 'bc', 'cb', 'cd', 'dc', 'de', 'ea', 'ed'];
  assert.deepEqual(
    await heardUnder(ring, [50]),
    pairs.map((pair) => `50 ${pair}`),
  );
});

test('who is on neither side of a cut is a bridge', async () => {
  const cut: Fault = { kind: 'partition', from: ['a'], to: ['b'], oneWay: false, atMs: 0, forMs: 100 };
  assert.deepEqual(await heardUnder(cut, [50], ['a', 'b', 'c']), ['50 ac', '50 bc', '50 ca', '50 cb']);
});

test('a partition that flaps is cut and whole in turn, and over at its end', async () => {
  const cut = { kind: 'partition', from: ['a'], to: ['b'], oneWay: true, atMs: 0 } as const;
  const found = await heardUnder({ ...cut, forMs: 100, flapMs: 20 }, [10, 30, 50, 70, 90, 110], ['a', 'b']);
  assert.deepEqual(
    found.filter((each) => each.endsWith('ab')),
    ['110 ab', '30 ab', '70 ab'],
  );
});

test('what TCP has yet to send again stalls once more when the next partition begins before', async () => {
  const cut = { kind: 'partition', from: ['member'], to: ['server'], oneWay: true } as const;
  const faults: Fault[] = [
    { ...cut, atMs: 0, forMs: 50 },
    { ...cut, atMs: 100, forMs: 300 },
  ];
  // Sent at 10 ms; not at 210 ms, which meets the second partition, but at 610, and 1 ms there and back.
  assert.deepEqual(await asMember(faults, get), ['ok hello', 602]);
});

const member = { host: 'member', name: 'server', atMs: 0, forMs: 1_000 } as const;

/** What a program on the host `member` comes to, under a plan. */
async function asMember(faults: readonly Fault[], body: () => Promise<unknown>): Promise<[unknown, number]> {
  let value: unknown;
  let tookMs = 0;
  const hosts = {
    member: daemon(() => {
      setTimeout(() => {
        const beganMs = performance.now();
        void (async () => {
          value = await body();
          tookMs = Math.round(performance.now() - beganMs);
        })();
      }, 10);
    }),
    server: handler(() => () => new Response('hello'), { port: 80 }),
  };
  const plan = { ...calmPlan, faults };
  const { result } = await driven({ hosts }, () => sleep(6_000), { plan });
  assert.deepEqual(
    result.ledger.map(({ kind }) => kind),
    faults.map(({ kind }) => kind),
  );
  return [value, tookMs];
}

const get = async (): Promise<string> => outcomeOf((async () => (await fetch('http://server/')).text())());

test('a look-up that fails is an error of fetch, of dns and of a socket', async () => {
  const failing = (code: 'ENOTFOUND' | 'EAI_AGAIN'): Fault[] => [{ kind: 'dnsFailure', ...member, code }];
  assert.deepEqual(await asMember(failing('ENOTFOUND'), get), ['TypeError: fetch failed (ENOTFOUND)', 0]);
  assert.deepEqual(await asMember(failing('EAI_AGAIN'), get), ['TypeError: fetch failed (EAI_AGAIN)', 0]);
  const looked = await asMember(failing('EAI_AGAIN'), () => outcomeOf(dns.lookup('server')));
  assert.equal(looked[0], 'Error: getaddrinfo EAI_AGAIN server');
  const dialled = await asMember(
    failing('ENOTFOUND'),
    () =>
      new Promise((resolve) => {
        net.connect(80, 'server').on('error', (error) => resolve(error.message));
      }),
  );
  assert.equal(dialled[0], 'getaddrinfo ENOTFOUND server');
});

test('a slow look-up makes fetch late, and an abort does not wait for it', async () => {
  const slow: Fault[] = [{ kind: 'dnsDelay', ...member, byMs: 700 }];
  assert.deepEqual(await asMember(slow, get), ['ok hello', 702]);
  const aborted = await asMember(slow, () =>
    outcomeOf(fetch('http://server/', { signal: AbortSignal.timeout(100) })),
  );
  assert.match(String(aborted[0]), /TimeoutError/);
  assert.equal(aborted[1], 100);
});

test('a host that moved is found once names follow, and until then its old address is empty', async () => {
  const move: Fault[] = [{ kind: 'move', host: 'server', atMs: 5, downMs: 0, staleMs: 3_500 }];
  const found: string[] = [];
  const [value] = await asMember(move, async () => {
    found.push((await dns.lookup('server')).address, await get());
    await sleep(1_000);
    found.push((await dns.lookup('server')).address, await get());
    return outcomeOf(fetch(`http://${found[0]}/`));
  });
  assert.deepEqual(found, ['10.0.0.2', 'TypeError: fetch failed (EHOSTUNREACH)', '10.1.0.2', 'ok hello']);
  assert.equal(value, 'TypeError: fetch failed (EHOSTUNREACH)');
});

const TOLD: [TimedFault, string][] = [
  [
    { kind: 'burstLoss', ...link, forMs: 5, rate: 0.25 },
    'burst of loss a ⇥ b at 25 ms for 5 ms, 25 % of messages',
  ],
  [
    { kind: 'bandwidth', ...link, forMs: 5, bandwidthMbps: 0.5, queueBytes: 9 },
    'narrow link a ⇥ b at 25 ms for 5 ms: 0.5 Mbit/s, 9 bytes in its queue',
  ],
  [
    { kind: 'congestion', ...link, forMs: 5, perMessageMs: 2, slowMsMax: 20 },
    'congested link a ⇥ b at 25 ms for 5 ms: 2 ms for each message on its way, up to 20 ms',
  ],
  [
    { kind: 'dnsFailure', host: 'a', name: 'b', code: 'ENOTFOUND', atMs: 25, forMs: 5 },
    'look-ups of b fail on a (ENOTFOUND) at 25 ms for 5 ms',
  ],
  [
    { kind: 'dnsDelay', host: 'a', name: 'b', byMs: 7, atMs: 25, forMs: 5 },
    'look-ups of b take 7 ms longer on a at 25 ms for 5 ms',
  ],
  [
    { kind: 'move', host: 'a', atMs: 25, downMs: 5, staleMs: 7 },
    'move of a to another address at 25 ms, back 5 ms later, its name leading to the old one for 7 ms',
  ],
  [
    { kind: 'partition', ring: ['a', 'b', 'c', 'd'], atMs: 25, forMs: 5, flapMs: 1 },
    'partition into the ring a – b – c – d at 25 ms for 5 ms, cut and whole for 1 ms in turn',
  ],
];

test('each is told in words, and a valid plan', () => {
  for (const [fault, words] of TOLD) {
    assert.equal(describeFault(fault), words);
    checkPlan({ ...calmPlan, faults: [fault] }, HOSTS);
  }
});

const WRONG: [string, Partial<Record<string, unknown>>, RegExp][] = [
  ['burstLoss', { rate: 0 }, /rate` to be a number more than 0, up to 1/],
  ['burstLoss', { to: 5 }, /to` to be the name of a host or a client/],
  ['bandwidth', { bandwidthMbps: 0 }, /bandwidthMbps` to be a positive number/],
  ['bandwidth', { queueBytes: -1 }, /queueBytes` to be a positive number/],
  ['congestion', { slowMsMax: '5' }, /slowMsMax` to be/],
  ['dnsFailure', { code: 'ECONNRESET' }, /code` to be ENOTFOUND or EAI_AGAIN/],
  ['dnsFailure', { name: 'x' }, /name: unknown host "x"/],
  ['dnsDelay', { byMs: -1 }, /byMs` to be/],
  ['move', { host: 'x' }, /host: unknown host "x"/],
  ['move', { staleMs: undefined }, /staleMs` to be/],
  ['partition', { ring: ['a', 'b', 'c'] }, /ring` to be 4 different hosts or more/],
  ['partition', { flapMs: 0 }, /flapMs` to be at least 1 ms/],
];

test('what is wrong with one is named', () => {
  for (const [kind, change, words] of WRONG) {
    const [fault] = TOLD.find(([each]) => each.kind === kind) ?? [];
    assert.throws(() => checkPlan({ ...calmPlan, faults: [{ ...fault, ...change }] }, HOSTS), words);
  }
  const budgets: [object, RegExp][] = [
    [{ partition: { shapes: ['circle'] } }, /faults.partition.shapes` to be some of split/],
    [{ partition: { among: ['a', 'b'], shapes: ['bridge'] } }, /3 hosts or more for the shape "bridge"/],
    [{ burstLoss: ['a'] }, /faults.burstLoss` to be true, or links/],
    [{ dnsFailure: ['x'] }, /faults.dnsFailure: unknown host "x"/],
  ];
  for (const [budget, words] of budgets) assert.throws(() => checkBudget(swarm(budget), HOSTS), words);
});

test('partitions have plainer forms, down to one way between two hosts', () => {
  const plainest = (fault: TimedFault): TimedFault => {
    const [first] = kindOf(fault).plainer?.(fault) ?? [];
    return first === undefined ? fault : plainest(first);
  };
  const times = { atMs: 1, forMs: 9 };
  const flapping: TimedFault = { kind: 'partition', ring: HOSTS, ...times, flapMs: 2 };
  assert.deepEqual(plainest(flapping), { kind: 'partition', from: ['a'], to: ['c'], oneWay: true, ...times });
});
