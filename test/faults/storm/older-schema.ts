// A replica of a service that is not upgraded yet answers without a field.

import { handler, swarm } from '../../../src/index.ts';
import type { StormRow } from './row.ts';
import { twins } from './twins.ts';

interface Item {
  readonly cents?: number;
  readonly euros: number;
}

/** See the first line. */
export const olderSchemaRows: readonly StormRow[] = [
  twins({ kind: 'olderSchema', what: 'a field that is not there yet makes a total of NaN' }, (isCareful) => ({
    hosts: {
      items: handler(() => () => Response.json({ cents: 1250, euros: 12.5 } satisfies Item)),
      cart: handler((host) => {
        let total = 0;
        host.expose({
          get total() {
            return total;
          },
        });
        return async () => {
          const { cents, euros } = (await (await fetch('http://items/1')).json()) as Item;
          total += isCareful ? (cents ?? Math.round(euros * 100)) : (cents as number);
          return new Response('added');
        };
      }),
    },
    faults: swarm({ olderSchema: { items: ({ euros }: Item) => ({ euros }) } }),
    drive: (world) =>
      world.client('guest', async () => {
        for (let i = 0; i < 3; i++) await fetch('http://cart/add', { method: 'POST' });
      }),
    always: {
      'the total is a number': (world) => !Number.isNaN(world.host('cart').exports?.['total'] ?? 0),
    },
  })),
];
