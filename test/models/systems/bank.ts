// A bank as a service.

import { bank, bankOperations, type Balances, type BankInput, type BankOutput } from '../../../src/models.ts';
import { simulated } from '../simulated.ts';
import { exclusive, ownService, service, type Asked, type Kept } from './service.ts';

const OPENING: Balances = { alice: 10, bob: 5, carol: 0 };

type Stored = Record<string, number>;

export const keptBank: Kept<Stored, BankInput, BankOutput> = {
  initial: () => ({ ...OPENING }),
  apply(state, input) {
    if (input.name === 'read') return { ...state };
    if (input.name === 'balance') return state[input.account] ?? null;
    const { from, to, amount } = input;
    if ((state[from] ?? 0) < amount) return false;
    state[from] = (state[from] ?? 0) - amount;
    state[to] = (state[to] ?? 0) + amount;
    return true;
  },
  reads: ({ name }) => name !== 'transfer',
};

/** Looks at no balance. */
const keptWithoutLimit: typeof keptBank = {
  ...keptBank,
  apply(state, input) {
    if (input.name !== 'transfer') return keptBank.apply(state, input);
    state[input.from] = (state[input.from] ?? 0) - input.amount;
    state[input.to] = (state[input.to] ?? 0) + input.amount;
    return true;
  },
};

/** A row for each account; the second is written a while after the first. */
const rowByRow = ownService(({ disk }) => {
  const inTurn = exclusive();
  const row = (account: string): number => (disk.get(account) as number | undefined) ?? OPENING[account] ?? 0;
  const move = async (account: string, amount: number): Promise<void> => {
    disk.put(account, row(account) + amount);
    disk.sync();
    await new Promise((resolve) => setTimeout(resolve, 3));
  };
  const transfer = async ({
    id,
    input,
  }: Asked<Extract<BankInput, { name: 'transfer' }>>): Promise<boolean> => {
    const before = disk.get(`answer ${id}`) as boolean | undefined;
    if (before !== undefined) return before;
    const isDone = row(input.from) >= input.amount;
    disk.put(`answer ${id}`, isDone);
    if (!isDone) return false;
    await move(input.from, -input.amount);
    await move(input.to, input.amount);
    return true;
  };
  return ({ id, input }: Asked<BankInput>): Promise<BankOutput> | BankOutput => {
    if (input.name === 'transfer') return inTurn(() => transfer({ id, input }));
    if (input.name === 'balance') return row(input.account);
    return Object.fromEntries(Object.keys(OPENING).map((account) => [account, row(account)]));
  };
});

export const bankModel = simulated({
  model: bank(OPENING),
  operations: () => bankOperations(),
  closing: [{ name: 'read' }],
  correct: service(keptBank),
  faulty: [
    {
      what: 'takes no lock',
      hosts: service(keptBank, 'takes no lock'),
      names: [/transferred \d from \w+ to \w+/],
    },
    {
      what: 'takes a repeated request for a new one',
      hosts: service(keptBank, 'takes a repeated request for a new one'),
      names: [/no order explains \w+ (read|transferred|asked)/],
    },
    {
      what: 'lets accounts be overdrawn',
      hosts: service(keptWithoutLimit),
      names: [/no order explains \w+ transferred \d from \w+ to \w+/],
    },
    {
      what: 'writes one account after the other',
      hosts: rowByRow,
      names: [/no order explains \w+ read (all balances|the balance)/],
    },
  ],
});
