// The queue alone, with clients of its own: it is compared with the model of a queue that delivers at least
// once.

import fc from 'fast-check';
import { handler, latency, swarm } from 'wavetank';
import type { Client, ScenarioOptions, World } from 'wavetank';
import { linearizable, type Operation } from 'wavetank/checkers';
import { atLeastOnceQueue, UNKNOWN, type DeliveryInput } from 'wavetank/models';
import { sleep } from './services/call.ts';
import { queueService, type Message } from './services/queue.ts';
import type { Disk, Store } from './services/store.ts';

/** How long the sender waits before each message, and the two workers before each look, in milliseconds. */
interface Work {
  readonly sendAfterMs: readonly number[];
  readonly lookAfterMs: readonly number[];
}

const pauses = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 5 });

/** @param options.store - What the queue keeps its messages on. */
export function queueAlone(options: { name: string; store: (disk: Disk) => Store }): ScenarioOptions<Work> {
  return {
    name: options.name,
    tags: ['messaging'],
    hosts: { queue: handler(({ disk }) => queueService(options.store(disk)), { port: 9324 }) },
    network: { latency: latency.longTail({ medianMs: 3, p99Ms: 60 }) },
    // Not doubled: a request that arrives twice is two messages, and no answer tells so.
    faults: swarm({ drop: true, delay: true, reset: true, crash: ['queue'] }),
    workload: fc.record({ sendAfterMs: pauses, lookAfterMs: pauses }, { noNullPrototype: true }),
    async drive(world, { sendAfterMs, lookAfterMs }) {
      const work = (client: Client) => workOn(client, lookAfterMs);
      await Promise.all([
        world.client('sender', (client) => send(client, sendAfterMs)),
        world.client('worker-1', work),
        world.client('worker-2', work),
      ]);
      // What was never delivered is delivered now, if it is there.
      await world.client('auditor', (client) => workOn(client, [0, 0, 0, 0, 0, 0, 0]));
    },
    finally: {
      'the queue delivers at least once': (world) =>
        linearizable(atLeastOnceQueue(), [...world.history, backlog(world)], {
          input: ({ name, input }) => ({ name, ...(input as object) }) as DeliveryInput,
          // It says so of every message, whether it was there or not.
          output: ({ name, value }) => (name === 'acknowledge' ? UNKNOWN : (value as string | number | null)),
        }),
    },
    sometimes: ['a message was delivered again'],
  };
}

/** A last operation: how many messages are on the disk of the queue. */
function backlog(world: World): Operation {
  const { history, nowMs } = world;
  const value = world
    .host('queue')
    .disk.keys()
    .filter((key) => key.startsWith('message/')).length;
  const asked = { id: history.length, client: 'the check', name: 'backlog', input: {}, invokedMs: nowMs };
  return { ...asked, type: 'ok', endedMs: nowMs, value };
}

async function send(client: Client, pausesMs: readonly number[]): Promise<void> {
  for (const [i, pauseMs] of pausesMs.entries()) {
    await sleep(pauseMs);
    const message = `m-${i + 1}`;
    await client.operation('send', { message }, async () => {
      // Nobody needs the id that it answers.
      await ask('POST', '/messages', message);
    });
  }
}

/** Receives one message after another, and acknowledges every second one. */
async function workOn(client: Client, pausesMs: readonly number[]): Promise<void> {
  for (const [i, pauseMs] of pausesMs.entries()) {
    await sleep(pauseMs);
    let received: Message | null = null;
    await client.operation('receive', {}, async () => {
      received = (await ask('POST', '/received')) as Message | null;
      return received?.body ?? null;
    });
    const { id, body: message } = (received ?? {}) as Partial<Message>;
    if (id === undefined || i % 2 === 1) continue;
    await client.operation('acknowledge', { message }, () => ask('DELETE', `/messages/${id}`));
  }
}

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const signal = AbortSignal.timeout(500);
  const response = await fetch(`http://queue:9324${path}`, { method, signal, ...content });
  return response.json();
}
