// A database, over HTTP: a transaction writes all of its rows, or none of them.

import { Hono } from 'hono';
import { sometimes } from 'wavetank/markers';
import { insist } from './call.ts';
import type { Store } from './store.ts';

/** A row to write, or to remove where there is no value. */
export interface Write {
  readonly table: string;
  readonly id: string;
  readonly value?: unknown;
}

export function databaseService(store: Store): Hono {
  const app = new Hono();

  app.post('/transactions', async (c) => {
    for (const { table, id, value } of await c.req.json<Write[]>()) {
      if (value === undefined) store.delete(`${table}/${id}`);
      else store.put(`${table}/${id}`, value);
    }
    store.sync();
    sometimes('a transaction was committed');
    return c.json('committed');
  });
  app.get('/:table', (c) => c.json(store.rows(c.req.param('table'))));
  app.get('/:table/:id', (c) => c.json(store.get(`${c.req.param('table')}/${c.req.param('id')}`) ?? null));
  return app;
}

/** A client of the database. */
export class Database {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Writes all rows or none. Writing the same rows again changes nothing. */
  commit(writes: readonly Write[]): Promise<unknown> {
    return insist('POST', `${this.#url}/transactions`, writes);
  }

  find<Row>(table: string, id: string): Promise<Row | null> {
    return insist('GET', `${this.#url}/${table}/${id}`);
  }

  all<Row>(table: string): Promise<Row[]> {
    return insist('GET', `${this.#url}/${table}`);
  }
}
