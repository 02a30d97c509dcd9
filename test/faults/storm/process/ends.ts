// A process that is asked to end, and one that another version of its program replaces.

import { handler, type Host } from '../../../../src/index.ts';
import { insist, pause, post } from '../calls.ts';
import type { StormRow } from '../row.ts';
import { exposed, processRow } from './system.ts';

/** Answers at once, and does the work afterwards. The careful one does not end before that is done. */
function mailer(host: Host, isCareful: boolean): () => Response {
  const working = new Set<Promise<void>>();
  const sent = (): number => (host.disk.get('sent') as number | undefined) ?? 0;
  host.expose({ sent });
  if (isCareful) host.onStop(async () => void (await Promise.all(working)));
  const send = async (): Promise<void> => {
    await pause(20);
    host.disk.put('sent', sent() + 1);
    host.disk.sync();
  };
  return () => {
    const work = send();
    working.add(work);
    void work.then(() => working.delete(work));
    return new Response('will be sent', { status: 202 });
  };
}

const stop = processRow({
  kind: 'stop',
  what: 'work that goes on after its answer is lost with the process',
  hosts: (isCareful) => ({ mailer: handler((host) => mailer(host, isCareful)) }),
  faults: { stop: ['mailer'] },
  drive: (world) =>
    world.client('guest', async (client) => {
      for (let i = 0; i < 5; i++)
        await client.operation('send', i, () => post('http://mailer/', i)).then(() => pause(10));
    }),
  eventually: {
    'what was promised is sent': (world) => {
      const promised = world.history.filter(({ type }) => type === 'ok').length;
      const sent = exposed<{ sent: () => number }>(world, 'mailer').sent?.() ?? 0;
      return sent >= promised || `${sent} of ${promised} letters were sent`;
    },
  },
});

type Row = Record<string, string>;

/** The database that both versions share. */
function users(): (request: Request) => Promise<Response> {
  const rows = new Map<string, Row>();
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === 'POST') rows.set(pathname, (await request.json()) as Row);
    return Response.json(rows.get(pathname) ?? {});
  };
}

/** Greets people by a name that was called something else before. The careful one writes both. */
function greeter(options: { field: string; writes: readonly string[] }) {
  return async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const at = `http://users${pathname}`;
    if (request.method === 'POST') {
      const name = await request.text();
      await post(at, Object.fromEntries(options.writes.map((field) => [field, name])));
    }
    const row = (await (await fetch(at)).json()) as Row;
    return new Response(`hello ${row[options.field] ?? 'nobody'}`);
  };
}

function versionsOf(isCareful: boolean) {
  const both = ['name', 'fullName'];
  return [
    handler(() => greeter({ field: 'name', writes: isCareful ? both : ['name'] })),
    handler(() => greeter({ field: 'fullName', writes: isCareful ? both : ['fullName'] })),
  ];
}

const upgrade = processRow({
  kind: 'upgrade',
  what: 'a field that was renamed is not found by the version that knows the other name',
  hosts: () => ({ users: handler(users) }),
  versions: (isCareful) => ({ one: versionsOf(isCareful), two: versionsOf(isCareful) }),
  faults: { upgrade: ['one', 'two'], survivable: { hostsDown: 2 } },
  drive: (world) =>
    world.client('guest', async (client) => {
      for (const path of ['/1', '/2', '/3']) {
        await insist(() => post(`http://one${path}`, 'Ada'));
        await client.operation('greet', path, () =>
          insist(async () => (await fetch(`http://two${path}`)).text()),
        );
        await pause(50);
      }
    }),
  always: {
    'everybody is greeted by name': (world) =>
      world.history.every(({ value }) => value !== 'hello nobody') || 'somebody was greeted as nobody',
  },
});

/** See the first line. */
export const endRows: readonly StormRow[] = [stop, upgrade];
