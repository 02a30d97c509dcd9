// The wallets in their two forms: a race between two transfers loses one, and each of their models rejects a
// ledger that breaks what it stands for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmPlan, CheckFailure, defineScenario, explore, handler, simulate } from 'wavetank';
import type { HostDefinition, RunResult } from 'wavetank';
import { Recorded } from '../../examples/recorded.ts';
import { BALANCES } from '../../examples/wallet/models.ts';
import { wallet } from '../../examples/wallet/scenario.ts';
import { ledgerService, type Ledger } from '../../examples/wallet/services/ledger.ts';
import repaired from '../../examples/wallet/wallet-repaired.sim.ts';
import faulty from '../../examples/wallet/wallet.sim.ts';

const LOST = 'no transfer is lost that was made';
/** Finds the same at the end of the run, where no check after a step does. */
const LOG = 'what was asked for is a log';
const gives = (by: 'wallets-1' | 'wallets-2', afterMs: number) =>
  ({ afterMs, by, give: { toNext: true, amount: 5 } }) as const;
const looks = { afterMs: 0, by: 'wallets-1' } as const;

for (const seed of [1, 2]) {
  test(`a race loses a transfer, and it shrinks to two transfers, late at most: seed ${seed}`, async () => {
    const [outcome] = await Promise.allSettled([explore(faulty, { runs: 100, seed })]);
    const failure = outcome.status === 'rejected' ? outcome.reason : undefined;
    assert.ok(failure instanceof CheckFailure);
    const { result } = failure;
    assert.ok([LOST, LOG].includes(result.violations[0]?.name ?? ''), result.violations[0]?.name);
    assert.deepEqual(
      result.ledger.filter(({ kind }) => kind !== 'delay'),
      [],
    );
    assert.equal(result.history.filter(({ name }) => name === 'transfer').length, 2);
  });
}

const RACE = [[gives('wallets-1', 0)], [gives('wallets-2', 0)], []];

test('the same race loses nothing where the ledger is replaced only by who has read the newest', async () => {
  const lost = await simulate(faulty, { workload: RACE, plan: calmPlan });
  assert.equal(lost.violations[0]?.name, LOST);
  const kept = await simulate(repaired, { workload: RACE, plan: calmPlan });
  assert.equal(kept.verdict, 'ok', kept.violations[0]?.message);
  assert.equal(kept.reached['a transfer was overtaken by another'], 1);
});

/** A calm run, judged by its models alone, whose ledger shows or keeps something else than it should. */
async function modelsOf(meddle: (ledger: Ledger, method: string) => Ledger): Promise<RunResult> {
  const {
    faults: _,
    sometimes: __,
    always: ___,
    ...options
  } = wallet({ name: 'x', writing: 'if unchanged' });
  const ledger: HostDefinition = handler(
    (host) => {
      const app = ledgerService(host.disk, { revision: 0, balances: BALANCES, entries: [] });
      const fetch = async (request: Request): Promise<Response> => {
        if (request.method === 'GET') {
          const shown = (await (await app.fetch(request)).json()) as Ledger;
          return Response.json(meddle(shown, 'GET'));
        }
        const body = JSON.stringify(meddle((await request.json()) as Ledger, 'PUT'));
        return app.fetch(new Request(request.url, { method: 'PUT', headers: request.headers, body }));
      };
      const requests = new Recorded({ fetch });
      host.expose({ requests });
      return requests.handle;
    },
    { port: 5000 },
  );
  const scenario = defineScenario({ ...options, hosts: { ...options.hosts, ledger } });
  const workload = [[gives('wallets-1', 0), looks, gives('wallets-1', 50)], [looks, looks, looks], []];
  return simulate(scenario, { workload, plan: calmPlan });
}

const broken = ({ violations }: RunResult): string[] => violations.map(({ name }) => name);

test('the models accept a ledger that does what it should', async () => {
  assert.deepEqual(broken(await modelsOf((ledger) => ledger)), []);
});

test('a transfer of which half arrives is no bank', async () => {
  const tax = (ledger: Ledger, method: string): Ledger =>
    method === 'PUT' ? { ...ledger, balances: { ...ledger.balances, ben: 20 } } : ledger;
  assert.deepEqual(broken(await modelsOf(tax)), ['the wallets are a bank']);
});

test('entries that change their places are no log', async () => {
  const reversed = (ledger: Ledger, method: string): Ledger =>
    method === 'PUT' ? { ...ledger, entries: ledger.entries.toReversed() } : ledger;
  const names = broken(await modelsOf(reversed));
  assert.ok(names.includes('what was asked for is a log'), String(names));
  assert.ok(names.includes('statements change together'), String(names));
});

test('a ledger that shows an old revision is not compared and set', async () => {
  let shown: Ledger | undefined;
  const stale = (ledger: Ledger, method: string): Ledger => {
    if (method === 'GET' && ledger.entries.length === 1) return (shown ??= ledger);
    return method === 'GET' && ledger.entries.length > 1 && shown !== undefined ? shown : ledger;
  };
  const names = broken(await modelsOf(stale));
  assert.ok(names.includes('the ledger is compared and set'), String(names));
});

test('the repaired wallets keep their promises in 60 runs', async () => {
  const { runs } = await explore(repaired, { runs: 60 });
  assert.equal(runs, 60);
});
