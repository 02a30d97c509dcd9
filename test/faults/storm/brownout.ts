// A service that is overloaded: some requests fail, some are slow.

import { daemon, handler, swarm } from '../../../src/index.ts';
import { pause } from './calls.ts';
import type { StormRow } from './row.ts';
import { twins } from './twins.ts';

const AT_ONCE_MAX = 3;
const POLLS = 40;

/** See the first line. */
export const brownoutRows: readonly StormRow[] = [
  twins({ kind: 'brownout', what: 'who asks again on a clock piles up what is slow' }, (isCareful) => ({
    hosts: {
      quotes: handler(() => () => new Response('42')),
      ticker: daemon(async (host) => {
        const asking = { now: 0, most: 0 };
        host.expose({ asking });
        const poll = async (): Promise<void> => {
          asking.most = Math.max(asking.most, ++asking.now);
          await fetch('http://quotes/').catch(() => {});
          asking.now--;
        };
        for (let i = 0; i < POLLS; i++) {
          await pause(10);
          if (!isCareful || asking.now < AT_ONCE_MAX) void poll();
        }
      }),
    },
    faults: swarm({ brownout: ['quotes'], horizonMs: 200 }),
    drive: () => pause(10 * POLLS),
    always: {
      'few questions are open': (world) => {
        const { most = 0 } = (world.host('ticker').exports?.['asking'] as { most: number } | undefined) ?? {};
        return most <= AT_ONCE_MAX || `${most} are`;
      },
    },
  })),
  twins({ kind: 'brownout', what: 'a stock that cannot be asked for is sold out' }, (isCareful) => ({
    hosts: {
      stock: handler(() => () => Response.json({ left: 7 })),
      shop: handler((host) => {
        const shown: string[] = [];
        host.expose({ shown });
        return async () => {
          const response = await fetch('http://stock/');
          const { left = 0 } = (await response.json().catch(() => ({}))) as { left?: number };
          if (isCareful && !response.ok) shown.push('ask later');
          else shown.push(left > 0 ? 'in stock' : 'sold out');
          return new Response(shown.at(-1));
        };
      }),
    },
    faults: swarm({ brownout: ['stock'], horizonMs: 200 }),
    drive: (world) =>
      world.client('guest', async () => {
        for (let i = 0; i < 10; i++) {
          await fetch('http://shop/');
          await pause(20);
        }
      }),
    never: {
      'what is there counts as sold out': (world) =>
        ((world.host('shop').exports?.['shown'] as string[] | undefined) ?? []).includes('sold out'),
    },
  })),
];
