// Each model, against services under faults: a correct one passes every seed, each with a mistake is
// rejected, and the explanation names the operations that matter. `npm test` makes twenty seeds of each
// correct service, `npm run test:models` two thousand.

import assert from 'node:assert/strict';
import process from 'node:process';
import { describe, test } from 'node:test';
import { CheckFailure, explore, simulate, type Operation } from '../../src/index.ts';
import { systems } from './systems/systems.ts';

const SEEDS = Number(process.env['WAVETANK_SEEDS'] ?? 20);
const AT_ONCE = 50;
/** Enough to get rid of nearly everything. */
const SHRINK_RUNS_MAX = 250;

for (const { name, correct, faulty } of systems) {
  describe(name, () => {
    test(`a correct service passes ${SEEDS} seeds under faults`, async () => {
      const struck = new Set<string>();
      const outcomes = new Map<string, Set<string>>();
      let overlaps = 0;
      for (let first = 1; first <= SEEDS; first += AT_ONCE) {
        const seeds = Array.from({ length: Math.min(AT_ONCE, SEEDS - first + 1) }, (_, i) => first + i);
        // One after the other all the same; but they follow each other without a pause.
        for (const result of await Promise.all(seeds.map((seed) => simulate(correct, { seed })))) {
          assert.equal(result.verdict, 'ok', `seed ${result.seed}: ${result.violations[0]?.message}`);
          for (const { kind } of result.ledger) struck.add(kind);
          for (const { name: operation, type } of result.history) {
            outcomes.set(operation, (outcomes.get(operation) ?? new Set()).add(type));
          }
          if (hasOverlap(result.history)) overlaps++;
        }
      }
      // Else the services would have passed because nothing happened.
      assert.ok(struck.size >= 5, `only ${[...struck].join(', ')} struck`);
      assert.ok(overlaps > SEEDS / 3, `clients were at work at the same time in only ${overlaps} runs`);
      for (const [operation, types] of outcomes) assert.ok(types.has('ok'), `no ${operation} was answered`);
      assert.ok(
        [...outcomes.values()].some((types) => types.has('info')),
        'no outcome was unknown',
      );
    });

    for (const { what, scenario, names, runs = 300 } of faulty) {
      test(`a service that ${what} is rejected, with the operations that matter`, async (t) => {
        // Several things go wrong at drawn times: that is soonest met by drawing.
        const options = { runs, seed: 1, shrinkRunsMax: SHRINK_RUNS_MAX, strategy: 'timed-random' } as const;
        const failure = await explore(scenario, options).then(
          () => undefined,
          (error: unknown) => error,
        );
        assert.ok(failure instanceof CheckFailure, `expected a CheckFailure, got ${String(failure)}`);
        const message = failure.result.violations[0]?.message ?? '';
        t.diagnostic(message);
        for (const each of names) assert.match(message, each);
      });
    }
  });
}

/** Whether an operation began before one that had begun earlier ended. */
function hasOverlap(history: readonly Operation[]): boolean {
  return history.some(({ endedMs = Number.POSITIVE_INFINITY }, i) => {
    const next = history[i + 1];
    return next !== undefined && next.invokedMs < endedMs;
  });
}
