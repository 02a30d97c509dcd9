// The counterexamples whose messages are committed, and how a message is made comparable.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  CheckFailure,
  daemon,
  defineScenario,
  explore,
  handler,
  latency,
  swarm,
  type Scenario,
} from '../../src/index.ts';
import { systems } from '../planted/systems/all.ts';
import { root } from '../runner.ts';

/** What to run after a change that tells counterexamples otherwise on purpose. */
export const UPDATE_COMMAND = 'node --conditions=wavetank-source --import tsx test/golden/update-golden.ts';

const planted = (bug: string): Scenario => {
  const system = systems.find((each) => each.bug === bug);
  if (system === undefined) throw new Error(`no planted system has the bug "${bug}"`);
  return system.broken;
};

const silent = handler(() => () => new Promise<Response>(() => {}));

const deadlock = defineScenario({
  name: 'a form that got lost',
  hosts: {
    desk: daemon((host) => {
      const apply = (): Promise<unknown> =>
        new Promise((resolve) => {
          host.onMessage(resolve);
          host.send('office', 'A38', 'form');
        });
      host.expose({ apply });
    }),
    office: daemon((host) => host.onMessage((form) => host.send('desk', form, 'stamped form'))),
  },
  faults: swarm({ drop: true, delay: true }),
  async drive(world) {
    const { apply } = world.host('desk').exports as { apply: () => Promise<unknown> };
    await world.client('applicant', (client) => client.operation('apply', { form: 'A38' }, apply));
  },
});

const uncaught = defineScenario({
  name: 'a poller without a catch',
  hosts: {
    feed: handler(() => () => new Response('news')),
    poller: daemon(() => {
      setInterval(() => {
        void fetch('http://feed/latest').then((response) => response.text());
      }, 100);
    }),
  },
  network: { latency: latency.longTail({ medianMs: 4, p99Ms: 40 }) },
  faults: swarm({ refuse: true, delay: true, crash: ['feed'] }),
  drive: () => new Promise((resolve) => setTimeout(resolve, 1_000)),
});

const hang = defineScenario({
  name: 'a loop without end',
  hosts: {
    sorter: handler(() => async (request) => {
      const numbers = (await request.json()) as number[];
      while (numbers.some((number, i) => number < (numbers[i - 1] ?? number))) await null;
      return Response.json(numbers);
    }),
  },
  async drive(world) {
    await world.client('client', (client) =>
      client.operation('sort', [2, 1], () => fetch('http://sorter/', { method: 'POST', body: '[2, 1]' })),
    );
  },
  limits: { hangMs: 300 },
});

const limit = defineScenario({
  name: 'two hosts that keep each other busy',
  hosts: {
    ping: daemon((host) => {
      host.onMessage(() => host.send('pong', 'ping', 'ping'));
      host.send('pong', 'ping', 'ping');
    }),
    pong: daemon((host) => host.onMessage(() => host.send('ping', 'pong', 'pong'))),
  },
  drive: () => new Promise(() => {}),
  limits: { stepsMax: 200 },
});

const stalled = defineScenario({
  name: 'a partition that TCP survives',
  hosts: { store: handler(() => () => new Response('kept')), other: silent },
  async drive(world) {
    await world.client('writer', async (client) => {
      const wall = world.network.partition({ from: ['store'], to: ['writer'] });
      setTimeout(() => wall.heal(), 700);
      await client.operation('write', 1, () => fetch('http://store/', { method: 'PUT', body: '1' }));
    });
  },
  always: {
    'writes take less than a second': (world) =>
      world.history.every(({ invokedMs, endedMs }) => (endedMs ?? world.nowMs) - invokedMs < 1_000),
  },
});

/** The counterexamples, by the name of their file. */
export const counterexamples: Readonly<Record<string, Scenario>> = {
  'no-fault': planted('lost update'),
  'lost-response': planted('double charge'),
  'duplicated-datagram': planted('consumer that is not idempotent'),
  'delayed-response': planted('cancel after success'),
  overtaking: planted('overtaking messages'),
  refused: planted('swallowed refusal'),
  crash: planted('unsynced disk'),
  pause: planted('lock without fencing'),
  partition: planted('two leaders'),
  'reset-and-crash': planted('forgotten idempotency keys'),
  'stalled-by-a-partition': stalled,
  deadlock: deadlock,
  uncaught: uncaught,
  hang: hang,
  limit: limit,
};

/** The file in which the message of a counterexample is committed. */
export function goldenFile(name: string): string {
  return fileURLToPath(new URL(`${name}.txt`, import.meta.url));
}

/** What is committed for a counterexample. */
export function committedMessage(name: string): string {
  return readFileSync(goldenFile(name), 'utf8');
}

/** Explores, and gives the message of the failure without what differs between machines and releases. */
export async function messageOf(scenario: Scenario): Promise<string> {
  // The texts are what matters, not who finds what they are about.
  const exploring = explore(scenario, { runs: 300, strategy: 'timed-random' });
  const error: unknown = await exploring.catch((reason: unknown) => reason);
  if (!(error instanceof CheckFailure)) throw new Error(`no counterexample: ${String(error)}`);
  const text = `${error.name}: ${error.message}\n`;
  return (
    text
      .replaceAll(root, '')
      // Compressed by the zlib of this Node.js.
      .replaceAll(/wt1:[\w-]+\.[0-9a-z]+/g, 'wt1:...')
      // Node.js' own frames.
      .replaceAll(/^ +at (?:async )?(?:.*\()?node:.*\n/gm, '')
  );
}
