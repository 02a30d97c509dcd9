// What a database has of explorations: who is to make what, and what became of it.

import { createHash } from 'node:crypto';
import type { BlockResult } from '../../explore/block-result.ts';
import type { BlockRules } from '../../explore/block-runs.ts';
import type { Block } from '../../explore/blocks.ts';
import { revivedError, type ErrorData } from '../../explore/error-data.ts';
import type { Far } from '../../explore/make-blocks.ts';
import { revivedBlock, storedBlock } from '../../explore/shard.ts';
import { signatureOf } from '../../explore/statistics/gathering.ts';
import { addToCorpus, countExploration } from './corpus.ts';
import type { Database, Query } from './database.ts';
import type { FleetJob } from './leases.ts';
import { SCHEMA } from './schema.ts';

/** Jobs that an exploration is cut into, as long as they do not get too long. */
const JOBS_WANTED = 40;
const JOB_BLOCKS_MAX = 8;
/** Results that are read at once. */
const READ_MAX = 20;
const KEPT_DAYS = 30;

/** An exploration that a fleet makes: a function of its id. */
export interface FleetExploration {
  readonly id: string;
  readonly queue: string;
  readonly scenario: string;
  readonly file: string;
  readonly rules: BlockRules;
  readonly blocks: readonly Block[];
  /** The name of the corpus that its runs begin with and add to, if they do. */
  readonly corpus?: string | undefined;
}

/** What a worker has to know of one. */
export type Order = Pick<FleetExploration, 'scenario' | 'file' | 'rules' | 'corpus'>;

/**
 * Gives out all blocks that are not made yet; where that was done before, it changes nothing.
 *
 * @returns what the exploration came to, where somebody told it already.
 */
