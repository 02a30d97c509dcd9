// Money moves from one bank to another, and an answer is lost on the way.

import { handler, swarm, type World } from '../../../../src/index.ts';
import { conserved, observed, together, type Observed } from '../../../../src/checkers.ts';
import { integrityRow, type IntegrityRow } from '../row.ts';
import { bodyOf, done, insist } from './calls.ts';

interface Bank {
  balances: Record<string, number>;
  /** Transfers whose money left, by their id. */
  sent: Record<string, number>;
  /** Transfers whose money came. */
  taken: string[];
}
interface Transfer {
  id: string;
  cents: number;
}
const EMPTY: Bank = { balances: {}, sent: {}, taken: [] };

/** The money of all accounts, and what is on its way. */
function money(world: World): Observed<number> | undefined {
  const [left, right] = ['left', 'right'].map((name) => world.host(name).store<Bank>());
  const taken = right?.state?.taken;
  const sent = left?.records((bank) => bank.sent);
  if (taken === undefined || sent === undefined) return undefined;
  const onItsWay = observed(sent.records.filter(({ key }) => !taken.includes(key)));
  return together(
    left?.records((bank) => bank.balances),
    right?.records((bank) => bank.balances),
    onItsWay,
  );
}

export const transfer: IntegrityRow = integrityRow(
  {
    check: 'conserved',
    what: 'a credit is made once for each time that it is asked for',
    said: [
      /add up to 1\d0, not to 100; `bob` changed last:/,
      /`bob` was written by `right` at .*, handling POST \/credits #\d from `left`/,
    ],
  },
  (isRepaired) => ({
    hosts: {
      left: handler((host) => {
        const bank = host.store<Bank>({ ...EMPTY, balances: { ann: 100 } }, { durable: true });
        return async (request) => {
          const { id, cents } = await bodyOf<Transfer>(request);
          bank.update((draft) => {
            draft.balances['ann'] = (draft.balances['ann'] ?? 0) - cents;
            draft.sent[id] = cents;
          });
          await insist('http://right/credits', { id, cents });
          return done();
        };
      }),
      right: handler((host) => {
        const bank = host.store<Bank>(EMPTY, { durable: true });
        return async (request) => {
          const { id, cents } = await bodyOf<Transfer>(request);
          if (isRepaired && bank.state.taken.includes(id)) return done();
          bank.update((draft) => {
            draft.balances['bob'] = (draft.balances['bob'] ?? 0) + cents;
            draft.taken.push(id);
          });
          return done();
        };
      }),
    },
    faults: swarm({ drop: ['right -> left'] }),
    drive: (world) =>
      world.client('ann', async () => {
        for (const id of ['t-1', 't-2', 't-3']) {
          const body: Transfer = { id, cents: 10 };
          await fetch('http://left/transfers', { method: 'POST', body: JSON.stringify(body) });
        }
      }),
    always: {
      'money is conserved': (world) => conserved({ total: 100, of: money(world), by: (cents) => cents }),
    },
  }),
);
