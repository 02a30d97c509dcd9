// A store of lists as a service, whose transactions are judged by the isolation that they show, and by the
// model.

import { isolated, linearizable, type Judgement, type Operation } from '../../../src/checkers.ts';
import type { Disk, Host, HostDefinition } from '../../../src/index.ts';
import { listAppend, listAppendOperations, type ListAtom } from '../../../src/models.ts';
import type { ListTransaction, ListTransactionOutput } from '../../../src/models.ts';
import { simulated } from '../simulated.ts';
import { exclusive, ownService, service, type Asked, type Kept } from './service.ts';

type Stored = Record<string, ListAtom[]>;

export const keptLists: Kept<Stored, ListTransaction, ListTransactionOutput> = {
  initial: () => ({}),
  apply: (lists, { value: steps }) =>
    steps.map(([kind, key, value]) => {
      const list = (lists[JSON.stringify(key)] ??= []);
      if (kind === 'r') return [kind, key, [...list]];
      list.push(value);
      return [kind, key, value];
    }),
};

/** A service that makes a transaction of several accesses to its disk, one after another. */
function inSteps(
  transact: (disk: Disk, steps: ListTransaction['value']) => Promise<ListTransactionOutput>,
  { isExclusive }: { readonly isExclusive: boolean },
): { readonly server: HostDefinition } {
  return ownService<ListTransaction, ListTransactionOutput>(({ disk }: Host) => {
    const inTurn = exclusive();
    const running = new Map<string, Promise<ListTransactionOutput>>();
    const answer = async ({ id, input }: Asked<ListTransaction>): Promise<ListTransactionOutput> => {
      const before = disk.get(`answer ${id}`) as ListTransactionOutput | undefined;
      if (before !== undefined) return before;
      const output = await transact(disk, input.value);
      disk.put(`answer ${id}`, output);
      disk.sync();
      return output;
    };
    return (asked) => {
      let output = running.get(asked.id);
      if (output === undefined) {
        output = isExclusive ? inTurn(() => answer(asked)) : answer(asked);
        running.set(asked.id, output);
      }
      return output;
    };
  });
}

const listOf = (disk: Disk, key: ListAtom): ListAtom[] =>
  (disk.get(`list ${JSON.stringify(key)}`) as ListAtom[] | undefined) ?? [];
const waitMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Each step is atomic, and nothing more. */
const stepByStep = inSteps(
  async (disk, steps) => {
    const done: ListTransactionOutput[number][] = [];
    for (const [kind, key, value] of steps) {
      await waitMs(1);
      const list = listOf(disk, key);
      if (kind === 'append') disk.put(`list ${JSON.stringify(key)}`, [...list, value]);
      done.push(kind === 'append' ? [kind, key, value] : [kind, key, list]);
    }
    return done;
  },
  { isExclusive: false },
);

/** All reads see the state at the beginning, and so do not see what others append meanwhile. */
const fromSnapshot = inSteps(
  async (disk, steps) => {
    const keys = new Set(steps.map(([, key]) => key));
    const snapshot = new Map(Array.from(keys, (key) => [key, listOf(disk, key)] as const));
    await waitMs(3);
    return steps.map(([kind, key, value]) => {
      const seen = snapshot.get(key) ?? [];
      if (kind === 'r') return [kind, key, seen];
      snapshot.set(key, [...seen, value]);
      disk.put(`list ${JSON.stringify(key)}`, [...listOf(disk, key), value]);
      return [kind, key, value];
    });
  },
  { isExclusive: false },
);

/** What a transaction did before a crash stays, and is done again when it is asked for again. */
const withoutRollback = inSteps(
  async (disk, steps) => {
    const done: ListTransactionOutput[number][] = [];
    for (const [kind, key, value] of steps) {
      await waitMs(3);
      const list = listOf(disk, key);
      if (kind === 'append') disk.put(`list ${JSON.stringify(key)}`, [...list, value]);
      disk.sync();
      done.push(kind === 'append' ? [kind, key, value] : [kind, key, list]);
    }
    return done;
  },
  { isExclusive: true },
);

/** What takes longer, by many transactions with unknown outcomes, is left to the checker of isolation. */
const STEPS_MAX = 50_000;

/** By both: a history that is linearizable as transactions is strict serializable. */
function judge(history: readonly Operation[]): Judgement {
  const transactions = history.map((each) => ({ ...each, input: (each.input as ListTransaction).value }));
  const isolation = isolated(transactions);
  const decision = linearizable(listAppend(), history, { stepsMax: STEPS_MAX });
  if (decision.verdict === 'unknown') return isolation;
  if (isolation.verdict === 'illegal' && decision.verdict === 'ok') {
    return { verdict: 'illegal', message: `the checkers disagree: ${isolation.message}` };
  }
  const both = [isolation.message, decision.message].filter((message) => message !== '').join('\n');
  return { verdict: decision.verdict, message: both };
}

/** Which anomaly comes first depends on the seed. */
const transactionNames = [/T\d+ \(\w+\)/, /no order explains \w+ (read|appended)/];

export const listAppendModel = simulated({
  model: listAppend(),
  operations: () => listAppendOperations({ keys: ['x', 'y'], stepsMax: 3 }),
  closing: [
    {
      name: 'transaction',
      value: [
        ['r', 'x', null],
        ['r', 'y', null],
      ],
    },
  ],
  judge,
  correct: service(keptLists),
  faulty: [
    {
      what: 'takes no lock',
      hosts: service(keptLists, 'takes no lock'),
      names: transactionNames,
    },
    {
      what: 'answers before it syncs',
      hosts: service(keptLists, 'answers before it syncs'),
      names: transactionNames,
    },
    {
      what: 'takes a repeated request for a new one',
      hosts: service(keptLists, 'takes a repeated request for a new one'),
      names: [/duplicate element|T\d+ \(\w+\) read/],
    },
    {
      what: 'isolates steps, not transactions',
      hosts: stepByStep,
      names: transactionNames,
    },
    { what: 'reads from a snapshot', hosts: fromSnapshot, names: transactionNames },
    {
      what: 'leaves half a transaction after a crash',
      hosts: withoutRollback,
      names: [/duplicate element|T\d+ \(\w+\) read/],
    },
  ],
});
