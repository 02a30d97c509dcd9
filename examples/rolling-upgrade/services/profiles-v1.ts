// Profiles of people, version 1: a name and a mail address.

import { Hono } from 'hono';
import { changeRow } from './rows.ts';

interface Profile {
  readonly name?: string;
  readonly mail?: string;
}

/**
 * What becomes of the fields of a row that this version does not know. `dropped`: they are not read, so not
 * written back. `kept`: they go through.
 */
export type UnknownFields = 'dropped' | 'kept';

export function profilesServiceV1({ unknownFields }: { unknownFields: UnknownFields }): Hono {
  const app = new Hono();

  app.patch('/profiles/:id', async (c) => {
    const wanted = await c.req.json<Record<string, unknown>>();
    const unknown = Object.keys(wanted).find((field) => field !== 'name' && field !== 'mail');
    if (unknown !== undefined) return c.json({ error: `unknown field "${unknown}"` }, 422);
    const changed = await changeRow(c.req.param('id'), (fields) => {
      const { name, mail } = { ...(fields as Profile), ...wanted };
      return unknownFields === 'kept' ? { ...fields, ...wanted } : { name, mail };
    });
    return c.json(changed);
  });

  return app;
}
