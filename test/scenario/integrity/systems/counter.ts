// Two clerks read a stock, think, and write it back.

import { handler, swarm } from '../../../../src/index.ts';
import { noLostUpdate } from '../../../../src/checkers.ts';
import { integrityRow, type IntegrityRow } from '../row.ts';
import { ask, bodyOf, done, insist, sleep } from './calls.ts';

interface Stock {
  count: number;
  version: number;
  updates: { sku: string; from: number; count: number }[];
}
interface Write {
  from: number;
  count: number;
}

/** Takes one piece out of the stock. */
async function take(): Promise<void> {
  for (;;) {
    const { count, version } = (await (
      await insist('http://stock/teapot', undefined, 'GET')
    ).json()) as Stock;
    const write: Write = { from: version, count: count - 1 };
    if ((await insist('http://stock/teapot', write)).status === 200) return;
  }
}

export const counter: IntegrityRow = integrityRow(
  {
    check: 'noLostUpdate',
    what: 'a stock is written back over what another clerk wrote',
    said: [
      /update `0` is lost: `1` started from version 0 of `teapot` too/,
      /`0` was written by `stock` .* handling POST \/teapot #\d from `clerk-\d`/,
      /`1` was written by `stock` .* handling POST \/teapot #\d from `clerk-\d`/,
    ],
  },
  (isRepaired) => ({
    hosts: {
      stock: handler((host) => {
        const stock = host.store<Stock>({ count: 10, version: 0, updates: [] });
        return async (request) => {
          if (request.method === 'GET') return Response.json(stock.state);
          const { from, count } = await bodyOf<Write>(request);
          if (isRepaired && from !== stock.state.version) return done(409);
          stock.update((draft) => {
            draft.updates.push({ sku: 'teapot', from, count });
            draft.count = count;
            draft.version++;
          });
          return done();
        };
      }),
      // Books the parcels; only here so that the clerks have something to be delayed by.
      parcels: handler(() => () => done()),
    },
    faults: swarm({ delay: true }),
    async drive(world) {
      const clerk = (name: string, startMs: number) =>
        world.client(name, async () => {
          await sleep(startMs);
          await take();
          await ask('http://parcels/');
        });
      await Promise.all([clerk('clerk-1', 0), clerk('clerk-2', 30)]);
    },
    always: {
      'no update is lost': (world) =>
        noLostUpdate({
          of: world
            .host('stock')
            .store<Stock>()
            .records(({ updates }) => updates),
          record: ({ sku }) => sku,
          from: ({ from }) => from,
        }),
    },
  }),
);
