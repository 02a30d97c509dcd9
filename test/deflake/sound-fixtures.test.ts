// The sound fixtures: nothing in them is called flaky. `DEFLAKE_RUNS=500` makes as many runs as the command
// does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflaked, fixture, fixturesOf } from './fixture-files.ts';

const runs = Number(process.env['DEFLAKE_RUNS'] ?? 60);

test('there are ten of them and more', () => {
  assert.ok(fixturesOf('sound').length >= 10);
});

for (const name of fixturesOf('sound')) {
  test(`${name}: every test passes in every run`, async () => {
    const report = await deflaked(fixture(name), { runs, seed: 7 });
    assert.ok(report.tests.length > 0);
    for (const { id, verdict, outcome, flaky } of report.tests) {
      const why = JSON.stringify(flaky?.other ?? outcome);
      assert.equal(verdict, 'stable', `${id}: ${why}`);
    }
    assert.equal(report.runs, runs);
  });
}
