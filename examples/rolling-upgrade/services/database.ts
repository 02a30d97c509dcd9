// The database that all replicas share: rows of JSON, each with the number of its last change.

import { Hono } from 'hono';

/** A row as it is stored. */
export interface Row {
  readonly revision: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

const NOTHING: Row = { revision: 0, fields: {} };

/** Stores a row only for whom has read the newest one: two changes at once do not undo each other. */
export function databaseService({ rows }: { rows: Map<string, Row> }): Hono {
  const app = new Hono();

  app.get('/rows/:id', (c) => c.json(rows.get(c.req.param('id')) ?? NOTHING));

  app.put('/rows/:id', async (c) => {
    const id = c.req.param('id');
    const { revision, fields } = await c.req.json<Row>();
    const current = rows.get(id) ?? NOTHING;
    if (revision !== current.revision) return c.json(current, 409);
    const changed = { revision: revision + 1, fields };
    rows.set(id, changed);
    return c.json(changed);
  });

  return app;
}
