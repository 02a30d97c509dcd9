// The wallets, compared with the models of what they are: a bank, a log, statements that change together; and
// the ledger beneath them with a register that is compared and set.

import type { World } from 'wavetank';
import { linearizable, type Decision, type Operation } from 'wavetank/checkers';
import { appendOnlyLog, bank, casRegister, listAppend } from 'wavetank/models';
import type { BankInput, CasInput, ListTransaction, LogInput } from 'wavetank/models';
import { requestsTo, type Answered, type Asked } from '../recorded.ts';
import type { Ledger, Transfer } from './services/ledger.ts';
import type { Receipt } from './services/wallets.ts';

/** What is in each wallet at first. */
export const BALANCES: Ledger['balances'] = { ann: 20, ben: 20, cat: 0 };

/** A transfer moves its money, once, or is refused because there is too little. */
export function walletsAreABank({ history }: World): Decision {
  return linearizable(bank(BALANCES), history, {
    input({ name, input }): BankInput {
      if (name === 'look') return { name: 'read' };
      const { from, to, amount } = input as Transfer;
      return { name: 'transfer', from, to, amount };
    },
    output: ({ name, value }) => (name === 'look' ? (value as Ledger).balances : (value as Receipt).isMade),
  });
}

/** What was asked for is a log: each entry keeps the place that its receipt says, and none is there twice. */
export function entriesAreALog({ history }: World): Decision {
  return linearizable(appendOnlyLog<string>(), history, {
    input: ({ name, input }): LogInput<string> =>
      name === 'look' ? { name: 'read', from: 0 } : { name: 'append', entry: (input as Transfer).id },
    output: ({ name, value }) =>
      name === 'look' ? (value as Ledger).entries.map(({ id }) => id) : (value as Receipt).place,
  });
}

/** A transfer is on the statement of who gives and of who gets, at once: nobody finds it on one of them. */
export function statementsChangeTogether({ history }: World): Decision {
  const people = Object.keys(BALANCES);
  const transactions = history.flatMap((each): Operation[] => {
    if (each.name === 'look') {
      const asked = people.map((name) => ['r', name, null]);
      if (each.type !== 'ok') return [{ ...each, input: asked }];
      const lists = people.map((name) => ['r', name, statementOf(each.value as Ledger, name)]);
      return [{ ...each, input: asked, value: lists }];
    }
    const { id, from, to } = each.input as Transfer;
    const steps = [from, to].map((name) => ['append', name, id]);
    const isRefused = each.type === 'ok' && !(each.value as Receipt).isMade;
    return isRefused ? [] : [{ ...each, input: steps, value: steps }];
  });
  return linearizable(listAppend(), transactions, {
    input: ({ name, input }): ListTransaction => ({ name, value: input as ListTransaction['value'] }),
  });
}

function statementOf({ entries }: Ledger, name: string): string[] {
  const own = entries.filter(({ from, to, isMade }) => isMade && (from === name || to === name));
  return own.map(({ id }) => id);
}

/** The ledger itself keeps its word: on condition it is replaced only by who has read the newest revision. */
export function ledgerIsComparedAndSet(world: World): Decision {
  return linearizable(casRegister(0), requestsTo(world, 'ledger'), {
    input({ name, input, value }): CasInput<number> {
      if (name === 'GET') return { name: 'read' };
      const from = (input as Asked).headers['if-match'];
      if (from !== undefined) return { name: 'cas', from: Number(from), to: Number(from) + 1 };
      // Which revision is made without a condition, the ledger says.
      return { name: 'write', value: revisionOf(value) };
    },
    output: ({ name, value }) => (name === 'GET' ? revisionOf(value) : (value as Answered).status === 200),
  });
}

function revisionOf(value: unknown): number {
  return (JSON.parse((value as Answered).body) as Ledger).revision;
}
