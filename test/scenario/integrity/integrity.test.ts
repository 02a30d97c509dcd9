// Each integrity check in a running system: under faults the naive one breaks, and the failure names the
// record and the message that wrote it; the repaired one keeps its promise. `WAVETANK_SEEDS=300` makes more
// seeds.

import assert from 'node:assert/strict';
import process from 'node:process';
import { describe, test } from 'node:test';
import { CheckFailure, explore, simulate } from '../../../src/index.ts';
import * as checkers from '../../../src/checkers.ts';
import { integrityRows } from './systems/rows.ts';

const SEEDS = Number(process.env['WAVETANK_SEEDS'] ?? 20);
const ALL = [
  'conserved',
  'exactlyOnce',
  'noLostUpdate',
  'noPhantom',
  'noDuplicate',
  'monotonicVersion',
].concat(['sagasSettled', 'deadLettersAccounted', 'foldsTo', 'boundedStaleness']);

for (const { check, what, naive, repaired, said, runs = 300 } of integrityRows) {
  describe(`${check}: ${what}`, () => {
    test('breaks the naive system; the failure names the record and the message that wrote it', async (t) => {
      const failure = await explore(naive, { runs, seed: 1 }).then(
        () => undefined,
        (error: unknown) => error,
      );
      assert.ok(failure instanceof CheckFailure, `expected a CheckFailure, got ${String(failure)}`);
      const { violations, plan } = failure.result;
      assert.equal(violations[0]?.code, 'WT_INVARIANT', failure.message);
      assert.ok(plan.faults.length > 0, 'without a fault the naive system keeps its promise');
      for (const words of said) assert.match(failure.message, words);
      t.diagnostic(violations[0]?.message ?? '');
    });

    test(`is kept by the repaired system, ${SEEDS} seeds`, async () => {
      let struck = 0;
      for (let seed = 1; seed <= SEEDS; seed++) {
        const { verdict, violations, undecided, ledger } = await simulate(repaired, { seed });
        assert.equal(verdict, 'ok', `seed ${seed}: ${violations[0]?.message}`);
        assert.deepEqual(undecided, {}, `seed ${seed}`);
        struck += ledger.length;
      }
      assert.ok(struck > 0, 'no fault ever struck');
    });
  });
}

test('every integrity check has a system', () => {
  assert.deepEqual(integrityRows.map(({ check }) => check).toSorted(), ALL.toSorted());
  for (const name of ALL) assert.equal(typeof Reflect.get(checkers, name), 'function', name);
});
