// A scenario around a store of records: a writer has records stored, and each one that was acknowledged must
// be there whenever the store is up.

import { defineScenario, handler, swarm, type Scenario } from '../../../src/index.ts';

/** A store, as the scenario uses it. */
export interface Store {
  readonly records: readonly string[];
  append(text: string): Promise<void> | void;
}

/** The folder is there on every host. */
export const STORE_FILE = '/home/node/records';
const RECORDS = 6;

/** Makes the scenario for one kind of store. */
export function storing(name: string, open: (file: string) => Store | Promise<Store>): Scenario {
  return defineScenario({
    name,
    hosts: {
      store: handler(async (host) => {
        const store = await open(STORE_FILE);
        host.expose({ records: store.records });
        return async (request) => {
          await store.append(await request.text());
          return new Response('stored');
        };
      }),
    },
    faults: swarm({ powerLoss: ['store'], crash: ['store'], horizonMs: 30 }),
    async drive(world) {
      await world.client('writer', async (client) => {
        for (let i = 1; i <= RECORDS; i++) {
          // Of many lengths, so that some lie across sectors.
          const text = `${i}:`.padEnd(i * 197, String.fromCharCode(96 + i));
          await client.operation('store', text, () => fetch('http://store/', { method: 'POST', body: text }));
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      });
    },
    always: {
      'an acknowledged record is there': (world) => {
        const { isUp, exports } = world.host('store');
        if (!isUp) return true;
        const records = exports?.['records'] as readonly string[];
        const lost = world.history.find(
          ({ type, input }) => type === 'ok' && !records.includes(String(input)),
        );
        return lost === undefined || `lost ${String(lost.input).slice(0, 8)}`;
      },
    },
  });
}
