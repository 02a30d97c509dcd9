// A worker of a fleet: takes one job after another, has its blocks made by a process of its own, and keeps
// each as soon as it is made.

import { EnvironmentError } from '../../errors.ts';
import type { BlockRules } from '../../explore/block-runs.ts';
import type { Block } from '../../explore/blocks.ts';
import type { Task } from '../../explore/make-blocks.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { UsageError } from '../exit-code.ts';
import { loadScenarios } from '../load-scenarios.ts';
import { Crew } from '../workers/crew.ts';
import { readCorpus } from './corpus.ts';
import type { Database } from './database.ts';
import {
  endJob,
  giveOutLost,
  leave,
  noteObstacle,
  renew,
  takeJob,
  type HeldJob,
  type Holder,
} from './leases.ts';
import { keepBlock, missingOf, orderOf, type Order } from './ledger.ts';

/** Real milliseconds between two looks for work, where there was none. */
const LOOK_EVERY_MS = 500;
/** Signs of life in the time of a lease. */
const SIGNS = 4;
/** Machines that may fail to make a block before the exploration is told. */
const TRIES_MAX = 3;

/** What a worker has besides its lease. */
export interface LaneOptions {
  readonly signal: AbortSignal;
  /** Tells who watches the worker. */
  readonly say: (text: string) => void;
}

/** Makes blocks until the signal comes; what it has begun then is given back. */
export async function workLane(
  database: Database,
  holder: Holder,
  { signal, say }: LaneOptions,
): Promise<void> {
  const crew = new Crew(1);
  const stop = (): void => crew.kill();
  signal.addEventListener('abort', stop, { once: true });
  let lost: Error | undefined;
  const sign = (): void => {
    void Promise.all([renew(database, holder), giveOutLost(database)]).catch((error: unknown) => {
      // Without a database the lease runs out: somebody else makes the block.
      lost = error as Error;
    });
  };
  const signs = setInterval(sign, holder.leaseMs / SIGNS);
  try {
    while (!signal.aborted) {
      if (lost !== undefined) throw lost;
      const job = await takeJob(database, holder);
      if (job === undefined) await pause(signal);
      else await makeJob(database, { job, holder, crew, signal, say });
    }
  } finally {
    clearInterval(signs);
    signal.removeEventListener('abort', stop);
    crew.kill();
    await leave(database, holder).catch(() => {});
  }
}

/** What a job is made with. */
interface Making extends LaneOptions {
  readonly job: HeldJob;
  readonly holder: Holder;
  readonly crew: Crew;
}

async function makeJob(database: Database, making: Making): Promise<void> {
  const { job, holder, signal, say } = making;
  const order = await orderOf(database.query, job);
  if (order === undefined) return endJob(database, holder, { id: job.id, isDone: true });
  let isDone = false;
  try {
    isDone = await makeBlocks(database, making, order);
  } catch (error) {
    const { message } = error as Error;
    say(`${order.scenario}: ${message}\n`);
    if (job.tries >= TRIES_MAX) {
      // Others fared no better.
      const [place = job.place] = (await missingOf(database.query, job)).keys();
      await noteObstacle(database.query, { exploration: job.exploration, place, error: obstacleOf(error) });
      isDone = true;
    } else if (!signal.aborted) {
      // Somebody else may have better luck.
      await pause(signal);
    }
  }
  await endJob(database, holder, { id: job.id, isDone });
}

/** What whoever explores is told: the words of the command line there were right. */
function obstacleOf(error: unknown): Error {
  if (!(error instanceof UsageError)) return error as Error;
  return new EnvironmentError(`A worker of the fleet: ${error.message}`);
}

/** @returns whether the blocks of the job are all made, or wanted no more. */
async function makeBlocks(
  database: Database,
  { job, holder, crew, signal, say }: Making,
  order: Order,
): Promise<boolean> {
  const missing = await missingOf(database.query, job);
  if (missing.size === 0) return true;
  const { scenario, nth } = await scenarioOf(order);
  const { corpus } = order;
  const rules = {
    ...order.rules,
    ...(corpus === undefined ? {} : { corpus: (await readCorpus(database.query, corpus, scenario)).entries }),
  };
  const task = taskOf(missing.values(), rules, signal);
  const making = crew.makerOf({ file: order.file, nth }, scenario)(task);
  const places = missing.keys();
  for await (const result of making) {
    // One that was ended in its midst is no result.
    if (signal.aborted) return false;
    const place = Number(places.next().value);
    const at = { exploration: job.exploration, place, worker: holder.worker, corpus };
    await keepBlock(database, at, result);
    const failed = result.failures.map(({ name }) => ` \`${name}\``).join('');
    say(`${order.scenario}: block ${result.number}${failed === '' ? '' : ` failed:${failed}`}\n`);
    if ((await orderOf(database.query, job)) === undefined) return true;
  }
  return !signal.aborted;
}

function taskOf(blocks: Iterable<Block>, rules: BlockRules, signal: AbortSignal): Task {
  return {
    ...{ blocks, rules, signal },
    isOver: () => signal.aborted,
    leftMs: () => Number.POSITIVE_INFINITY,
    onProgress() {},
  };
}

async function scenarioOf({ file, scenario: name }: Order): Promise<{ scenario: Scenario; nth: number }> {
  const scenarios = await loadScenarios(file);
  const nth = scenarios.findIndex((scenario) => scenario.name === name);
  const scenario = scenarios[nth];
  if (scenario !== undefined) return { scenario, nth };
  throw new UsageError(`${file} exports no scenario \`${name}\`: does this worker have the same code?`);
}

async function pause(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, LOOK_EVERY_MS);
    signal.addEventListener('abort', end);
  });
}
