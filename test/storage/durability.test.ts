// A store that does not sync loses what it acknowledged, and the shrunk plan says which write; a write-ahead
// log loses nothing, whenever the power goes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import process from 'node:process';
import { CheckFailure, explore, simulate } from '../../src/index.ts';
import type { FaultPlan } from '../../src/faults/fault.ts';
import type { PowerLossFault } from '../../src/faults/kinds/power-loss.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';
import { NaiveFile } from './durable/naive-file.ts';
import { storing, STORE_FILE } from './durable/storing.ts';
import { WriteAheadLog } from './durable/write-ahead-log.ts';

const CRASHES = Number(process.env['WAVETANK_SEEDS'] ?? 100);
/** A run without a power loss has about as many. */
const STEPS = 40;

const naive = storing('a naive file', (file) => new NaiveFile(file));
const log = storing('a write-ahead log', (file) => WriteAheadLog.open(file));

test('a store that does not sync loses acknowledged records; shrinking shows the write to sync', async () => {
  const failure = await explore(naive, { runs: 200, seed: 1 }).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(failure instanceof CheckFailure, String(failure));
  const [fault, ...others] = failure.result.plan.faults;
  assert.ok(fault?.kind === 'powerLoss');
  assert.deepEqual(others, []);
  const { loses = [] } = fault;
  assert.equal(loses.length, 1);
  assert.equal(loses[0]?.path, STORE_FILE);
  assert.match(failure.message, /power loss of store .*; lost /);
});

test(`a write-ahead log loses nothing over ${CRASHES} power losses at random steps`, async () => {
  const random = new KeyedRandom(7);
  let losses = 0;
  let torn = 0;
  for (let seed = 1; seed <= CRASHES; seed++) {
    const step = 1 + random.below(STEPS, 1, seed);
    const plan: FaultPlan = {
      faults: [{ kind: 'powerLoss', host: 'store', atMs: 0, after: { step }, downMs: 3 }],
      latency: 'calm',
      order: 'drawn',
    };
    const { verdict, violations, ledger } = await simulate(log, { seed, plan });
    assert.equal(verdict, 'ok', `seed ${seed}, step ${step}: ${violations[0]?.message}`);
    const [fault] = ledger as readonly PowerLossFault[];
    losses += fault === undefined ? 0 : 1;
    torn += (fault?.loses?.length ?? 0) > 0 ? 1 : 0;
  }
  assert.ok(losses > CRASHES / 2, `${losses} power losses`);
  assert.ok(torn > 0, 'no power loss ever found anything unsynced');
});
