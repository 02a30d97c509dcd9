// Programs that keep a connection for long: WebSockets, socket.io, gRPC and MQTT, under faults.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  defineScenario,
  latency,
  program,
  swarm,
  type HostDefinition,
  type Scenario,
  type SwarmOptions,
  type World,
} from '../../src/index.ts';

const network = { latency: latency.longTail({ medianMs: 3, p99Ms: 60 }) };
const weather: SwarmOptions = {
  drop: true,
  delay: true,
  reset: true,
  refuse: true,
  partition: true,
};

const MEMBERS = ['ann', 'bob', 'cid'] as const;
const NOTES = 3;

function host(file: string, env: Record<string, string>): HostDefinition {
  return program(new URL(`programs/${file}`, import.meta.url), { env });
}

function exportsOf<Exports>(world: World, name: string): Partial<Exports> {
  return (world.host(name).exports ?? {}) as Partial<Exports>;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What members heard is what others said, word for word. */
function nothingInvented(world: World): boolean {
  return MEMBERS.every((name) =>
    (exportsOf<{ heard: string[] }>(world, name).heard ?? []).every((line) => {
      const match = /^(\w+)-(\d) hello from (\w+)$/.exec(line);
      return match !== null && match[1] === match[3] && Number(match[2]) < NOTES;
    }),
  );
}

function isEverythingAcknowledged(world: World): boolean {
  return MEMBERS.every(
    (name) => exportsOf<{ acknowledged: Set<string> }>(world, name).acknowledged?.size === NOTES,
  );
}

/** Each member heard each note of the others, once. */
function everybodyHeardAll(world: World): boolean {
  return MEMBERS.every((name) => {
    const { heard = [] } = exportsOf<{ heard: string[] }>(world, name);
    return heard.length === (MEMBERS.length - 1) * NOTES && new Set(heard).size === heard.length;
  });
}

function hasEvent(world: World, name: string, event: string): boolean {
  return exportsOf<{ events: string[] }>(world, name).events?.includes(event) === true;
}

export const wsScenario: Scenario = defineScenario({
  name: 'ws',
  hosts: {
    north: host('ws-relay.ts', { PORT: '8080' }),
    south: host('ws-relay.ts', { PORT: '8080', PEER_URL: 'ws://north:8080/?room=hall' }),
    ann: host('ws-member.ts', { NAME: 'ann', COUNT: `${NOTES}`, RELAY_URL: 'ws://north:8080/?room=hall' }),
    bob: host('ws-member.ts', { NAME: 'bob', COUNT: `${NOTES}`, RELAY_URL: 'ws://south:8080/?room=hall' }),
    cid: host('ws-member.ts', { NAME: 'cid', COUNT: `${NOTES}`, RELAY_URL: 'ws://south:8080/?room=hall' }),
  },
  network,
  faults: swarm({ ...weather, crash: ['north', 'south'], stop: ['north', 'south'], pause: ['ann'] }),
  drive: () => sleep(2_000),
  always: { 'members hear what others said': nothingInvented },
  sometimes: { 'everybody heard everything': everybodyHeardAll },
  eventually: { 'every note is acknowledged': { check: isEverythingAcknowledged } },
});

export const socketIoScenario: Scenario = defineScenario({
  name: 'socket.io',
  hosts: {
    parent: host('io-hub.ts', { PORT: '8080' }),
    child: host('io-hub.ts', { PORT: '8080', PARENT_URL: 'http://parent:8080' }),
    ann: host('io-member.ts', { NAME: 'ann', COUNT: `${NOTES}`, HUB_URL: 'http://parent:8080' }),
    bob: host('io-member.ts', { NAME: 'bob', COUNT: `${NOTES}`, HUB_URL: 'http://child:8080' }),
    cid: host('io-member.ts', { NAME: 'cid', COUNT: `${NOTES}`, HUB_URL: 'http://child:8080' }),
  },
  network,
  calmMs: 500,
  faults: swarm({ ...weather, crash: ['parent', 'child'], stop: ['parent', 'child'], pause: ['child'] }),
  drive: () => sleep(2_000),
  always: { 'members hear what others said': nothingInvented },
  sometimes: {
    'everybody heard everything': everybodyHeardAll,
    'a connection became a WebSocket': (world) => hasEvent(world, 'ann', 'upgraded to websocket'),
    'who is banned is told': (world) => hasEvent(world, 'bob', 'banned: banned'),
  },
  eventually: { 'every note is acknowledged': { check: isEverythingAcknowledged } },
});

export const grpcScenario: Scenario = defineScenario({
  name: 'grpc',
  hosts: {
    stock: host('grpc-stock.ts', { PORT: '5000' }),
    web: host('grpc-web.ts', { PORT: '3000', STOCK_ADDRESS: 'stock:5000' }),
  },
  network,
  faults: swarm({ ...weather, stop: ['stock'], pause: ['stock', 'web'] }),
  workload: fc.array(fc.constantFrom(1, 1, 2, 0), { minLength: 1, maxLength: 5 }),
  async drive(world, quantities) {
    await world.client('customer', async (client) => {
      for (const [i, quantity] of quantities.entries()) {
        const request = { id: `o${i}`, sku: 'lamp', quantity };
        await client.operation('order', request, async () => {
          const body = JSON.stringify(request);
          const signal = AbortSignal.timeout(4_000);
          const response = await fetch('http://web:3000/orders', { method: 'POST', body, signal });
          const answer = (await response.json()) as { left?: number; error?: string };
          if (quantity === 0 && response.status !== 502) {
            assert.deepEqual([response.status, answer.error], [400, 'nothing to reserve']);
          } else if (response.status === 201) assert.ok(answer.left !== undefined && answer.left >= 0);
          else
            assert.match(
              `${response.status} ${answer.error}`,
              /^(409 out of stock|502 the stock does not answer)$/,
            );
          return { status: response.status };
        });
      }
    });
  },
  always: {
    'no more is reserved than there is'(world) {
      const { reservations = new Map<string, { quantity: number }>() } = exportsOf<{
        reservations: Map<string, { quantity: number }>;
      }>(world, 'stock');
      return [...reservations.values()].reduce((sum, { quantity }) => sum + quantity, 0) <= 5;
    },
  },
  sometimes: {
    'an order is reserved': (world) =>
      world.history.some(({ value }) => (value as { status?: number } | undefined)?.status === 201),
    'the stream tells of it': (world) =>
      (exportsOf<{ levels: number[] }>(world, 'web').levels ?? []).some((left) => left < 5),
  },
  eventually: {
    'the front knows what is left': {
      withinMs: 20_000,
      check: (world) => (exportsOf<{ levels: number[] }>(world, 'web').levels?.length ?? 0) > 0,
    },
  },
});

const READINGS = 6;

export const mqttScenario: Scenario = defineScenario({
  name: 'mqtt and aedes',
  hosts: {
    broker: host('mqtt-broker.ts', { PORT: '1883' }),
    sensor: host('mqtt-sensor.ts', { BROKER_URL: 'mqtt://broker:1883', COUNT: `${READINGS}` }),
    recorder: host('mqtt-recorder.ts', { BROKER_URL: 'mqtt://broker:1883' }),
  },
  network,
  faults: swarm({ ...weather, crash: ['broker'], stop: ['broker'], pause: ['recorder', 'broker'] }),
  drive: () => sleep(2_000),
  always: {
    'what is recorded was measured'(world) {
      const { sent = [] } = exportsOf<{ sent: string[] }>(world, 'sensor');
      const { recorded = [] } = exportsOf<{ recorded: string[] }>(world, 'recorder');
      return recorded.every((line) => sent.includes(line.replace(/^readings\/hall /, '')));
    },
  },
  sometimes: {
    'everything is recorded, once': (world) => {
      const { recorded = [] } = exportsOf<{ recorded: string[] }>(world, 'recorder');
      return recorded.length === READINGS && new Set(recorded).size === READINGS;
    },
  },
  eventually: {
    'every reading is acknowledged': {
      check: (world) =>
        exportsOf<{ acknowledged: string[] }>(world, 'sensor').acknowledged?.length === READINGS,
    },
  },
});
