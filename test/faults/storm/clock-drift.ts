// A clock that runs slow: whoever may keep a copy for four minutes keeps it for longer than was agreed.

import { defineScenario, handler, swarm, type Host, type Scenario } from '../../../src/index.ts';
import { pause } from './calls.ts';
import type { StormRow } from './row.ts';

const LEASE_MS = 240_000;

interface Copy {
  readonly value: string;
  /** For how long it may be kept. */
  readonly leaseMs: number;
}

/** Keeps a value. Before it changes, every copy that was given out has run out, and no more may be kept. */
function origin(): (request: Request) => Promise<Response> {
  let value = 'old';
  let leasedUntilMs = 0;
  let isChanging = false;
  return async (request) => {
    if (request.method === 'GET') {
      if (!isChanging) leasedUntilMs = performance.now() + LEASE_MS;
      return Response.json({ value, leaseMs: isChanging ? 0 : LEASE_MS } satisfies Copy);
    }
    isChanging = true;
    await pause(leasedUntilMs - performance.now());
    isChanging = false;
    value = await request.text();
    return new Response(null);
  };
}

/** Answers from its copy while that may be kept: to the last moment, or to a share of it. */
function cache(_host: Host, share: number): () => Promise<Response> {
  let copy = '';
  let keptUntilMs = 0;
  return async () => {
    const askedMs = performance.now();
    if (askedMs >= keptUntilMs) {
      const { value, leaseMs } = (await (await fetch('http://origin/')).json()) as Copy;
      copy = value;
      keptUntilMs = askedMs + leaseMs * share;
    }
    return new Response(copy);
  };
}

function system(isCareful: boolean): Scenario {
  return defineScenario({
    name: `clock drift, ${isCareful ? 'careful' : 'naive'}`,
    hosts: {
      origin: handler(origin),
      // Two clocks that are each wrong by 500 ppm are 0.1 % apart.
      cache: handler((host) => cache(host, isCareful ? 0.998 : 1)),
    },
    faults: swarm({ clockDrift: ['origin', 'cache'] }),
    stormMs: 250_000,
    async drive(world) {
      const read = async () => (await fetch('http://cache/')).text();
      const write = () => fetch('http://origin/', { method: 'PUT', body: 'new' });
      await world.client('reader', (client) => client.operation('read', null, read));
      const writing = world.client('writer', (client) => client.operation('write', 'new', write));
      await world.client('reader', async (client) => {
        await pause(LEASE_MS - 300);
        for (let i = 0; i < 25; i++) {
          await pause(25);
          await client.operation('read', null, read);
        }
      });
      await writing;
    },
    always: {
      'what was written is read': ({ history }) => {
        const written = history.find(({ name, type }) => name === 'write' && type === 'ok')?.endedMs;
        if (written === undefined) return true;
        const stale = history.find(({ value, invokedMs }) => value === 'old' && invokedMs > written);
        return stale === undefined || `the old value was read ${stale.invokedMs - written} ms later`;
      },
    },
  });
}

/** See the first line. */
export const clockDriftRows: readonly StormRow[] = [
  {
    kind: 'clockDrift',
    what: 'a copy is used after it was to be thrown away, by the clock of who gave it',
    naive: system(false),
    careful: system(true),
  },
];
