// The checkers, over histories of growing length: how much longer an operation takes in the longest than in
// the shortest, what a partitioned history of 100,000 operations costs beside reading it as JSON, and that
// a hard one stops at its budget. Each in one process with the others, so that a slow machine slows all of
// them.

import {
  isolated,
  linearizable,
  readHistory,
  sessionGuarantees,
  writeHistory,
  type Judgement,
  type Model,
  type Operation,
} from 'wavetank/checkers';
import { compare, perSecond, ratioOf, type Ratio } from './ratio.ts';

const CLIENTS = 5;
const LONG = 100_000;
const TURNS = 3;

interface Input {
  readonly name: 'get' | 'put';
  readonly key: string;
  readonly value?: number;
}

/** Registers by key: of the parts, or as one object that has them all. */
const registers = (isPartitioned: boolean): Model<Readonly<Record<string, number>>, Input, number> => ({
  name: 'registers',
  initial: {},
  isReader: ({ name }) => name === 'get',
  ...(isPartitioned ? { partOf: ({ key }: Input) => key } : {}),
  next(state, { name, key, value = 0 }, answer) {
    if (name === 'put') return [{ ...state, [key]: value }];
    return typeof answer === 'symbol' || answer === (state[key] ?? 0) ? [state] : [];
  },
});

/** Five clients, each operation overlapping with those of the others, in the order of their numbers. */
function keyValueHistory(length: number, keys: number): Operation[] {
  const values = new Map<string, number>();
  return Array.from({ length }, (_, id): Operation => {
    const key = `k${Math.floor(id / 2) % keys}`;
    const isPut = id % 2 === 1;
    if (isPut) values.set(key, id);
    const invokedMs = Math.floor(id / CLIENTS) * 10 + (id % CLIENTS);
    const input = isPut ? { key, value: id } : { key };
    const common = {
      id,
      client: `c${id % CLIENTS}`,
      input,
      invokedMs,
      endedMs: invokedMs + 6,
      type: 'ok',
    } as const;
    // Null for what nobody has written.
    return isPut ? { ...common, name: 'put' } : { ...common, name: 'get', value: values.get(key) ?? 0 };
  });
}

/** Lists of a hundred elements, each transaction appending to one and reading another, three at a time. */
function listHistory(length: number): Operation[] {
  const lists = new Map<string, number[]>();
  return Array.from({ length }, (_, id): Operation => {
    const place = Math.floor(id / 100);
    const [own, other] = [`l${place}`, `l${Math.max(0, place - 1)}`];
    const list = lists.get(own) ?? [];
    lists.set(own, [...list, id]);
    const steps = [
      ['append', own, id],
      ['r', other, lists.get(other) ?? []],
    ];
    return {
      id,
      client: `c${id % 3}`,
      name: 'txn',
      input: steps,
      value: steps,
      invokedMs: id,
      endedMs: id + 2.5,
      type: 'ok',
    };
  });
}

type Check = (history: readonly Operation[]) => Judgement;

const linear: Check = (history) => linearizable(registers(true), history);
const sessions: Check = (history) =>
  sessionGuarantees(history, {
    access: ({ name, input, value }) => {
      const { key, value: written } = input as Input;
      if (name === 'put') return { kind: 'write', key, value: written };
      return { kind: 'read', key, value: value === 0 ? null : value };
    },
  });

/** Operations per second: of one history of a length, or of as many operations in shorter ones. */
function speed(
  check: Check,
  make: (length: number) => Operation[],
  { length, total }: { readonly length: number; readonly total: number },
): () => Promise<number> {
  const history = make(length);
  return () =>
    perSecond(total, () => {
      for (let done = 0; done < total; done += length) {
        const { verdict, message } = check(history);
        if (verdict !== 'ok') throw new Error(`Expected a history that is right, got ${verdict}: ${message}`);
      }
    });
}

async function growth(
  name: string,
  check: Check,
  make: (length: number) => Operation[],
  lengths: readonly number[],
): Promise<Ratio[]> {
  const ratios: Ratio[] = [];
  for (const length of lengths) {
    const title = `${name}: ${length.toLocaleString('en')} in one history against 1,000 (1: linear)`;
    const ours = speed(check, make, { length, total: length });
    const theirs = speed(check, make, { length: 1_000, total: length });
    ratios.push(await compare(title, 'operations/s', { ours, theirs }, TURNS));
  }
  return ratios;
}

/** Beside reading the same history from its JSON. */
function besideReading(): Promise<Ratio> {
  const history = keyValueHistory(LONG, 1_000);
  const text = writeHistory(history);
  return compare(
    'linearizable, 100,000 operations of 1,000 keys, against reading them as JSON',
    'operations/s',
    {
      ours: speed(linear, () => history, { length: LONG, total: LONG }),
      theirs: () => perSecond(LONG, () => readHistory(text)),
    },
    TURNS,
  );
}

/** All overlap, and the last read is of what was never written: as hard as it gets. */
function hard(): Ratio {
  const history = Array.from({ length: 40 }, (_, id): Operation => {
    const input = id === 0 ? { key: 'k' } : { key: 'k', value: id };
    return {
      id,
      client: `c${id}`,
      name: id === 0 ? 'get' : 'put',
      input,
      value: -1,
      invokedMs: 0,
      endedMs: 1,
      type: 'ok',
    };
  });
  const stepsMax = 1_000_000;
  const { verdict, ...rest } = linearizable(registers(false), history, { stepsMax });
  if (verdict !== 'unknown') throw new Error(`Expected no answer within the budget, got ${verdict}.`);
  return ratioOf(
    'steps of a hard history until `unknown`, against its budget',
    'steps',
    rest.steps,
    stepsMax,
  );
}

/** What a check adds to the heap at its highest, without collecting in between. */
function memory(name: string, check: Check, history: readonly Operation[]): Ratio {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) throw new Error('Run with --expose-gc.');
  collect();
  const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  const judgement = check(history);
  const after = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  if (judgement.verdict !== 'ok') throw new Error(judgement.message);
  const mb = (after - before) / 1_048_576;
  return ratioOf(
    `heap that ${name} leaves behind for 100,000, garbage included, against 256 MB (less is better)`,
    'MB',
    mb,
    256,
  );
}

/** Time for each operation as histories grow; a budget; memory. */
export async function checkerRatios(): Promise<Ratio[]> {
  const keyed = (length: number): Operation[] => keyValueHistory(length, 100);
  return [
    await besideReading(),
    ...(await growth('linearizable, by key', linear, keyed, [LONG])),
    ...(await growth('linearizable, one key', linear, (length) => keyValueHistory(length, 1), [
      10_000,
      LONG,
    ])),
    ...(await growth('isolation of list-append transactions', isolated, listHistory, [LONG])),
    ...(await growth('session guarantees', sessions, keyed, [LONG])),
    hard(),
    memory('linearizable', linear, keyed(LONG)),
    memory('isolation', isolated, listHistory(LONG)),
  ];
}
