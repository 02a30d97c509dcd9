// A service that is not there for a while, and everything that waited for it arriving at once.

import { handler, swarm } from '../../../src/index.ts';
import { insist, pause } from './calls.ts';
import type { StormRow } from './row.ts';
import { twins } from './twins.ts';

const TRIES = 3;
const AT_ONCE_MAX = 4;

async function delivered(event: string): Promise<void> {
  const request = { method: 'POST', body: event, signal: AbortSignal.timeout(100) };
  const { ok } = await fetch('http://mail/', request);
  if (!ok) throw new Error('not delivered');
}

/** Gives up after a few tries. */
async function tried(event: string): Promise<void> {
  for (let i = 0; i < TRIES; i++) {
    try {
      return await delivered(event);
    } catch {
      await pause(50);
    }
  }
}

/** See the first line. */
export const outageRows: readonly StormRow[] = [
  twins({ kind: 'outage', what: 'who gives up after three tries loses mail' }, (isCareful) => ({
    hosts: {
      mail: handler((host) => {
        const mails = new Set<string>();
        host.expose({ mails });
        return async (request) => {
          mails.add(await request.text());
          return new Response('sent');
        };
      }),
    },
    faults: swarm({ outage: ['mail'], horizonMs: 500 }),
    drive: (world) =>
      world.client('shop', async () => {
        for (let i = 0; i < 5; i++) {
          await (isCareful ? insist(() => delivered(`m-${i}`)) : tried(`m-${i}`));
          await pause(50);
        }
      }),
    eventually: {
      'every mail is sent': {
        withinMs: 1_000,
        check: (world) => {
          const { size = 0 } = (world.host('mail').exports?.['mails'] as Set<string> | undefined) ?? {};
          return size === 5 || `${5 - size} are not`;
        },
      },
    },
  })),
  twins({ kind: 'outage', what: 'all that waited arrives at once and is too much' }, (isCareful) => ({
    hosts: {
      images: handler((host) => {
        const work = { now: 0, most: 0 };
        host.expose({ work });
        return async () => {
          if (isCareful && work.now === AT_ONCE_MAX) return new Response(null, { status: 503 });
          work.most = Math.max(work.most, ++work.now);
          await pause(10);
          work.now--;
          return new Response('resized');
        };
      }),
    },
    faults: swarm({ outage: ['images'], horizonMs: 300 }),
    drive: async (world) => {
      const clients = Array.from({ length: 15 }, (_, i) =>
        world.client(`guest-${i}`, async () => {
          await pause(20 * i);
          for (let tries = 1; ; tries++) {
            const { ok } = await insist(() =>
              fetch('http://images/', { signal: AbortSignal.timeout(2_000) }),
            );
            if (ok) return;
            await pause(tries * 100 * Math.random());
          }
        }),
      );
      await Promise.all(clients);
    },
    always: {
      'no more is done at once than there is memory for': (world) => {
        const { most = 0 } = (world.host('images').exports?.['work'] as { most: number } | undefined) ?? {};
        return most <= AT_ONCE_MAX || `${most} were`;
      },
    },
  })),
];
