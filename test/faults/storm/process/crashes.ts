// Crashes that one crash does not stand for: again and again, and everywhere at once.

import { daemon, handler, type Host } from '../../../../src/index.ts';
import { insist, pause, post } from '../calls.ts';
import type { StormRow } from '../row.ts';
import { exposed, processRow } from './system.ts';

const ATTEMPTS_MAX = 3;

/** Does a job. One that fails three times is given up; the naive one counts each time that it was begun. */
async function worker(host: Host, isCareful: boolean): Promise<void> {
  const { disk } = host;
  const write = (key: string, value: unknown): void => {
    disk.put(key, value);
    disk.sync();
  };
  host.expose({ state: () => disk.get('state') });
  const attempts = ((disk.get('attempts') as number | undefined) ?? 0) + 1;
  if (disk.get('state') !== undefined) return;
  if (!isCareful && attempts > ATTEMPTS_MAX) return write('state', 'given up');
  // Nothing is wrong with a job whose worker died of something else.
  if (!isCareful) write('attempts', attempts);
  await pause(100);
  write('state', 'done');
}

const loop = processRow({
  kind: 'crashLoop',
  what: 'a job is given up, because its worker died each time',
  hosts: (isCareful) => ({ worker: daemon((host) => worker(host, isCareful)) }),
  faults: { crashLoop: ['worker'] },
  drive: () => pause(500),
  eventually: {
    'the job is done': (world) => {
      const state = exposed<{ state: () => string }>(world, 'worker').state?.();
      return state === 'done' || `it is ${state ?? 'not begun'}`;
    },
  },
});

/** A replica of a register: takes what it is told, and asks the other one after a boot. */
function replica(host: Host, { peer, isCareful }: { peer: string; isCareful: boolean }) {
  const { disk } = host;
  const values = new Set<string>((disk.get('values') as string[] | undefined) ?? []);
  host.expose({ values });
  const take = (value: string): void => {
    values.add(value);
    if (!isCareful) return;
    disk.put('values', [...values]);
    disk.sync();
  };
  void fetch(`http://${peer}/`)
    .then((response) => response.json())
    .then((known) => (known as string[]).forEach(take))
    .catch(() => {});
  return async (request: Request): Promise<Response> => {
    if (request.method === 'POST') take(await request.text());
    return Response.json([...values]);
  };
}

const REPLICAS = ['north', 'south'] as const;

const together = processRow({
  kind: 'crashTogether',
  what: 'what two replicas have in memory alone is gone when both die',
  hosts: (isCareful) => ({
    north: handler((host) => replica(host, { peer: 'south', isCareful })),
    south: handler((host) => replica(host, { peer: 'north', isCareful })),
  }),
  faults: { crashTogether: REPLICAS, survivable: { hostsDown: 2 } },
  drive: (world) =>
    world.client('guest', async (client) => {
      await client.operation('write', 'x', () =>
        Promise.all(REPLICAS.map((name) => insist(() => post(`http://${name}/`, 'x')))),
      );
      await pause(200);
    }),
  eventually: {
    'what was written is somewhere': (world) => {
      if (!world.history.some(({ type }) => type === 'ok')) return true;
      const sizes = REPLICAS.map((name) => exposed<{ values: Set<string> }>(world, name).values?.size ?? 0);
      return sizes.some((size) => size > 0) || 'no replica has it';
    },
  },
});

/** See the first line. */
export const crashesRows: readonly StormRow[] = [loop, together];