export async function giveOut(
  { boss, query, transaction, lock }: Database,
  { id, queue, scenario, file, rules, blocks, corpus }: FleetExploration,
): Promise<string | undefined> {
  const release = await lock('wavetank queues');
  try {
    await query(
      `delete from ${SCHEMA}.exploration where begun_at < now() - interval '${KEPT_DAYS} days' and id <> $1`,
      [id],
    );
    await boss.createQueue(queue, { name: queue, retryLimit: 1_000, retryDelay: 0, expireInHours: 23 });
  } finally {
    await release?.();
  }
  return transaction(async ({ query: ask, db }) => {
    await ask(
      `insert into ${SCHEMA}.exploration (id, queue, scenario, file, rules, blocks, corpus)
      values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [id, queue, scenario, file, JSON.stringify(rules), blocks.length, corpus ?? null],
    );
    const [known] = await ask(`select report from ${SCHEMA}.exploration where id = $1 for update`, [id]);
    if (typeof known?.report === 'string') return known.report;
    const obstacles = await ask(`delete from ${SCHEMA}.obstacle where exploration = $1 returning place`, [
      id,
    ]);
    const [row] = await ask(
      `update ${SCHEMA}.exploration set is_over = false,
        generation = generation + case when is_over or $2 then 1 else 0 end
      where id = $1 returning generation`,
      [id, obstacles.length > 0],
    );
    const made = await ask(`select place from ${SCHEMA}.block where exploration = $1`, [id]);
    const done = new Set(made.map(({ place }) => Number(place)));
    const jobs = jobsOf(id, blocks)
      .filter((job) => job.blocks.some((_, nth) => !done.has(job.place + nth)))
      .map((job) => ({ id: uuidOf(id, row?.generation, job.place), name: queue, data: job }));
    for (let i = 0; i < jobs.length; i += 500) await boss.insert(jobs.slice(i, i + 500), { db });
    return undefined;
  });
}

/** Stretches of blocks: a worker opens the scenario for each, and one that is lost loses no more. */
function jobsOf(exploration: string, blocks: readonly Block[]): FleetJob[] {
  const length = Math.max(1, Math.min(JOB_BLOCKS_MAX, Math.floor(blocks.length / JOBS_WANTED)));
  const jobs: FleetJob[] = [];
  for (let place = 0; place < blocks.length; place += length) {
    jobs.push({ exploration, place, blocks: blocks.slice(place, place + length) });
  }
  return jobs;
}

/** The same job has the same id: giving it out twice gives it out once. */
function uuidOf(...parts: readonly unknown[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  const [a, b, c, d] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16), hex.slice(17, 20)];
  return `${a}-${b}-4${c}-a${d}-${hex.slice(20, 32)}`;
}

/** What is to be made for a job; undefined where nobody wants it any more. */
export async function orderOf(query: Query, { exploration }: FleetJob): Promise<Order | undefined> {
  const [row] = await query(
    `select scenario, file, rules, corpus from ${SCHEMA}.exploration where id = $1 and not is_over`,
    [exploration],
  );
  if (row === undefined) return undefined;
  const { scenario, file, rules, corpus } = row;
  return {
    scenario: String(scenario),
    file: String(file),
    rules: JSON.parse(String(rules)) as BlockRules,
    ...(typeof corpus === 'string' ? { corpus } : {}),
  };
}

/** The blocks of a job that nobody has made, by their places. */
export async function missingOf(query: Query, job: FleetJob): Promise<Map<number, Block>> {
  const end = job.place + job.blocks.length;
  const made = await query(
    `select place from ${SCHEMA}.block where exploration = $1 and place >= $2 and place < $3`,
    [job.exploration, job.place, end],
  );
  const done = new Set(made.map(({ place }) => Number(place)));
  const blocks = job.blocks.map((block, nth) => [job.place + nth, block as Block] as const);
  return new Map(blocks.filter(([place]) => !done.has(place)));
}

/** Keeps a block, with what failed and what was news in it. Made twice, the first counts. */
export async function keepBlock(
  { transaction }: Database,
  at: {
    readonly exploration: string;
    readonly place: number;
    readonly worker: string;
    readonly corpus?: string | undefined;
  },
  result: BlockResult,
): Promise<void> {
  const { exploration, place, worker, corpus } = at;
  await transaction(async ({ query }) => {
    const kept = await query(
      `insert into ${SCHEMA}.block (exploration, place, runs, virtual_us, result, worker)
      select $1, $2, $3, $4, $5, $6 where exists (select from ${SCHEMA}.exploration where id = $1)
      on conflict do nothing returning place`,
      [
        ...[exploration, place, result.tally.runs, result.tally.virtualUs],
        ...[JSON.stringify(storedBlock(result)), worker],
      ],
    );
    if (kept.length === 0) return;
    if (corpus !== undefined) await addToCorpus(query, corpus, result.harvest);
    for (const found of result.failures) {
      await query(
        `insert into ${SCHEMA}.failure (exploration, place, signature, run, runs)
        values ($1, $2, $3, $4, $5) on conflict do nothing`,
        [exploration, place, signatureOf(found).replaceAll('\u0000', ''), found.number, found.runs],
      );
    }
  });
}

/** The next results, without a gap. @throws what keeps a block from being made. */
export async function readBlocks<Workload>(
  query: Query,
  exploration: string,
  from: number,
): Promise<BlockResult<Workload>[]> {
  const rows = await query(
    `select place, result from ${SCHEMA}.block where exploration = $1 and place >= $2
    order by place limit ${READ_MAX}`,
    [exploration, from],
  );
  const next = rows.filter(({ place }, nth) => place === from + nth);
  if (next.length === 0) {
    const [obstacle] = await query(
      `select error from ${SCHEMA}.obstacle where exploration = $1 and place = $2`,
      [exploration, from],
    );
    if (obstacle !== undefined) throw revivedError(JSON.parse(String(obstacle.error)) as ErrorData);
  }
  return next.map(({ result }) => revivedBlock<Workload>(JSON.parse(String(result))));
}

/** Results behind a gap, when it is over. */
export async function readRest<Workload>(
  query: Query,
  exploration: string,
  from: number,
): Promise<BlockResult<Workload>[]> {
  const rows = await query(
    `select result from ${SCHEMA}.block where exploration = $1 and place >= $2 order by place`,
    [exploration, from],
  );
  return rows.map(({ result }) => revivedBlock<Workload>(JSON.parse(String(result))));
}

/** What was made of blocks that wait for earlier ones. */
export async function farFrom(query: Query, exploration: string, from: number): Promise<Far> {
  const [row] = await query(
    `select coalesce(sum(runs), 0) as runs, coalesce(sum(virtual_us), 0) as virtual_us
    from ${SCHEMA}.block where exploration = $1 and place >= $2`,
    [exploration, from],
  );
  return { runs: Number(row?.runs), virtualUs: Number(row?.virtual_us) };
}

/** Nobody wants more of its blocks. */
export async function close(query: Query, exploration: string): Promise<void> {
  await query(`update ${SCHEMA}.exploration set is_over = true where id = $1`, [exploration]);
}

/** Keeps what an exploration came to. The next one of its corpus is another one. */
export async function keepReport(
  { transaction }: Database,
  exploration: string,
  report: unknown,
): Promise<void> {
  await transaction(async ({ query }) => {
    const [row] = await query(
      `update ${SCHEMA}.exploration set report = $2 where id = $1 and report is null returning corpus`,
      [exploration, JSON.stringify(report)],
    );
    if (typeof row?.corpus === 'string') await countExploration(query, row.corpus);
  });
}
