// Answers that are not what they should be: the error page of a proxy, half of a body, none.

import { handler, swarm } from '../../../src/index.ts';
import { insist } from './calls.ts';
import type { StormRow } from './row.ts';
import { twins } from './twins.ts';

interface Article {
  readonly cents?: number;
}

/** See the first line. */
export const malformedRows: readonly StormRow[] = [
  twins({ kind: 'malformed', what: 'a price that cannot be read is none' }, (isCareful) => ({
    hosts: {
      catalogue: handler(() => () => Response.json({ cents: 1250 })),
      shop: handler((host) => {
        const sold: number[] = [];
        host.expose({ sold });
        const priced = async (): Promise<number> => {
          const response = await fetch('http://catalogue/price');
          if (!isCareful) return ((await response.json().catch(() => ({}))) as Article).cents ?? 0;
          const { cents } = (await response.json()) as Article;
          if (cents === undefined) throw new Error('no price');
          return cents;
        };
        return async () => {
          sold.push(await insist(priced));
          return new Response('sold');
        };
      }),
    },
    faults: swarm({ malformed: ['catalogue'] }),
    drive: (world) =>
      world.client('guest', async () => {
        for (let i = 0; i < 3; i++) await fetch('http://shop/buy', { method: 'POST' });
      }),
    never: {
      'something is given away': (world) =>
        ((world.host('shop').exports?.['sold'] as number[] | undefined) ?? []).includes(0),
    },
  })),
];
