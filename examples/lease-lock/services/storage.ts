// The file storage: reads a file whole, and replaces it whole by an upload in two requests. Whoever writes
// under a lock says so with each request, by the token of the lease.

import { Hono, type MiddlewareHandler } from 'hono';
import { sometimes } from 'wavetank/markers';

export interface StorageOptions {
  readonly files: Map<string, string>;
  /** Whether requests with an older token than one already seen are refused. */
  readonly fencing: boolean;
}

export function storageService({ files, fencing }: StorageOptions): Hono {
  const uploads = new Map<string, string>();
  const app = new Hono();
  if (fencing) app.use('*', fence());

  app.get('/files/:name', (c) => c.text(files.get(c.req.param('name')) ?? ''));

  app.post('/files/:name/uploads', (c) => {
    const id = String(uploads.size + 1);
    uploads.set(id, c.req.param('name'));
    return c.json({ id }, 201);
  });

  app.put('/uploads/:id', async (c) => {
    const name = uploads.get(c.req.param('id'));
    if (name === undefined) return c.text('no such upload', 404);
    files.set(name, await c.req.text());
    return c.body(null, 204);
  });

  return app;
}

/** A lease that is older than one already seen is over, whatever its holder believes. Reads count as well. */
function fence(): MiddlewareHandler {
  let newest = 0;
  return async (c, next) => {
    const token = Number(c.req.header('Fencing-Token') ?? 0);
    sometimes('a late writer was fenced off', token < newest);
    if (token < newest) return c.text(`token ${token} is older than ${newest}`, 412);
    newest = token;
    return next();
  };
}
