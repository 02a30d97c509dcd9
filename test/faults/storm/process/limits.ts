// A process at its limits: it can open nothing more, or dies of what it has open.

import { daemon, handler, type Host } from '../../../../src/index.ts';
import { insist, pause, post } from '../calls.ts';
import type { StormRow } from '../row.ts';
import { exposed, processRow } from './system.ts';

/** Counts what it is told. */
function ledger(host: Host): (request: Request) => Promise<Response> {
  const entries = new Set<string>();
  host.expose({ entries });
  return async (request) => {
    entries.add(await request.text());
    return new Response('noted');
  };
}

/** Reports each of its readings. The naive one drops what it cannot send. */
async function meter(isCareful: boolean): Promise<void> {
  for (let reading = 1; reading <= 5; reading++) {
    // To another host each time: a connection that is open works on.
    const send = (): Promise<Response> => post(`http://ledger-${reading}/`, reading);
    await (isCareful ? insist(send) : send().catch(() => undefined));
    await pause(10);
  }
}

const LEDGERS = [1, 2, 3, 4, 5].map((number) => `ledger-${number}`);

const descriptors = processRow({
  kind: 'descriptors',
  what: 'a reading that cannot be sent for lack of a socket is dropped',
  hosts: (isCareful) => ({
    meter: daemon(() => meter(isCareful)),
    ...Object.fromEntries(LEDGERS.map((name) => [name, handler(ledger)])),
  }),
  faults: { descriptors: ['meter'] },
  drive: () => pause(200),
  eventually: {
    'every reading is noted': (world) => {
      const missing = LEDGERS.filter(
        (name) => exposed<{ entries: Set<string> }>(world, name).entries?.size !== 1,
      );
      return missing.length === 0 || `none at ${missing.join(', ')}`;
    },
  },
});

/** Takes orders, and does them a little later. The careful one writes them down before it answers. */
function orders(host: Host, isCareful: boolean): (request: Request) => Promise<Response> {
  const { disk } = host;
  const done = (): string[] => (disk.get('done') as string[] | undefined) ?? [];
  const write = (key: string, value: unknown): void => {
    disk.put(key, value);
    disk.sync();
  };
  host.expose({ done });
  const waiting: string[] = (disk.get('waiting') as string[] | undefined) ?? [];
  setInterval(() => {
    if (waiting.length === 0) return;
    write('done', [...done(), ...waiting.splice(0)]);
    write('waiting', []);
  }, 50);
  return async (request) => {
    await pause(5);
    waiting.push(await request.text());
    if (isCareful) write('waiting', waiting);
    return new Response('taken', { status: 202 });
  };
}

const memory = processRow({
  kind: 'memory',
  what: 'too many requests at once, and the orders that it had taken are gone',
  hosts: (isCareful) => ({ orders: handler((host) => orders(host, isCareful)) }),
  faults: { memory: ['orders'] },
  drive: async (world) => {
    const visits = Array.from({ length: 10 }, (_, i) =>
      world.client(`guest-${i}`, async (client) => {
        await pause(20 * (i % 3));
        await client.operation('order', i, () => post('http://orders/', i));
      }),
    );
    await Promise.all(visits);
  },
  eventually: {
    'what was taken is done': (world) => {
      const done = exposed<{ done: () => string[] }>(world, 'orders').done?.() ?? [];
      const taken = world.history.filter(({ type }) => type === 'ok').map(({ input }) => String(input));
      const missing = taken.filter((order) => !done.includes(order));
      return missing.length === 0 || `order ${missing.join(', ')} was not`;
    },
  },
});

/** See the first line. */
export const limitRows: readonly StormRow[] = [descriptors, memory];
