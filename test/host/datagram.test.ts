import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmPlan, type Fault } from '../../src/faults/fault.ts';
import { daemon, type Host } from '../../src/host/definition.ts';
import { latency } from '../../src/network/latency.ts';
import { verdict } from '../../src/network/verdict.ts';
import { driven, sleep } from '../scenario/driven.ts';

const datagram = { from: 'sender', to: 'receiver', message: 'datagram', label: 'message', nth: 1 } as const;

interface Received {
  readonly payload: unknown;
  readonly from: string;
  readonly atMs: number;
}

/** A daemon that says a few things, and one that listens. */
function pair(payloads: readonly unknown[], everyMs = 0) {
  const received: Received[] = [];
  const hosts = {
    receiver: daemon((host) =>
      host.onMessage((payload, from) => void received.push({ payload, from, atMs: performance.now() })),
    ),
    sender: daemon(async (host) => {
      await sleep(1);
      for (const payload of payloads) {
        host.send('receiver', payload);
        if (everyMs > 0) await sleep(everyMs);
      }
    }),
  };
  return { hosts, received };
}

test('a datagram arrives as a copy, with the name of its sender', async () => {
  const payload = { items: [1], at: new Date(5) };
  const { hosts, received } = pair([payload]);
  await driven({ hosts }, () => sleep(10));
  assert.deepEqual(received, [{ payload, from: 'sender', atMs: 2 }]);
  assert.notEqual(received[0]?.payload, payload);
});

test('everything that can be copied can be sent', async () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const payloads = [
    null,
    undefined,
    true,
    5n,
    1.5,
    -0,
    'text',
    [1],
    new Map([[1, new Set([2])]]),
    { big: 5n },
    cyclic,
  ];
  const { hosts, received } = pair(payloads, 1);
  await driven({ hosts }, () => sleep(50));
  assert.deepEqual(
    received.map(({ payload }) => payload),
    payloads,
  );
});

test('the trace hash covers what a datagram carries', async () => {
  const hashes = new Set<string>();
  for (const payload of [
    1,
    2,
    1.5,
    'a',
    'b',
    { n: 1 },
    { n: 2 },
    { n: 1n },
    { n: 2n },
    undefined,
    null,
    true,
    false,
  ]) {
    const { result } = await driven({ hosts: pair([payload]).hosts }, () => sleep(10));
    hashes.add(result.hash);
  }
  assert.equal(hashes.size, 13);
});

test('a datagram to a host that does not listen, or is down, is gone', async () => {
  const { hosts } = pair(['x']);
  const { result } = await driven({ hosts: { ...hosts, receiver: daemon(() => {}) } }, async (world) => {
    world.host('receiver').pause();
    world.host('receiver').resume();
    await sleep(10);
  });
  assert.equal(result.verdict, 'ok');
  const { hosts: others, received } = pair(['x', 'y'], 20);
  await driven({ hosts: others }, async (world) => {
    world.host('receiver').crash();
    await sleep(10);
    await world.host('receiver').restart();
    await sleep(50);
  });
  assert.deepEqual(
    received.map(({ payload }) => payload),
    ['y'],
  );
});

test('datagrams may be dropped, doubled and delayed', async () => {
  const strike = async (fault: Fault): Promise<unknown[]> => {
    const { hosts, received } = pair(['x', 'y']);
    const { result } = await driven({ hosts }, () => sleep(100), { plan: { ...calmPlan, faults: [fault] } });
    assert.deepEqual(result.ledger, [fault]);
    return received.map(({ payload }) => payload);
  };
  assert.deepEqual(await strike({ kind: 'drop', ...datagram }), ['y']);
  assert.deepEqual(await strike({ kind: 'duplicate', ...datagram, afterMs: 5 }), ['x', 'y', 'x']);
  assert.deepEqual(await strike({ kind: 'delay', ...datagram, byMs: 5 }), ['y', 'x']);
});

test('the second arrival of a datagram is a copy of its own', async () => {
  const seen: unknown[] = [];
  const { hosts } = pair([{ n: 1 }]);
  const receiver = daemon((host) =>
    host.onMessage((payload) => {
      seen.push(structuredClone(payload));
      (payload as { n: number }).n++;
    }),
  );
  const faults: Fault[] = [{ kind: 'duplicate', ...datagram, afterMs: 5 }];
  await driven({ hosts: { ...hosts, receiver } }, () => sleep(100), { plan: { ...calmPlan, faults } });
  assert.deepEqual(seen, [{ n: 1 }, { n: 1 }]);
});

test('datagrams overtake each other where latencies differ', async () => {
  const { hosts, received } = pair(Array.from({ length: 20 }, (_, i) => i));
  await driven({ hosts, network: { latency: latency.uniform({ maxMs: 50 }) } }, () => sleep(100), {
    plan: { ...calmPlan, latency: 'drawn' },
  });
  const order = received.map(({ payload }) => payload as number);
  assert.equal(order.length, 20);
  assert.notDeepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
});

test('a datagram in a partition is gone for good', async () => {
  const { hosts, received } = pair(['x', 'y'], 50);
  await driven({ hosts }, async (world) => {
    const cut = world.network.partition({ from: ['sender'] });
    await sleep(20);
    cut.heal();
    await sleep(500);
  });
  assert.deepEqual(
    received.map(({ payload }) => payload),
    ['y'],
  );
});

test('a rule decides about datagrams by their label', async () => {
  const received: unknown[] = [];
  const hosts = {
    receiver: daemon((host) => host.onMessage((payload) => void received.push(payload))),
    sender: daemon(async (host: Host) => {
      await sleep(1);
      host.send('receiver', 1, 'heartbeat');
      host.send('receiver', 2, 'vote');
    }),
  };
  await driven({ hosts }, async (world) => {
    world.network.rule(({ label }) => (label === 'heartbeat' ? verdict.drop() : undefined));
    await sleep(10);
  });
  assert.deepEqual(received, [2]);
});

test('a receiver that throws or rejects crashes its host', async () => {
  const failures: (() => void | Promise<void>)[] = [
    () => {
      throw new Error('boom');
    },
    () => Promise.reject(new Error('boom')),
  ];
  for (const fail of failures) {
    const { hosts } = pair(['x']);
    const { result } = await driven(
      { hosts: { ...hosts, receiver: daemon((host) => host.onMessage(fail)) } },
      () => sleep(10),
      { mayFail: true },
    );
    assert.deepEqual(
      result.violations.map(({ code, name }) => [code, name]),
      [['WT_UNCAUGHT', 'receiver']],
    );
  }
});

test('a datagram to a host that does not exist is a mistake, with the host that was meant', async () => {
  const { hosts } = pair([]);
  const sender = daemon((host) => host.send('reciever', 1));
  const { result } = await driven({ hosts: { ...hosts, sender } }, () => sleep(1), { mayFail: true });
  assert.match(
    result.violations[0]?.message ?? '',
    /sent to unknown host "reciever": did you mean "receiver"\?/,
  );
});
