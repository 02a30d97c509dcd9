// The database of a fleet: its connections, its tables, and pg-boss on it. Both packages are optional peers.

import type PgBoss from 'pg-boss';
import type Postgres from 'pg';
import type { Pool, PoolClient } from 'pg';
import { EnvironmentError } from '../../errors.ts';
import { QUEUE_SCHEMA, TABLES } from './schema.ts';

/** Real milliseconds between two tries to get a lock that somebody else has. */
const LOCK_EVERY_MS = 250;

/** A row, by the names of its columns. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Runs a statement with values for $1, $2, ... */
export type Query = (sql: string, values?: readonly unknown[]) => Promise<Row[]>;

/** What happens as a whole, or not at all. */
export interface Transaction {
  readonly query: Query;
  /** For pg-boss: makes its statements part of this one. */
  readonly db: PgBoss.Db;
}

/** A database that is open. */
export interface Database {
  readonly boss: PgBoss;
  readonly query: Query;
  readonly transaction: <Result>(body: (transaction: Transaction) => Promise<Result>) => Promise<Result>;
  /**
   * Waits until nobody else has the lock of this name, in any process. It is free again when it is released,
   * and when the process ends that has it.
   *
   * @returns what releases it; undefined where the signal came first.
   */
  readonly lock: (name: string, signal?: AbortSignal) => Promise<(() => Promise<void>) | undefined>;
  readonly close: () => Promise<void>;
}

/** @throws {EnvironmentError} If a package is missing, or the database cannot be used. */
export async function openDatabase(url: string): Promise<Database> {
  const { pg, Boss } = await packages();
  const pool = new pg.Pool({ connectionString: url, application_name: 'wavetank', max: 10 });
  // A connection that breaks while nobody uses it: whoever uses the next one is told.
  pool.on('error', () => {});
  const query = queryOf(pool);
  const boss = new Boss({ db: { executeSql: executor(pool) }, schema: QUEUE_SCHEMA, schedule: false });
  boss.on('error', () => {});
  const lock = lockOf(pool);
  const close = async (): Promise<void> => {
    await boss.stop({ graceful: false }).catch(() => {});
    await pool.end();
  };
  try {
    // Who comes first makes the tables, the others find them.
    const release = await lock('wavetank tables');
    await query(TABLES);
    await boss.start();
    await release?.();
  } catch (error) {
    await close().catch(() => {});
    throw told(error);
  }
  return { boss, query, transaction: transactionOf(pool), lock, close };
}

async function packages(): Promise<{ pg: typeof Postgres; Boss: typeof PgBoss }> {
  try {
    const [pg, boss] = await Promise.all([import('pg'), import('pg-boss')]);
    return { pg: pg.default, Boss: boss.default };
  } catch (error) {
    throw new EnvironmentError(
      'Expected the packages pg and pg-boss (version 10) to be installed, for `wavetank fleet`: ' +
        `${(error as Error).message}. Install them: npm install --save-dev pg@8 pg-boss@10`,
    );
  }
}

type Executor = PgBoss.Db['executeSql'];

function executor(client: Pool | PoolClient): Executor {
  return (text, values) => client.query(text, values);
}

function queryOf(client: Pool | PoolClient): Query {
  return async (sql, values = []) => {
    const { rows } = await client.query<Row>(sql, [...values]).catch((error: unknown) => {
      throw told(error);
    });
    return rows;
  };
}

/** It is nobody's fault here: whoever runs the command looks after the database. */
function told(error: unknown): EnvironmentError {
  if (error instanceof EnvironmentError) return error;
  // Where several addresses were tried, the message is empty.
  const { message, code } = error as Error & { code?: string };
  const what = message === '' ? String(code) : message;
  return new EnvironmentError(`The database of the fleet cannot be used: ${what}.`);
}

async function connected(pool: Pool): Promise<PoolClient> {
  return pool.connect().catch((error: unknown) => {
    throw told(error);
  });
}

function transactionOf(pool: Pool): Database['transaction'] {
  return async (body) => {
    const client = await connected(pool);
    let isBroken = true;
    try {
      await client.query('begin');
      const result = await body({ query: queryOf(client), db: { executeSql: executor(client) } });
      await client.query('commit');
      isBroken = false;
      return result;
    } finally {
      // A connection that is closed takes its transaction back.
      client.release(isBroken);
    }
  };
}

function lockOf(pool: Pool): Database['lock'] {
  return async (name, signal) => {
    const client = await connected(pool);
    client.on('error', () => {});
    const query = queryOf(client);
    const isAborted = (): boolean => signal?.aborted === true;
    for (;;) {
      const [row] = await query('select pg_try_advisory_lock(hashtextextended($1, 0)) as is_mine', [name]);
      if (row?.is_mine === true) break;
      if (isAborted()) {
        client.release();
        return undefined;
      }
      await new Promise((resolve) => setTimeout(resolve, LOCK_EVERY_MS));
    }
    // A lock ends with its connection.
    return async () => client.release(true);
  };
}
