// Profiles of people, version 2: they have a phone number, too.

import { Hono } from 'hono';
import { changeRow } from './rows.ts';

const FIELDS: readonly string[] = ['name', 'mail', 'phone'];

export function profilesServiceV2(): Hono {
  const app = new Hono();

  app.patch('/profiles/:id', async (c) => {
    const wanted = await c.req.json<Record<string, unknown>>();
    const unknown = Object.keys(wanted).find((field) => !FIELDS.includes(field));
    if (unknown !== undefined) return c.json({ error: `unknown field "${unknown}"` }, 422);
    return c.json(await changeRow(c.req.param('id'), (fields) => ({ ...fields, ...wanted })));
  });

  return app;
}
