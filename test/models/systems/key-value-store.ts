// A key-value store as a service; and as two, of which one follows the other.

import { handler, type Host, type HostDefinition } from '../../../src/index.ts';
import { keyValueOperations, keyValueStore, type KeyValueInput } from '../../../src/models.ts';
import { simulated, type SimulatedModel } from '../simulated.ts';
import { service, type Asked, type Kept } from './service.ts';

type Table = Record<string, number>;

export const keptKeyValueStore: Kept<Table, KeyValueInput<number>, number | boolean | null> = {
  initial: () => ({}),
  apply(table, input) {
    const { key } = input;
    switch (input.name) {
      case 'get':
        return table[key] ?? null;
      case 'put':
        table[key] = input.value;
        return null;
      case 'delete':
        delete table[key];
        return null;
      default: {
        const isMatch = (table[key] ?? null) === input.from;
        if (isMatch) table[key] = input.to;
        return isMatch;
      }
    }
  },
};

/** Keeps to what the primary tells it, and answers reads meanwhile. */
function replica(host: Host): (request: Request) => Promise<Response> {
  host.onMessage((table) => {
    host.disk.put('table', table);
    host.disk.sync();
  });
  return async (request) => {
    const { input } = (await request.json()) as Asked<KeyValueInput<number>>;
    if (input.name !== 'get') return new Response('ask the primary', { status: 503 });
    const table = (host.disk.get('table') as Table | undefined) ?? {};
    return Response.json({ output: keptKeyValueStore.apply(table, input) });
  };
}

/** Takes all writes, and tells the replica of each when it is done. */
function withReplica(): Readonly<Record<'server' | 'replica', HostDefinition>> {
  const { server } = service(keptKeyValueStore, undefined, (host, table) => host.send('replica', table));
  return { server, replica: handler(replica) };
}

export const keyValueModel: SimulatedModel = simulated({
  model: keyValueStore<number>(),
  operations: () => keyValueOperations(),
  closing: [
    { name: 'get', key: 'x' },
    { name: 'get', key: 'y' },
  ],
  correct: service(keptKeyValueStore),
  faulty: [
    {
      what: 'answers from a replica that is behind',
      hosts: withReplica(),
      entries: ['server', 'replica'],
      names: [/(found no|read) [xy]/, /(set|change|create|delete).* [xy]/],
    },
    {
      what: 'remembers a request before its effect',
      hosts: service(keptKeyValueStore, 'remembers a request before its effect'),
      names: [/(found no|read) [xy]/, /(set|change|create|delete).* [xy]/],
    },
  ],
});
