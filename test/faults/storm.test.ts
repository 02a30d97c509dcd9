// Each kind of fault breaks a naive program, shrinks to that kind and nothing else, and is survived by a
// careful one. `npm test` makes twenty seeds of each careful system, `npm run test:storm` a thousand.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import process from 'node:process';
import { CheckFailure, explore, simulate } from '../../src/index.ts';
import type { FaultKind } from '../../src/faults/fault.ts';
import { DISK_KIND_NAMES } from '../../src/faults/disk-fault.ts';
import { TIMED_KINDS } from '../../src/faults/kinds/table.ts';
import { stormRows } from './storm/rows.ts';

const SEEDS = Number(process.env['WAVETANK_SEEDS'] ?? 20);
const MESSAGE_KINDS: readonly FaultKind[] = ['drop', 'reset', 'refuse', 'duplicate', 'delay'];

for (const { kind, what, naive, careful, runs = 300 } of stormRows) {
  describe(`${kind}: ${what}`, () => {
    test('breaks the naive system, and the shrunk plan has this kind of fault and no other', async (t) => {
      // In runs that are listed nothing is late by chance: there a delay may be part of what it takes.
      const failure = await explore(naive, { runs, seed: 1, strategy: 'timed-random' }).then(
        () => undefined,
        (error: unknown) => error,
      );
      assert.ok(failure instanceof CheckFailure, `expected a CheckFailure, got ${String(failure)}`);
      const kinds = new Set(failure.result.plan.faults.map((fault) => fault.kind));
      assert.deepEqual([...kinds], [kind], failure.message);
      assert.deepEqual(failure.result.plan.chances ?? [], []);
      t.diagnostic(failure.message.split('\n')[0] ?? '');
    });

    test(`is survived by the careful system, ${SEEDS} seeds`, async () => {
      let struck = 0;
      for (let seed = 1; seed <= SEEDS; seed++) {
        const { verdict, violations, ledger } = await simulate(careful, { seed });
        assert.equal(verdict, 'ok', `seed ${seed}: ${violations[0]?.message}`);
        struck += ledger.filter((fault) => fault.kind === kind).length;
      }
      assert.ok(struck > 0, `no ${kind} ever struck`);
    });
  });
}

test('every kind of fault has a row', () => {
  const shown = new Set(stormRows.map(({ kind }) => kind));
  const missing = [...MESSAGE_KINDS, ...DISK_KIND_NAMES, ...TIMED_KINDS.map(({ kind }) => kind)].filter(
    (kind) => !shown.has(kind),
  );
  assert.deepEqual(missing, []);
});
