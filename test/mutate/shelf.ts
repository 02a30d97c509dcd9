// A small system to be altered: two clients put books on a shelf, one after the other, count them up and look
// at them. Its checks are given by each test.

import { defineScenario } from '../../src/scenario/define-scenario.ts';
import type { Scenario, ScenarioOptions } from '../../src/scenario/scenario.ts';
import type { World } from '../../src/scenario/world.ts';
import { handler, type Host } from '../../src/host/definition.ts';

/** What the shelf exposes. */
export interface Shelf {
  readonly books: Map<string, string>;
  readonly sold: { count: number };
}

type Options = Partial<Omit<ScenarioOptions<undefined>, 'drive'>>;

/** The scenario. */
export function shelfScenario(checks: Options = {}): Scenario<undefined> {
  return defineScenario({
    name: 'shelf',
    hosts: { shelf: handler(bootShelf) },
    async drive(world) {
      for (const reader of ['ada', 'ben']) {
        await world.client(reader, async (client) => {
          for (const book of ['emma', 'ulysses']) {
            const text = `${book} of ${reader}`;
            await client.operation('put', text, async () => {
              return (await fetch(`http://shelf/books/${reader}`, { method: 'PUT', body: text })).text();
            });
            await client.operation('get', reader, async () => {
              return (await fetch(`http://shelf/books/${reader}`)).text();
            });
          }
          await client.operation('sell', null, async () => {
            return Number(await (await fetch('http://shelf/sales', { method: 'POST' })).text());
          });
        });
      }
    },
    ...checks,
  });
}

function bootShelf(host: Host) {
  const { disk } = host;
  const books = new Map(disk.keys().map((key) => [key.slice('book/'.length), String(disk.get(key))]));
  const sold = { count: 0 };
  host.expose({ books, sold });
  return async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname === '/sales') return new Response(String(++sold.count));
    const reader = pathname.split('/')[2] as string;
    if (request.method === 'GET') return new Response(books.get(reader) ?? 'nothing');
    const text = await request.text();
    books.set(reader, text);
    disk.put(`book/${reader}`, text);
    disk.sync();
    return new Response(`has ${text}`);
  };
}

/** What is on the shelf. */
export function shelfOf(world: World): Shelf | undefined {
  return world.host('shelf').exports as Shelf | undefined;
}

/** Every check that it takes to notice whatever is altered, but for those about sales. */
export const bookChecks: NonNullable<Options['always']> = {
  'what was put last is there': (world) => {
    const { history } = world;
    const books = shelfOf(world)?.books;
    return ['ada', 'ben'].every((reader) => {
      const puts = history.filter(({ client, name }) => client === reader && name === 'put');
      const last = puts.at(-1);
      return last?.type !== 'ok' || books?.get(reader) === last.input;
    });
  },
  'what is there was put': (world) => {
    const { history } = world;
    const books = shelfOf(world)?.books;
    return [...(books?.values() ?? [])].every((text) => history.some(({ input }) => input === text));
  },
  'a reader gets what was put last, and a put is confirmed': ({ history }) =>
    history.every(({ client, name, type, input, value }, i) => {
      if (type !== 'ok' || name === 'sell') return true;
      if (name === 'put') return value === `has ${String(input)}`;
      const put = history.slice(0, i).findLast((each) => each.client === client && each.name === 'put');
      return put?.type !== 'ok' || value === put.input;
    }),
};

/** The checks about sales. */
export const saleChecks: NonNullable<Options['always']> = {
  'as many were sold as the readers bought': (world) => {
    const bought = world.history.filter(({ name }) => name === 'sell');
    const sold = shelfOf(world)?.sold.count ?? 0;
    const open = bought.filter(({ type }) => type !== 'ok').length;
    return sold <= bought.length && sold >= bought.length - open;
  },
  'sales are counted up': ({ history }) => {
    const told = history.filter(({ name, type }) => name === 'sell' && type === 'ok');
    return told.every(({ value }, i) => value === i + 1);
  },
};
