// What the database of a fleet promises, step by step: a job is held by one worker at a time, given out again
// when that is lost, and made once as far as anybody can tell.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { corpusName, readCorpus } from '../../src/cli/fleet/corpus.ts';
import { openDatabase, type Database } from '../../src/cli/fleet/database.ts';
import {
  endJob,
  giveOutLost,
  leave,
  renew,
  takeJob,
  type HeldJob,
  type Holder,
} from '../../src/cli/fleet/leases.ts';
import {
  close,
  giveOut,
  keepBlock,
  keepReport,
  missingOf,
  orderOf,
  readBlocks,
  type FleetExploration,
} from '../../src/cli/fleet/ledger.ts';
import type { BlockResult } from '../../src/explore/block-result.ts';
import type { Entry } from '../../src/explore/corpus/entry.ts';
import { blocksOf } from '../../src/explore/blocks.ts';
import { calmPlan, defineScenario, handler } from '../../src/index.ts';
import { Tally } from '../../src/explore/tally.ts';

const LONG_MS = 600_000;

function exploration(id: string, blocks = 3): FleetExploration {
  return {
    ...{ id, queue: `queue-${id}`, scenario: 'asking', file: 'asking.sim.ts' },
    rules: { repeatEvery: 20, hasStatistics: true, bail: false },
    blocks: [...blocksOf({ seed: 1, runsMax: blocks * 50, strategy: 'timed-random' })],
  };
}

function resultOf(number: number, name = 'what \u0000 is promised'): BlockResult {
  const proposal = { plan: [], seed: 5, workload: { seed: 1, nth: 2 } } as never;
  const failure = { number, proposal, runs: 2, code: 'WT_INVARIANT', name, hash: '12' } as const;
  return { number, tally: new Tally([]).data(), levels: [], failures: [failure], harvest: [] };
}

