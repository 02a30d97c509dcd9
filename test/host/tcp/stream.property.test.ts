// Whatever the network does, a reader gets exactly a beginning of what was written.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import net from 'node:net';
import { test } from 'node:test';
import type { FaultPlan } from '../../../src/faults/fault.ts';
import { daemon } from '../../../src/host/definition.ts';
import { latency } from '../../../src/network/latency.ts';
import { driven, sleep } from '../../scenario/driven.ts';
import { PORT } from './scenes.ts';

interface Writing {
  /** How many bytes each write has. */
  readonly sizes: readonly number[];
  readonly pauseMs: number;
  readonly readsSlowly: boolean;
  readonly ends: 'end' | 'destroy' | 'reset' | 'not at all';
}

const writing: fc.Arbitrary<Writing> = fc.record(
  {
    sizes: fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 400_000 })), {
      minLength: 1,
      maxLength: 8,
    }),
    pauseMs: fc.integer({ min: 0, max: 30 }),
    readsSlowly: fc.boolean(),
    ends: fc.constantFrom('end', 'destroy', 'reset', 'not at all'),
  },
  { noNullPrototype: true },
);

const rate = fc.constantFrom(0, 0, 0.05, 0.3);
const weather = fc.record(
  {
    drop: rate,
    delay: rate,
    reset: rate,
    loss: fc.constantFrom(0, 0.1, 0.5),
    partitions: fc.array(
      fc.record({
        atMs: fc.integer({ min: 0, max: 100 }),
        forMs: fc.integer({ min: 1, max: 3_000 }),
        oneWay: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
    bandwidthMbps: fc.constantFrom(undefined, 10),
  },
  { noNullPrototype: true },
);

/** The bytes from one position of an endless stream to another: every place in it can be told. */
function bytesFrom(start: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) bytes[i] = ((start + i) * 2_654_435_761) >>> 24;
  return bytes;
}

interface Received {
  readonly parts: Buffer[];
  hasEnded: boolean;
  error: string | undefined;
}

function receiver(received: Received, readsSlowly: boolean): (socket: net.Socket) => void {
  return (socket) => {
    socket.on('data', (bytes) => {
      received.parts.push(Buffer.from(bytes));
      if (!readsSlowly) return;
      socket.pause();
      setTimeout(() => socket.resume(), 3);
    });
    socket.on('end', () => (received.hasEnded = true));
    socket.on('error', ({ message }) => (received.error = message));
  };
}

async function write({ sizes, pauseMs, ends }: Writing): Promise<void> {
  const socket = net.connect(PORT, 'server');
  socket.on('error', () => {});
  let position = 0;
  for (const size of sizes) {
    socket.write(bytesFrom(position, size));
    position += size;
    if (pauseMs > 0) await sleep(pauseMs);
  }
  if (ends === 'end') socket.end();
  else if (ends === 'destroy') socket.destroy();
  else if (ends === 'reset') socket.resetAndDestroy();
  await sleep(60_000);
}

test('a reader gets an exact beginning of what was written, and all of it before the end', async () => {
  const property = fc.asyncProperty(
    writing,
    weather,
    fc.integer({ min: 0, max: 0xffff_ffff }),
    async (work, { drop, delay, reset, loss, partitions, bandwidthMbps }, seed) => {
      const received: Received = { parts: [], hasEnded: false, error: undefined };
      const plan: FaultPlan = {
        faults: partitions.map((each) => ({ kind: 'partition', from: ['server'], to: ['writer'], ...each })),
        chances: [
          { kind: 'drop', rate: drop },
          { kind: 'delay', rate: delay, msMax: 500 },
          { kind: 'reset', rate: reset },
        ],
        latency: 'drawn',
        order: 'drawn',
      };
      const server = daemon(() => {
        net.createServer(receiver(received, work.readsSlowly)).listen(PORT);
      });
      const writer = daemon(() => write(work));
      const network = {
        latency: latency.uniform({ minMs: 0, maxMs: 20 }),
        loss,
        ...(bandwidthMbps === undefined ? {} : { bandwidthMbps }),
      };
      await driven({ hosts: { server, writer }, network }, () => sleep(120_000), { seed, plan });
      const all = Buffer.concat(received.parts);
      const total = work.sizes.reduce((sum, size) => sum + size, 0);
      assert.ok(all.length <= total, 'nothing is invented');
      assert.ok(all.equals(bytesFrom(0, all.length)), 'nothing is missing, doubled or out of order');
      if (received.hasEnded && work.ends === 'end') assert.equal(all.length, total, 'an end comes last');
      if (drop + reset === 0 && work.ends === 'end') {
        assert.ok(received.hasEnded, 'without faults that break it, everything arrives');
        assert.equal(received.error, undefined);
      }
    },
  );
  await fc.assert(property, { numRuns: 150 });
});
