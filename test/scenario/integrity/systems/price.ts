// A replica takes whatever arrives, in whichever order.

import { daemon, handler, swarm } from '../../../../src/index.ts';
import { monotonicVersion } from '../../../../src/checkers.ts';
import { integrityRow, type IntegrityRow } from '../row.ts';
import { ask, done } from './calls.ts';

interface Price {
  sku: string;
  version: number;
  cents: number;
}
interface Replica {
  applied: Price[];
}

export const price: IntegrityRow = integrityRow(
  {
    check: 'monotonicVersion',
    what: 'a price that was overtaken replaces the one that overtook it',
    said: [
      /`teapot` went from version \d \(`\d`\) to \d \(`\d`\):/,
      /`\d` was written by `replica` .* handling datagram price #\d from `catalog`/,
    ],
  },
  (isRepaired) => ({
    hosts: {
      catalog: handler((host) => {
        let version = 0;
        return async (request) => {
          const news: Price = { sku: 'teapot', version: ++version, cents: Number(await request.text()) };
          host.send('replica', news, 'price');
          return done();
        };
      }),
      replica: daemon((host) => {
        const replica = host.store<Replica>({ applied: [] });
        host.onMessage((payload) => {
          const news = payload as Price;
          const known = replica.state.applied.at(-1)?.version ?? 0;
          if (isRepaired && news.version <= known) return;
          replica.update((draft) => void draft.applied.push(news));
        });
      }),
    },
    faults: swarm({ delay: true, duplicate: true }),
    drive: (world) =>
      world.client('merchant', async () => {
        for (const cents of [100, 200, 300]) await ask('http://catalog/', cents);
      }),
    always: {
      'prices never go back': (world) =>
        monotonicVersion({
          of: world
            .host('replica')
            .store<Replica>()
            .records(({ applied }) => applied),
          record: ({ sku }) => sku,
          version: (each) => each.version,
          isStrict: true,
        }),
    },
  }),
);