/** Tests with a database that is at that address by then. */
export function leaseTests(url: () => string): void {
  const withDatabase = (title: string, body: (database: Database) => Promise<void>): void => {
    void test(title, { timeout: 120_000 }, async () => {
      const database = await openDatabase(url());
      try {
        await body(database);
      } finally {
        await database.close();
      }
    });
  };
  const holder = (queue: string, worker: string, leaseMs = LONG_MS): Holder => ({ worker, queue, leaseMs });
  const take = async (database: Database, by: Holder): Promise<HeldJob> => {
    const job = await takeJob(database, by);
    assert.ok(job !== undefined);
    return job;
  };

  withDatabase(
    'a lost worker’s job is given out again; one of a worker that lives is not',
    async (database) => {
      const { id, queue, ...rest } = exploration('lost', 1);
      await giveOut(database, { id, queue, ...rest });
      const [lost, living] = [holder(queue, 'lost', 1), holder(queue, 'living')];
      const first = await take(database, lost);
      assert.equal(await takeJob(database, living), undefined);
      await giveOutLost(database);
      const second = await take(database, living);
      assert.deepEqual([second.id, first.tries, second.tries], [first.id, 1, 2]);
      await giveOutLost(database);
      await renew(database, lost);
      assert.equal(await takeJob(database, lost), undefined, 'it is held');
      await endJob(database, living, { id: second.id, isDone: true });
      await giveOutLost(database);
      assert.equal(await takeJob(database, lost), undefined, 'it is done');
      await leave(database, living);
    },
  );

  withDatabase('a job that is given back is given out again', async (database) => {
    const { queue, ...rest } = exploration('back', 1);
    await giveOut(database, { queue, ...rest });
    const one = holder(queue, 'one');
    const job = await take(database, one);
    await endJob(database, one, { id: job.id, isDone: false });
    assert.equal((await take(database, one)).id, job.id);
  });

  withDatabase('a block over which five workers were lost ends the exploration', async (database) => {
    const { id, queue, ...rest } = exploration('poison', 1);
    await giveOut(database, { id, queue, ...rest });
    for (let tries = 1; tries <= 5; tries++) {
      assert.deepEqual(await readBlocks(database.query, id, 0), []);
      const job = await take(database, holder(queue, `poisoned ${tries}`, 1));
      assert.equal(job.tries, tries);
      // The lease is over by the time of the database.
      await database.query('select pg_sleep(0.01)');
      await giveOutLost(database);
    }
    assert.equal(await takeJob(database, holder(queue, 'sixth')), undefined);
    await assert.rejects(readBlocks(database.query, id, 0), {
      code: 'WT_ENVIRONMENT',
      message: /^5 workers were lost over the block at place 0/,
    });
    // Whoever explores again tries again.
    await giveOut(database, { id, queue, ...rest });
    assert.equal((await take(database, holder(queue, 'sixth'))).tries, 1);
  });

  withDatabase('what is given out twice is there once; what is made twice counts once', async (database) => {
    const given = exploration('twice', 3);
    const { id, queue, blocks } = given;
    await Promise.all([giveOut(database, given), giveOut(database, given)]);
    const one = holder(queue, 'one');
    const jobs = [await take(database, one), await take(database, one), await take(database, one)];
    assert.deepEqual(
      jobs.map(({ place }) => place).toSorted((left, right) => left - right),
      [0, 1, 2],
    );
    assert.equal(await takeJob(database, one), undefined);
    const [result, other] = [resultOf(1), resultOf(1, 'something else')];
    await keepBlock(database, { exploration: id, place: 1, worker: 'one' }, result);
    await keepBlock(database, { exploration: id, place: 1, worker: 'late' }, other);
    assert.deepEqual(await readBlocks(database.query, id, 0), [], 'not before the first');
    const expected: unknown = JSON.parse(JSON.stringify([result]));
    assert.deepEqual(await readBlocks(database.query, id, 1), expected);
    const rows = await database.query(
      'select signature from wavetank_fleet_1.failure where exploration = $1',
      [id],
    );
    assert.deepEqual(rows, [{ signature: 'WT_INVARIANT what  is promised' }]);
    const middle = jobs.find(({ place }) => place === 1) as HeldJob;
    assert.deepEqual((await missingOf(database.query, middle)).size, 0);

    // It is over, and taken up again: only what is missing is given out, once more.
    await close(database.query, id);
    assert.equal(await orderOf(database.query, middle), undefined);
    await giveOut(database, given);
    const again = [await take(database, one), await take(database, one)];
    assert.deepEqual(
      again.map(({ place }) => place).toSorted((left, right) => left - right),
      [0, 2],
    );
    assert.equal(await takeJob(database, one), undefined);
    assert.deepEqual([...(await missingOf(database.query, again[0] as HeldJob)).values()].length, 1);
    assert.equal(blocks.length, 3);

    await keepReport(database, id, { name: 'asking' });
    assert.equal(await giveOut(database, given), '{"name":"asking"}');
  });

  withDatabase(
    'a corpus is what all found, without what is damaged or shows nothing more',
    async (database) => {
      const { query, transaction } = database;
      const scenario = defineScenario({
        name: 'asking',
        hosts: { server: handler(() => () => new Response('hello')) },
        drive: async () => {},
      });
      const entry = (nth: number, ...shows: number[]): Entry => ({
        ...{ plan: { ...calmPlan, faults: [] }, seed: 7, workload: { seed: 1, nth } },
        ...{ why: 'the first\u0000', shows },
      });
      const name = corpusName('asking.sim.ts', scenario);
      assert.notEqual(name, corpusName('other.sim.ts', scenario));
      assert.deepEqual(await readCorpus(query, name, scenario), { explorations: 0, entries: [] });
      const given = { ...exploration('sharing'), corpus: name };
      await giveOut(database, given);
      const keep = async (place: number, ...harvest: Entry[]): Promise<void> => {
        const at = { exploration: given.id, place, worker: 'one', corpus: name };
        await keepBlock(database, at, { ...resultOf(place), harvest });
      };
      const [first, second] = [entry(1, 1, 2), entry(2, 2)];
      await Promise.all([keep(0, first), keep(1, second)]);
      // It is there already, so that what is said to be found in it does not count.
      await keep(0, entry(3, 3));
      await transaction(async (inside) => {
        for (const [id, text] of [
          ['a', 'no JSON'],
          ['b', '{}'],
          [
            'c',
            JSON.stringify({ ...first, plan: { faults: [{ kind: 'crash', host: 'gone' }] }, shows: [9] }),
          ],
        ]) {
          await inside.query(
            'insert into wavetank_fleet_1.corpus_entry (corpus, id, entry) values ($1, $2, $3)',
            [name, id, text],
          );
        }
      });
      const { entries } = await readCorpus(query, name, scenario);
      assert.deepEqual(new Set(entries.flatMap(({ shows }) => shows)), new Set([1, 2]));
      await keepReport(database, given.id, {});
      await keepReport(database, given.id, {});
      assert.equal((await readCorpus(query, name, scenario)).explorations, 1, 'it is told once');

      // More than are kept, and then one that shows what all of them do.
      const many = Array.from({ length: 1_100 }, (_, i) => entry(10 + i, 100 + i));
      await keep(2, ...many);
      const rows = await query('select entry from wavetank_fleet_1.corpus_entry where corpus = $1', [name]);
      assert.equal(rows.length, 512);
      const all = many.flatMap(({ shows }) => shows);
      await keep(3, entry(5_000, ...all));
      const left = (await readCorpus(query, name, scenario)).entries.flatMap(({ shows }) => shows);
      assert.deepEqual(new Set(left), new Set([1, 2, ...all]));
    },
  );

  withDatabase('a lock has one owner at a time, and is free when that ends', async (database) => {
    const release = await database.lock('a');
    const other = await database.lock('b');
    const over = AbortSignal.abort();
    assert.equal(await database.lock('a', over), undefined);
    let hasIt = false;
    const next = database.lock('a').then((given) => {
      hasIt = true;
      return given;
    });
    await database.query('select pg_sleep(0.5)');
    assert.equal(hasIt, false);
    await release?.();
    await (
      await next
    )?.();
    await other?.();
  });
}
