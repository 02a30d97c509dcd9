// Who holds which job: a lease that a worker puts off while it lives. What those held who do not is given out
// again.

import { EnvironmentError } from '../../errors.ts';
import { errorData } from '../../explore/error-data.ts';
import type { Database, Transaction } from './database.ts';
import { SCHEMA } from './schema.ts';

/** Workers that may be lost over a job: one that loses them all is not the fault of any. */
const TRIES_MAX = 5;

/** Some blocks of an exploration, as pg-boss has them. */
export interface FleetJob {
  readonly exploration: string;
  /** The place of the first of them among the blocks of the exploration. */
  readonly place: number;
  readonly blocks: readonly unknown[];
}

/** A job that a worker has. */
export interface HeldJob extends FleetJob {
  readonly id: string;
  /** Which try this is, from 1. */
  readonly tries: number;
}

/** The lease of one worker. */
export interface Holder {
  readonly worker: string;
  readonly queue: string;
  /** Real milliseconds after which it counts as lost. */
  readonly leaseMs: number;
}

const UNTIL = `now() + $2 * interval '1 millisecond'`;

/** Takes the next job, in one step with its lease: whoever ends in between has taken nothing. */
export async function takeJob(database: Database, holder: Holder): Promise<HeldJob | undefined> {
  const { worker, queue, leaseMs } = holder;
  return database.transaction(async ({ db, query }) => {
    const [job] = await database.boss.fetch<FleetJob>(queue, { includeMetadata: true, db });
    if (job === undefined) return undefined;
    const { id, data, retryCount } = job;
    const held = { ...data, id, tries: retryCount + 1 };
    await query(
      `insert into ${SCHEMA}.lease (worker, until, queue, job, tries, exploration, place)
      values ($1, ${UNTIL}, $3, $4, $5, $6, $7) on conflict (worker) do update set until = excluded.until,
      job = excluded.job, tries = excluded.tries, exploration = excluded.exploration, place = excluded.place`,
      [worker, leaseMs, queue, id, held.tries, held.exploration, held.place],
    );
    return held;
  });
}

/** Says that the worker lives. */
export async function renew(database: Database, { worker, queue, leaseMs }: Holder): Promise<void> {
  await database.query(
    `insert into ${SCHEMA}.lease (worker, until, queue) values ($1, ${UNTIL}, $3)
    on conflict (worker) do update set until = excluded.until`,
    [worker, leaseMs, queue],
  );
}

/** Ends a job: for good, or to be given out again. */
export async function endJob(
  { boss, transaction }: Database,
  { worker, queue }: Holder,
  { id, isDone }: { readonly id: string; readonly isDone: boolean },
): Promise<void> {
  await transaction(async ({ db, query }) => {
    if (isDone) await boss.complete(queue, id, {}, { db });
    else await boss.fail(queue, id, {}, { db });
    await query(`update ${SCHEMA}.lease set job = null where worker = $1 and job = $2`, [worker, id]);
  });
}

/** The worker is no more. */
export async function leave({ query }: Database, { worker }: Holder): Promise<void> {
  await query(`delete from ${SCHEMA}.lease where worker = $1 and job is null`, [worker]);
}

/** Gives out again what lost workers held. Anybody may do so, at any time. */
export async function giveOutLost({ boss, transaction }: Database): Promise<void> {
  await transaction(async ({ db, query }) => {
    const lost = await query(
      `delete from ${SCHEMA}.lease where worker in
        (select worker from ${SCHEMA}.lease where until < now() for update skip locked)
      returning worker, queue, job, tries, exploration, place`,
    );
    for (const { queue, job, tries, exploration, place } of lost) {
      if (typeof job !== 'string') continue;
      if (Number(tries) < TRIES_MAX) {
        await boss.fail(String(queue), job, { message: 'its worker was lost' }, { db });
        continue;
      }
      const message = `${tries} workers were lost over the block at place ${place}: out of memory, probably.`;
      await noteObstacle(query, { exploration, place, error: new EnvironmentError(message) });
      await boss.complete(String(queue), job, {}, { db });
    }
  });
}

/** Notes that a block cannot be made. */
export async function noteObstacle(
  query: Transaction['query'],
  { exploration, place, error }: { exploration: unknown; place: unknown; error: Error },
): Promise<void> {
  await query(
    `insert into ${SCHEMA}.obstacle (exploration, place, error) values ($1, $2, $3) on conflict do nothing`,
    [exploration, place, JSON.stringify(errorData(error))],
  );
}
