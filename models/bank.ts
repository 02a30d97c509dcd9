// A bank: money moves between accounts, and none is made or lost.

import fc from 'fast-check';
import { produce } from 'immer';
import { OptionError } from '../src/errors.ts';
import { isEqual } from './equal.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { told } from './words.ts';

/** What a client asks of the bank. */
export type BankInput =
  | { readonly name: 'transfer'; readonly from: string; readonly to: string; readonly amount: number }
  | { readonly name: 'read' }
  | { readonly name: 'balance'; readonly account: string };

/** The money of each account, in the smallest unit. */
export type Balances = Readonly<Record<string, number>>;

/** `transfer`: whether it was done. `read`: all balances. `balance`: one, or null for no account. */
export type BankOutput = boolean | Balances | number | null;

/**
 * Makes the model of a bank.
 *
 * - `transfer` moves `amount` and answers true; it answers false, and moves nothing, if that would leave the
 *   account `from` below the limit of its overdraft, if there is no such account, or if the amount is no
 *   positive integer.
 * - `read` answers all balances at one moment, so that their sum is always what it was at the beginning.
 * - `balance` answers that of one account.
 *
 * Nothing is left open: a transfer that can be done is done, and one that cannot is refused.
 *
 * Source: the bank workload of Jepsen (Kingsbury).
 *
 * @param balances - The accounts and what is in each at first: integers.
 * @param options.overdraft - How far below zero a transfer may take an account. Default 0.
 * @throws {OptionError} If there is no account, or a number is none.
 */
export function bank(
  balances: Balances,
  { overdraft = 0 }: { readonly overdraft?: number } = {},
): Model<Balances, BankInput, BankOutput> {
  checkBalances(balances);
  if (!(overdraft >= 0)) throw OptionError.expected('overdraft', 'a number, >= 0', overdraft);
  return {
    name: 'bank',
    initial: balances,
    isReader: ({ name }) => name !== 'transfer',
    next(state, input, answer) {
      if (input.name !== 'transfer') {
        const there = input.name === 'read' ? state : balanceOf(state, input.account);
        return answer === UNKNOWN || isEqual(answer, there) ? [state] : [];
      }
      const { from, to, amount } = input;
      const has = balanceOf(state, from);
      const isAmount = Number.isSafeInteger(amount) && amount > 0;
      const isDone = has !== null && balanceOf(state, to) !== null && isAmount && has - amount >= -overdraft;
      if (answer !== UNKNOWN && answer !== isDone) return [];
      if (!isDone) return [state];
      return [
        produce(state, (draft) => {
          draft[from] = (draft[from] as number) - amount;
          draft[to] = (draft[to] as number) + amount;
        }),
      ];
    },
    describe,
    describeState: (state) => inWords(state),
  };
}

function balanceOf(balances: Balances, account: string): number | null {
  return Object.hasOwn(balances, account) ? (balances[account] as number) : null;
}

function checkBalances(balances: unknown): void {
  const hint = 'Give each account what is in it at first: `{ alice: 10, bob: 0 }`.';
  if (typeof balances !== 'object' || balances === null || Object.keys(balances).length === 0) {
    throw OptionError.expected('balances', 'an object of at least one account', balances, hint);
  }
  for (const [account, balance] of Object.entries(balances as Record<string, unknown>)) {
    if (!Number.isSafeInteger(balance)) {
      throw OptionError.expected(`balances.${account}`, 'an integer, in the smallest unit', balance);
    }
  }
}

function inWords(balances: Balances): string {
  const accounts = Object.keys(balances).toSorted();
  const total = accounts.reduce((sum, account) => sum + (balances[account] as number), 0);
  return `${accounts.map((account) => `${account} ${balances[account]}`).join(', ')}, ${total} in all`;
}

function describe(input: BankInput, answer: Answer<BankOutput>): string {
  if (input.name === 'transfer') {
    const what = `${input.amount} from ${input.from} to ${input.to}`;
    const asked = `asked to transfer ${what}`;
    return told(answer, asked, (isDone) =>
      isDone === true ? `transferred ${what}` : `${asked}, and was refused`,
    );
  }
  const what = input.name === 'read' ? 'all balances' : `the balance of ${input.account}`;
  return told(answer, `asked to read ${what}`, (balances) => {
    const isList = typeof balances === 'object' && balances !== null;
    return `read ${what}: ${isList ? inWords(balances) : balances}`;
  });
}

/**
 * Operations of a bank.
 *
 * @param options.accounts - Default: `alice`, `bob` and `carol`.
 * @param options.amountMax - The greatest amount of a transfer. Default 5.
 */
export function bankOperations({
  accounts = ['alice', 'bob', 'carol'],
  amountMax = 5,
}: { readonly accounts?: readonly string[]; readonly amountMax?: number } = {}): fc.Arbitrary<BankInput> {
  const plain = { noNullPrototype: true } as const;
  const account = fc.constantFrom(...accounts);
  const amount = fc.integer({ min: 1, max: amountMax });
  const transfer = fc.record(
    { name: fc.constant('transfer' as const), from: account, to: account, amount },
    plain,
  );
  const read = fc.record({ name: fc.constant('read' as const) }, plain);
  const balance = fc.record({ name: fc.constant('balance' as const), account }, plain);
  return fc.oneof({ weight: 4, arbitrary: transfer }, { weight: 2, arbitrary: read }, balance);
}
