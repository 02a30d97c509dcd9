// A cache is told of new prices by datagrams, which may be lost.

import { daemon, handler, swarm, type World } from '../../../../src/index.ts';
import { boundedStaleness } from '../../../../src/checkers.ts';
import { integrityRow, type IntegrityRow } from '../row.ts';
import { ask, done, sleep } from './calls.ts';

interface Price {
  version: number;
  setAtMs: number;
}
interface Prices {
  prices: Record<string, Price>;
}

const pricesAt = (world: World, name: string) =>
  world
    .host(name)
    .store<Prices>()
    .records(({ prices }) => prices);

export const cache: IntegrityRow = integrityRow(
  {
    check: 'boundedStaleness',
    what: 'a cache that missed a price shows the old one for ever',
    said: [
      /`teapot` .*: version \d is .* ms old, and 500 ms are allowed:/,
      /`teapot` was written by `shop` .* handling POST \/ #\d from `merchant`/,
    ],
  },
  (isRepaired) => ({
    hosts: {
      shop: handler((host) => {
        const store = host.store<Prices>({ prices: {} });
        return (request) => {
          if (request.method === 'GET') return Response.json(store.state.prices);
          const teapot: Price = {
            version: (store.state.prices['teapot']?.version ?? 0) + 1,
            setAtMs: performance.now(),
          };
          store.update(({ prices }) => {
            prices['teapot'] = teapot;
          });
          host.send('cache', { teapot }, 'prices');
          return done();
        };
      }),
      cache: daemon(async (host) => {
        const store = host.store<Prices>({ prices: {} });
        const take = (news: Prices['prices']): void =>
          void store.update(({ prices }) => {
            const { teapot } = news;
            if (teapot !== undefined && teapot.version > (prices['teapot']?.version ?? 0))
              prices['teapot'] = teapot;
          });
        host.onMessage((payload) => take(payload as Prices['prices']));
        if (!isRepaired) return;
        for (;;) {
          await sleep(200);
          const answer = await ask('http://shop/', undefined, 'GET');
          if (answer?.ok === true) take((await answer.json()) as Prices['prices']);
        }
      }),
    },
    faults: swarm({ drop: ['shop -> cache'] }),
    drive: (world) =>
      world.client('merchant', async () => {
        for (let i = 1; i <= 3; i++) {
          await ask('http://shop/', undefined);
          await sleep(50);
        }
        await sleep(700);
      }),
    calmMs: 1_000,
    finally: {
      'the cache lags behind by half a second at most': (world) =>
        boundedStaleness({
          of: pricesAt(world, 'cache'),
          from: pricesAt(world, 'shop'),
          version: ({ version }) => version,
          sinceMs: ({ setAtMs }) => setAtMs,
          nowMs: world.nowMs,
          withinMs: 500,
        }),
    },
  }),
);
