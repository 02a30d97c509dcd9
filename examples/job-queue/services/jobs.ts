// The job queue, over HTTP: the most urgent job first, and among equals the oldest. Who claims a job has some
// time for it; after that it is given to another, as the next attempt, and only the newest attempt counts.

import { Hono } from 'hono';
import { sometimes } from 'wavetank/markers';
import type { Disk } from './disk.ts';

/** How long a worker may take; the work takes less, but for a worker that is slow. */
const LEASE_MS = 1_000;

export interface JobRequest {
  /** The greater, the sooner. */
  readonly priority: number;
  readonly pages: number;
}

export interface Job extends JobRequest {
  readonly id: string;
  /** How many jobs came before it. */
  readonly place: number;
  /** How often it was claimed. */
  readonly attempts: number;
  /** What came of it: it is done. */
  readonly result?: string;
}

/** What a worker gets to do. */
export interface Claim {
  readonly id: string;
  readonly pages: number;
  readonly attempt: number;
}

export function jobsService(disk: Disk): Hono {
  const app = new Hono();
  /** In memory: after a crash nobody has a claim, and whoever had one is too late if another claims it. */
  const leasedUntilMs = new Map<string, number>();
  const all = () => disk.keys().filter((key) => key.startsWith('job/'));
  const find = (key: string) => disk.get(key) as Job | undefined;
  const save = (job: Job) => {
    disk.put(`job/${job.id}`, job);
    disk.sync();
  };

  // The submitter chooses the id, so that it may ask again.
  app.put('/jobs/:id', async (c) => {
    const id = c.req.param('id');
    const wanted = await c.req.json<JobRequest>();
    if (find(`job/${id}`) === undefined) save({ ...wanted, id, place: all().length, attempts: 0 });
    return c.json(id, 201);
  });

  app.post('/claims', (c) => {
    const nowMs = performance.now();
    const open = all()
      .map((key) => find(key) as Job)
      .filter(({ id, result }) => result === undefined && (leasedUntilMs.get(id) ?? 0) <= nowMs);
    const [next] = open.toSorted((a, b) => b.priority - a.priority || a.place - b.place);
    if (next === undefined) return c.json(null);
    const { id, pages, attempts } = next;
    sometimes('a job was claimed again', attempts > 0);
    leasedUntilMs.set(id, nowMs + LEASE_MS);
    save({ ...next, attempts: attempts + 1 });
    return c.json({ id, pages, attempt: attempts + 1 } satisfies Claim, 201);
  });

  app.put('/jobs/:id/results/:attempt', async (c) => {
    const result = await c.req.json<string>();
    const job = find(`job/${c.req.param('id')}`);
    if (job === undefined) return c.json('no such job', 404);
    const isNewest = Number(c.req.param('attempt')) === job.attempts;
    sometimes('a late result was refused', !isNewest);
    if (!isNewest) return c.json('another attempt was begun', 409);
    // A worker without an answer asks again: what is billed is billed once.
    if (job.result === undefined) {
      disk.put('pages billed', ((disk.get('pages billed') as number | undefined) ?? 0) + job.pages);
      save({ ...job, result });
    }
    return c.json('done');
  });

  return app;
}
