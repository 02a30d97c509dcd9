// A ledger writes its event down, asks an auditor, and only then changes the balance.

import { handler, swarm, type World } from '../../../../src/index.ts';
import { foldsTo } from '../../../../src/checkers.ts';
import { integrityRow, type IntegrityRow } from '../row.ts';
import { ask, bodyOf, done } from './calls.ts';

interface Deposit {
  account: string;
  cents: number;
}
interface Ledger {
  events: Deposit[];
  balances: Record<string, number>;
}

const ledgerOf = (world: World) => world.host('ledger').store<Ledger>();

export const ledger: IntegrityRow = integrityRow(
  {
    check: 'foldsTo',
    what: 'a balance lacks an event that is in the log',
    said: [
      /`ann` is (?:\d+|missing), and its events give \d+; the last event about it is `\d`:/,
      /`\d` was written by `ledger` .* handling POST \/deposits #\d from `ann`/,
    ],
  },
  (isRepaired) => ({
    hosts: {
      auditor: handler(() => () => done()),
      ledger: handler((host) => {
        const store = host.store<Ledger>({ events: [], balances: {} }, { durable: true });
        return async (request) => {
          const deposit = await bodyOf<Deposit>(request);
          const { account, cents } = deposit;
          const add = ({ balances }: Ledger): void => {
            balances[account] = (balances[account] ?? 0) + cents;
          };
          store.update((draft) => {
            draft.events.push(deposit);
            if (isRepaired) add(draft);
          });
          const answer = await ask('http://auditor/', deposit);
          if (!isRepaired && answer !== undefined) store.update(add);
          return done();
        };
      }),
    },
    faults: swarm({ drop: ['ledger -> auditor', 'auditor -> ledger'], crash: ['ledger'] }),
    drive: (world) =>
      world.client('ann', async () => {
        for (const cents of [5, 7, 11]) await ask('http://ledger/deposits', { account: 'ann', cents });
      }),
    finally: {
      'the balances are what the events make of them': (world) =>
        foldsTo({
          events: ledgerOf(world).records(({ events }) => events),
          state: ledgerOf(world).records(({ balances }) => balances),
          initial: new Map<string, number>(),
          apply: (table, { account, cents }) => {
            const before = table as ReadonlyMap<string, number>;
            return new Map(before).set(account, (before.get(account) ?? 0) + cents);
          },
        }),
    },
  }),
);
