// `node:dgram` between simulated machines, beyond what it does over real sockets too.

import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import { test } from 'node:test';
import { calmPlan, type Fault, type FaultPlan } from '../../../src/faults/fault.ts';
import { daemon, type HostDefinition } from '../../../src/host/definition.ts';
import { latency } from '../../../src/network/latency.ts';
import { simulate } from '../../../src/scenario/simulate.ts';
import { driven, scenarioOf, sleep } from '../../scenario/driven.ts';

const PORT = 5353;
const network = { latency: latency.constant(10) };
const DRAWN: FaultPlan = { faults: [], latency: 'drawn', order: 'drawn' };

/** A host that notes what it hears, by its name. */
function listener(
  heard: string[],
  name: string,
  prepare: (socket: dgram.Socket) => void = () => {},
): HostDefinition {
  return daemon(() => {
    const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
    socket.on('message', (bytes) => heard.push(`${name} ${bytes.toString()}`));
    socket.bind(PORT, () => prepare(socket));
  });
}

/** A host that sends `1`, `2` and `3`, a millisecond apart. */
function sender(address = 'receiver', prepare: (socket: dgram.Socket) => void = () => {}): HostDefinition {
  return daemon(async () => {
    const socket = dgram.createSocket('udp4');
    socket.bind(0, () => prepare(socket));
    await sleep(1);
    for (const text of ['1', '2', '3']) {
      socket.send(text, PORT, address);
      await sleep(1);
    }
  });
}

async function heardUnder(...faults: Fault[]): Promise<string[]> {
  const heard: string[] = [];
  const hosts = { receiver: listener(heard, 'r'), sender: sender() };
  await driven({ hosts, network }, () => sleep(200), { plan: { ...calmPlan, faults } });
  return heard;
}

const second = {
  from: 'sender',
  to: 'receiver',
  message: 'datagram',
  label: `udp :${PORT}`,
  nth: 2,
} as const;

test('dgram: a plan loses a datagram that it names', async () => {
  assert.deepEqual(await heardUnder(), ['r 1', 'r 2', 'r 3']);
  assert.deepEqual(await heardUnder({ kind: 'drop', ...second }), ['r 1', 'r 3']);
});

test('dgram: a plan doubles a datagram that it names', async () => {
  assert.deepEqual(await heardUnder({ kind: 'duplicate', ...second, afterMs: 50 }), [
    'r 1',
    'r 2',
    'r 3',
    'r 2',
  ]);
});

test('dgram: a plan lets a datagram be overtaken', async () => {
  assert.deepEqual(await heardUnder({ kind: 'delay', ...second, byMs: 50 }), ['r 1', 'r 3', 'r 2']);
});

test('dgram: a partition swallows datagrams for good', async () => {
  const heard: string[] = [];
  const hosts = { receiver: listener(heard, 'r'), sender: sender() };
  await driven({ hosts, network }, async (world) => {
    const partition = world.network.partition({ from: ['sender'], to: ['receiver'] });
    await sleep(20);
    partition.heal();
    await sleep(200);
  });
  assert.deepEqual(heard, []);
});

test('dgram: a process that crashed hears nothing, and one that booted again does', async () => {
  const heard: string[] = [];
  const hosts = { receiver: listener(heard, 'r') };
  await driven({ hosts, network }, async (world) => {
    const say = (text: string): Promise<void> =>
      world.client('guest', async () => {
        dgram.createSocket('udp4').send(text, PORT, 'receiver');
        await sleep(50);
      });
    await say('before');
    world.host('receiver').crash();
    await say('meanwhile');
    await world.host('receiver').restart();
    await say('after');
  });
  assert.deepEqual(heard, ['r before', 'r after']);
});

test('dgram: a broadcast reaches every machine that listens', async () => {
  const heard: string[] = [];
  const hosts = {
    one: listener(heard, 'one'),
    two: listener(heard, 'two'),
    deaf: daemon(() => {}),
    sender: sender('255.255.255.255', (socket) => socket.setBroadcast(true)),
  };
  await driven({ hosts, network }, () => sleep(100));
  assert.deepEqual(heard, ['one 1', 'two 1', 'one 2', 'two 2', 'one 3', 'two 3']);
});

test('dgram: a group reaches its members alone', async () => {
  const heard: string[] = [];
  const hosts = {
    member: listener(heard, 'member', (socket) => socket.addMembership('239.1.2.3')),
    former: listener(heard, 'former', (socket) => {
      socket.addMembership('239.1.2.3');
      setTimeout(() => socket.dropMembership('239.1.2.3'), 12);
    }),
    stranger: listener(heard, 'stranger'),
    sender: sender('239.1.2.3'),
  };
  await driven({ hosts, network }, () => sleep(100));
  assert.deepEqual(heard, ['member 1', 'former 1', 'member 2', 'member 3']);
});

test('dgram: 50 seeds are the same run twice, and neither lose nor double anything', async () => {
  const heard: string[] = [];
  const hosts = { receiver: listener(heard, 'r'), sender: sender() };
  const scenario = scenarioOf({ hosts, network }, () => sleep(200));
  for (let seed = 1; seed <= 50; seed++) {
    heard.length = 0;
    const [first, again] = [
      await simulate(scenario, { seed, plan: DRAWN }),
      await simulate(scenario, { seed, plan: DRAWN }),
    ];
    assert.equal(first.hash, again.hash);
    assert.deepEqual(heard.toSorted(), ['r 1', 'r 1', 'r 2', 'r 2', 'r 3', 'r 3']);
  }
});

test('dgram: a recorded run finds nothing that leaves the simulation', async () => {
  const heard: string[] = [];
  const scenario = scenarioOf({ hosts: { receiver: listener(heard, 'r'), sender: sender() } }, () =>
    sleep(50),
  );
  const { verdict, violations } = await simulate(scenario, { seed: 1, record: true });
  assert.equal(verdict, 'ok', violations[0]?.message);
  assert.equal(heard.length, 3);
});
