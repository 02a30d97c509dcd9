// Packages in unmodified programs: servers and clients under faults, every seed twice. `npm test` makes ten
// seeds of each scenario, `npm run test:packages` makes two hundred (`WAVETANK_SEEDS` says how many).

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { calmPlan, simulate, type RunResult, type Scenario } from '../../src/index.ts';
import { nodeArguments, root } from '../runner.ts';
import { committedHashes, joinedHash, major, SEEDS_HASHED, UPDATE_COMMAND } from './hashes.ts';
import { scenarios } from './scenarios.ts';

const SEEDS = Number(process.env['WAVETANK_SEEDS'] ?? 10);
const PROCESSES = SEEDS >= 200 ? 5 : 1;

/** What befell the runs of one scenario. */
class Tally {
  readonly hashes: string[] = [];
  readonly #counts = new Map<string, number>();

  add({ hash, ledger, history, reached }: RunResult): void {
    this.hashes.push(hash);
    for (const { kind } of ledger) this.#count(kind);
    for (const { type, value } of history) {
      const { status } = (value ?? {}) as { status?: number };
      this.#count(status === undefined ? type : String(status));
    }
    for (const name of Object.keys(reached)) this.#count(name);
  }

  has(what: string): boolean {
    return this.#counts.has(what);
  }

  toString(): string {
    return [...this.#counts].map(([what, count]) => `${what} ${count}`).join(', ');
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }
}

function checked(result: RunResult, seed: number): RunResult {
  const [violation] = result.violations;
  const message = violation === undefined ? '' : `seed ${seed}: ${violation.code} ${violation.message}`;
  assert.equal(message, '');
  return result;
}

function faultKinds({ faults }: Scenario): string[] {
  const { kind: _, survivable: __, horizonMs: ___, ...kinds } = faults ?? { kind: 'swarm' };
  return Object.keys(kinds);
}

for (const scenario of scenarios) {
  describe(scenario.name, { concurrency: false }, () => {
    const tally = new Tally();

    test(`${SEEDS} seeds run twice with equal hashes, nothing violated, no escape`, async (t) => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        // A recorded run is watched for native resources.
        const first = checked(await simulate(scenario, { seed, record: seed === 1 }), seed);
        const second = checked(await simulate(scenario, { seed }), seed);
        assert.equal(second.hash, first.hash, `seed ${seed}`);
        tally.add(first);
      }
      t.diagnostic(`${scenario.name}: ${tally.toString()}`);
      assert.equal(new Set(tally.hashes).size, SEEDS, 'different seeds make different runs');
      if (SEEDS < 100) return;
      for (const kind of faultKinds(scenario)) assert.ok(tally.has(kind), `no ${kind} struck`);
    });

    test('on a calm network everything works that is there to work', async () => {
      const { reached, history } = checked(await simulate(scenario, { seed: 1, plan: calmPlan }), 1);
      for (const name of scenario.sometimes.keys()) assert.ok((reached[name] ?? 0) > 0, `never: ${name}`);
      for (const { type, name, error } of history) assert.equal(type, 'ok', `${name}: ${error}`);
    });

    test('the hash of this release of Node.js is committed', (t) => {
      const { hashes = {} } = committedHashes()[scenario.name] ?? {};
      if (hashes[major] === undefined && Object.keys(hashes).length > 0) {
        return t.skip(`no hash is committed for Node.js ${major}`);
      }
      assert.equal(joinedHash(tally.hashes.slice(0, SEEDS_HASHED)), hashes[major], `see ${UPDATE_COMMAND}`);
      return undefined;
    });
  });
}

test(`${PROCESSES} fresh process(es) make the same runs`, () => {
  const script = fileURLToPath(new URL('update-hashes.ts', import.meta.url));
  const committed = Object.entries(committedHashes()).map(([name, { hashes }]) => [name, hashes[major]]);
  for (let i = 0; i < PROCESSES; i++) {
    const { stdout, stderr } = spawnSync(process.execPath, [...nodeArguments, script, '--print'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8' },
    });
    assert.notEqual(stdout, '', stderr);
    assert.deepEqual(Object.entries(JSON.parse(stdout) as object), committed);
  }
});

test('where releases of Node.js differ, the list says why, and names no others', () => {
  const committed = committedHashes();
  assert.deepEqual(
    Object.keys(committed),
    scenarios.map(({ name }) => name),
  );
  for (const [name, { hashes, why }] of Object.entries(committed)) {
    const areEqual = new Set(Object.values(hashes)).size === 1;
    assert.equal(areEqual, why === undefined, name);
    assert.notEqual(why, 'unknown', name);
  }
});
