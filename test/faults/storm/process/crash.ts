// A crash at the worst moment: between two writes, during the boot, during a graceful stop.

import { handler, type Host } from '../../../../src/index.ts';
import { insist, pause, post } from '../calls.ts';
import type { StormRow } from '../row.ts';
import { exposed, processRow } from './system.ts';

interface Accounts {
  readonly balances: () => readonly number[];
}

/** Moves money from one account to another, by two writes. The careful one says first what it will do. */
function bank(host: Host, isCareful: boolean): (request: Request) => Promise<Response> {
  const { disk } = host;
  const balance = (account: string): number => (disk.get(account) as number | undefined) ?? 100;
  host.expose({ balances: () => [balance('a'), balance('b')] });
  const write = (account: string, value: number): void => {
    disk.put(account, value);
    disk.sync();
  };
  const finish = (intent: Record<string, number>): void => {
    for (const [account, value] of Object.entries(intent)) write(account, value);
    disk.delete('intent');
    disk.sync();
  };
  const left = disk.get('intent') as Record<string, number> | undefined;
  if (left !== undefined) finish(left);
  return async (request) => {
    const amount = Number(await request.text());
    const after = { a: balance('a') - amount, b: balance('b') + amount };
    if (isCareful) {
      disk.put('intent', after);
      disk.sync();
    }
    write('a', after.a);
    await pause(5);
    if (isCareful) finish(after);
    else write('b', balance('b') + amount);
    return new Response('moved');
  };
}

const betweenWrites = processRow({
  kind: 'crash',
  what: 'between two writes, money is taken and never given',
  hosts: (isCareful) => ({ bank: handler((host) => bank(host, isCareful)) }),
  faults: { crash: ['bank'] },
  drive: (world) =>
    world.client('guest', async () => {
      for (const amount of [1, 2, 3, 4, 5]) await post('http://bank/', amount).catch(() => {});
    }),
  eventually: {
    'all money is somewhere': (world) => {
      const [a = 0, b = 0] = exposed<Accounts>(world, 'bank').balances?.() ?? [100, 100];
      return a + b === 200 || `${a} and ${b} are not 200`;
    },
  },
});

/** Its first boot brings the layout of its disk up to date, which takes a while. */
async function catalogue(host: Host, isCareful: boolean): Promise<() => Response> {
  const { disk } = host;
  const has = (key: string): boolean => disk.get(key) !== undefined;
  if (!has('installed')) {
    disk.put('items', 'teapot,kettle');
    disk.put('installed', true);
    disk.sync();
  }
  host.expose({ items: () => disk.get('list') ?? disk.get('items') });
  if (has('items')) {
    const list = String(disk.get('items')).split(',');
    const change = (act: () => void): Promise<void> => {
      act();
      disk.sync();
      return pause(10);
    };
    // The careful one takes nothing away before the new is there.
    if (!isCareful) await change(() => disk.delete('items'));
    await change(() => disk.put('list', list));
    if (isCareful) await change(() => disk.delete('items'));
  }
  return () => Response.json(disk.get('list') ?? []);
}

const duringBoot = processRow({
  kind: 'crash',
  what: 'during the boot, a migration that takes the old away first loses everything',
  hosts: (isCareful) => ({ catalogue: handler((host) => catalogue(host, isCareful)) }),
  faults: { crash: ['catalogue'] },
  drive: () => pause(50),
  eventually: {
    'the items are there': (world) =>
      exposed<{ items: () => unknown }>(world, 'catalogue').items?.() !== undefined || 'they are gone',
  },
});

/** Keeps what it was told in memory and writes it when it ends; after an unclean end it reads the log. */
function journal(host: Host, isCareful: boolean): (request: Request) => Promise<Response> {
  const { disk } = host;
  const listOf = (key: string): string[] => (disk.get(key) as string[] | undefined) ?? [];
  const write = (key: string, value: unknown): void => {
    disk.put(key, value);
    disk.sync();
  };
  const entries = disk.get('clean') === true ? listOf('table') : listOf('log');
  write('clean', false);
  host.expose({ entries });
  host.onStop(async () => {
    if (!isCareful) write('clean', true);
    await pause(20);
    write('table', entries);
    // Only now there is nothing left to do.
    if (isCareful) write('clean', true);
  });
  return async (request) => {
    entries.push(await request.text());
    write('log', entries);
    return new Response('noted');
  };
}

const duringStop = processRow({
  kind: 'crash',
  what: 'during a graceful stop, a mark of a clean end that comes too early hides what was not written',
  hosts: (isCareful) => ({ journal: handler((host) => journal(host, isCareful)) }),
  faults: { crash: ['journal'] },
  async drive(world) {
    await world.client('guest', async (client) => {
      await insist(() => client.operation('note', 'first', () => post('http://journal/', 'first')));
    });
    await world.host('journal').stop();
    await world.host('journal').restart();
  },
  eventually: {
    'what was acknowledged is there': (world) => {
      const { length } = exposed<{ entries: string[] }>(world, 'journal').entries ?? [];
      const isNoted = world.history.some(({ type }) => type === 'ok');
      return !isNoted || length > 0 || 'it is not';
    },
  },
});

/** See the first line. */
export const crashRows: readonly StormRow[] = [betweenWrites, duringBoot, duringStop];
