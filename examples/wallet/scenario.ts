// Three people with wallets, which two replicas of a service keep: what may go wrong, what the people do, and
// what must hold.

import fc from 'fast-check';
import { handler, latency, swarm } from 'wavetank';
import type { Client, Host, ScenarioOptions, World } from 'wavetank';
import { conserved, noPhantom, observed, type Integrity } from 'wavetank/checkers';
import { Recorded } from '../recorded.ts';
import * as model from './models.ts';
import { ledgerService, type Ledger, type Transfer } from './services/ledger.ts';
import { walletsService, type Receipt, type Writing } from './services/wallets.ts';

const REPLICAS = ['wallets-1', 'wallets-2'] as const;
const PEOPLE = Object.keys(model.BALANCES);
const EMPTY: Ledger = { revision: 0, balances: model.BALANCES, entries: [] };

/** What somebody does next: gives money to one of the other two, or looks. */
interface Step {
  readonly afterMs: number;
  readonly by: (typeof REPLICAS)[number];
  readonly give?: { readonly toNext: boolean; readonly amount: number } | undefined;
}

const step: fc.Arbitrary<Step> = fc.record(
  {
    afterMs: fc.constantFrom(0, 50),
    by: fc.constantFrom(...REPLICAS),
    give: fc.option(
      fc.record({ toNext: fc.boolean(), amount: fc.constantFrom(5, 15) }, { noNullPrototype: true }),
      { nil: undefined, freq: 3 },
    ),
  },
  { noNullPrototype: true },
);
const steps = fc.array(step, { maxLength: 3 });

/** What `defineScenario` takes, for wallets with or without the bug. By person, what each does. */
export function wallet(options: { name: string; writing: Writing }): ScenarioOptions<Step[][]> {
  return {
    name: options.name,
    tags: ['payments'],
    hosts: {
      ledger: handler(bootLedger, { port: 5000 }),
      ...Object.fromEntries(
        REPLICAS.map((name) => [name, handler(() => walletsService(options), { port: 4000 })]),
      ),
    },
    network: { latency: latency.longTail({ medianMs: 3, p99Ms: 40 }) },
    faults: swarm({
      ...{ drop: true, delay: true, duplicate: true, reset: true, refuse: true },
      crash: REPLICAS,
      survivable: { hostsDown: 1 },
    }),

    workload: fc.tuple(steps, steps, steps).map((all): Step[][] => all),
    async drive(world, work) {
      await Promise.all(
        work.map((each, i) => world.client(PEOPLE[i] as string, (client) => live(client, each))),
      );
      // What is there in the end.
      await world.client('auditor', (client) => live(client, [{ afterMs: 0, by: 'wallets-1' }]));
    },

    always: {
      'no transfer is lost that was made': noTransferIsLost,
      'no money is made or lost': moneyIsConserved,
    },
    // Asked once, at the end.
    finally: {
      'the wallets are a bank': model.walletsAreABank,
      'what was asked for is a log': model.entriesAreALog,
      'statements change together': model.statementsChangeTogether,
      'the ledger is compared and set': model.ledgerIsComparedAndSet,
    },
    ...(options.writing === 'if unchanged'
      ? { sometimes: ['a transfer was asked for again', 'a transfer was overtaken by another'] }
      : {}),
  };
}

function bootLedger(host: Host) {
  const requests = new Recorded(ledgerService(host.disk, EMPTY));
  host.expose({ requests });
  return requests.handle;
}

async function live(client: Client, work: readonly Step[]): Promise<void> {
  const { name } = client;
  for (const [i, { afterMs, by, give }] of work.entries()) {
    await sleep(afterMs);
    if (give === undefined) {
      await client.operation('look', null, () => insist(by, 'GET', '/ledger'));
      continue;
    }
    const others = PEOPLE.filter((each) => each !== name);
    const { toNext, amount } = give;
    const transfer = { id: `${name}-${i + 1}`, from: name, to: others[toNext ? 0 : 1] as string, amount };
    await client.operation('transfer', transfer satisfies Transfer, () =>
      insist(by, 'PUT', `/transfers/${transfer.id}`, transfer),
    );
  }
}

/** Asks one replica and the other in turn, until there is an answer. */
async function insist(by: Step['by'], method: string, path: string, body?: Transfer): Promise<unknown> {
  for (let next = REPLICAS.indexOf(by); ; next++) {
    const url = `http://${REPLICAS[next % REPLICAS.length]}:4000${path}`;
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const asked = fetch(url, { method, ...content, signal: AbortSignal.timeout(1_000) });
    const answer = await asked.then(async (each) => (each.ok ? each.json() : undefined)).catch(() => {});
    if (answer !== undefined) return answer;
    await sleep(50);
  }
}

function noTransferIsLost(world: World): Integrity {
  const made = world.history.filter(
    ({ name, type, value }) => name === 'transfer' && type === 'ok' && (value as Receipt).isMade,
  );
  return noPhantom({
    of: observed(made.map(({ client, input }) => ({ key: client, value: (input as Transfer).id }))),
    refersTo: (id) => id,
    in: ledgerOf(world).entries,
    key: ({ id }) => id,
  });
}

function moneyIsConserved(world: World): Integrity {
  const total = Object.values(model.BALANCES).reduce((sum, balance) => sum + balance, 0);
  const balances = Object.entries(ledgerOf(world).balances).map(([key, value]) => ({ key, value }));
  return conserved({ total, of: observed(balances), by: (balance) => balance });
}

function ledgerOf(world: World): Ledger {
  return (world.host('ledger').disk.get('ledger') as Ledger | undefined) ?? EMPTY;
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
