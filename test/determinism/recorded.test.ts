// A recorded run is the run: the same in hash, steps, history and ledger, for every example, as functions and
// as programs over TCP, and for every planted system.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { simulate, type Scenario } from 'wavetank';
import { filesBelow, root } from '../runner.ts';
import { systems } from '../planted/systems/all.ts';

const SEEDS = [1, 2, 3];

async function isTheSame(scenario: Scenario): Promise<void> {
  for (const seed of SEEDS) {
    const plain = await simulate(scenario, { seed });
    const recorded = await simulate(scenario, { seed, record: true });
    const at = `${scenario.name}, seed ${seed}`;
    assert.equal(recorded.hash, plain.hash, at);
    const { steps, virtualMs, verdict, history, ledger, reached } = plain;
    for (const [key, value] of Object.entries({ steps, virtualMs, verdict, history, ledger, reached }))
      assert.deepEqual(recorded[key as 'steps'], value, `${at}: ${key}`);
    assert.equal(plain.trace, undefined);
    const kinds = new Set(recorded.trace?.map(({ kind }) => kind));
    assert.ok(kinds.has('step') && kinds.has('host'), at);
    // A trace is plain data: nothing in it gets lost on the way to a report.
    assert.deepEqual(JSON.parse(JSON.stringify(recorded.trace)), withoutUndefined(recorded.trace), at);
  }
}

/** JSON leaves out what is undefined. */
function withoutUndefined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutUndefined);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, withoutUndefined(field)]));
}

describe('a recorded run is the run', () => {
  for (const file of filesBelow(root, 'examples').filter((path) => path.endsWith('.sim.ts'))) {
    test(file, async () => {
      const { default: scenario } = (await import(pathToFileURL(join(root, file)).href)) as {
        default: Scenario;
      };
      await isTheSame(scenario);
    });
  }

  for (const { bug, broken, repaired } of systems) {
    test(`planted: ${bug}`, async () => {
      await isTheSame(broken);
      await isTheSame(repaired);
    });
  }
});
