// A worker: adds lines to the report. It reads the file, appends, renders and writes it, and holds the lock
// for the report meanwhile, so that no other worker does the same.

import { Hono } from 'hono';
import { acquire, isOver, release, type Held } from './lease.ts';
import { readFile, replaceFile } from './files.ts';

const RENDER_MS = 150;

export function workerService(name: string): Hono {
  const app = new Hono();

  app.post('/lines', async (c) => {
    const line = await c.req.text();
    const lease = await acquire('report', name);
    try {
      await addLine(line, lease);
    } finally {
      await release(lease);
    }
    return c.text('added', 201);
  });

  app.onError((error, c) => c.text(error.message, 503));
  return app;
}

async function addLine(line: string, lease: Held): Promise<void> {
  const lines = (await readFile('report', lease)).split('\n').filter((each) => each !== '');
  // It was added by a request whose answer the caller never got.
  if (lines.includes(line)) return;
  if (isOver(lease)) throw new Error('the lease is over before the report can be written');
  const report = await render([...lines, line]);
  await replaceFile('report', report, lease);
}

/** Stands for what takes its time: a query, a template, a PDF. */
async function render(lines: readonly string[]): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, RENDER_MS));
  return lines.join('\n');
}
