// The laws of replicated data types accept five that are right, and reject one variant for each law that is
// broken, with the smallest counterexample in words.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { OperationCrdt, StateCrdt } from '../../../src/checkers/convergence/crdt.ts';
import { operationCrdtLaws } from '../../../src/checkers/convergence/operation-laws.ts';
import { stateCrdtLaws } from '../../../src/checkers/convergence/state-laws.ts';

type Counts = Readonly<Record<string, number>>;

const sum = (counts: Counts): number => Object.values(counts).reduce((total, each) => total + each, 0);

function maxima(left: Counts, right: Counts): Counts {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return Object.fromEntries(Array.from(keys, (key) => [key, Math.max(left[key] ?? 0, right[key] ?? 0)]));
}

const plus = (counts: Counts, replica: string): Counts => ({
  ...counts,
  [replica]: (counts[replica] ?? 0) + 1,
});

const gCounter: StateCrdt<Counts, 'increment'> = {
  name: 'grow-only counter',
  initial: {},
  operation: fc.constant('increment'),
  apply: (state, _, { replica }) => plus(state, replica),
  merge: maxima,
  value: sum,
};

const pnCounter: StateCrdt<{ up: Counts; down: Counts }, 'increment' | 'decrement'> = {
  name: 'counter',
  initial: { up: {}, down: {} },
  operation: fc.constantFrom('increment', 'decrement'),
  apply: ({ up, down }, operation, { replica }) =>
    operation === 'increment' ? { up: plus(up, replica), down } : { up, down: plus(down, replica) },
  merge: (left, right) => ({ up: maxima(left.up, right.up), down: maxima(left.down, right.down) }),
  value: ({ up, down }) => sum(up) - sum(down),
};

interface Stamped {
  readonly value: number;
  readonly stamp: number;
}

const lwwRegister: StateCrdt<Stamped, number> = {
  name: 'register',
  initial: { value: 0, stamp: -1 },
  operation: fc.nat({ max: 3 }),
  apply: (_, value, { stamp }) => ({ value, stamp }),
  merge: (left, right) => (left.stamp >= right.stamp ? left : right),
  value: ({ value }) => value,
};

interface SetOperation {
  readonly kind: 'add' | 'remove';
  readonly item: string;
}

const setOperation: fc.Arbitrary<SetOperation> = fc.record({
  kind: fc.constantFrom('add' as const, 'remove' as const),
  item: fc.constantFrom('x', 'y'),
});

const union = <Item>(left: ReadonlySet<Item>, right: ReadonlySet<Item>): Set<Item> =>
  new Set([...left, ...right]);

interface Tagged {
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

/** Elements are tags `item#stamp`; a removal takes those away that it has seen. */
const orSet: StateCrdt<Tagged, SetOperation> = {
  name: 'observed-remove set',
  initial: { added: new Set(), removed: new Set() },
  operation: setOperation,
  apply({ added, removed }, { kind, item }, { stamp }) {
    if (kind === 'add') return { added: union(added, new Set([`${item}#${stamp}`])), removed };
    return {
      added,
      removed: union(removed, new Set([...added].filter((tag) => tag.startsWith(`${item}#`)))),
    };
  },
  merge: (left, right) => ({
    added: union(left.added, right.added),
    removed: union(left.removed, right.removed),
  }),
  value: ({ added, removed }) =>
    new Set([...added].filter((tag) => !removed.has(tag)).map((tag) => tag.split('#')[0])),
};

const twoPhaseSet: StateCrdt<Tagged, SetOperation> = {
  ...orSet,
  name: 'two-phase set',
  apply: ({ added, removed }, { kind, item }) =>
    kind === 'add'
      ? { added: union(added, new Set([item])), removed }
      : { added, removed: added.has(item) ? union(removed, new Set([item])) : removed },
};

const RIGHT: readonly StateCrdt<never, never>[] = [
  gCounter,
  pnCounter,
  lwwRegister,
  orSet,
  twoPhaseSet,
] as never;

describe('the laws of state-based types hold for', () => {
  for (const crdt of RIGHT) {
    test(crdt.name, () => {
      const { verdict, message } = stateCrdtLaws(crdt, { runs: 1_000 });
      assert.equal(verdict, 'ok', message);
    });
  }
});

/** Each breaks the law that it is named for, with the smallest counterexample. */
const BROKEN: Readonly<Record<string, readonly [crdt: unknown, message: string]>> = {
  commutative: [
    { ...lwwRegister, merge: (left: Stamped, right: Stamped) => (right.stamp >= 0 ? right : left) },
    'register is not commutative: merging b into a and a into b are not the same: ' +
      '{"stamp":1,"value":0} and {"stamp":0,"value":0}, after a did 0, b did 0',
  ],
  associative: [
    {
      ...gCounter,
      // The mean of both: equal states stay what they are.
      merge: (left: Counts, right: Counts) =>
        Object.fromEntries(['a', 'b', 'c'].map((key) => [key, ((left[key] ?? 0) + (right[key] ?? 0)) / 2])),
      essence: (counts: Counts) => ['a', 'b', 'c'].map((key) => counts[key] ?? 0),
    },
    'grow-only counter is not associative: merging a with b and then c, or b with c first, ' +
      'are not the same: {"a":0.25,"b":0,"c":0} and {"a":0.5,"b":0,"c":0}, after a did "increment"',
  ],
  idempotent: [
    {
      ...gCounter,
      merge: (left: Counts, right: Counts) =>
        Object.fromEntries(
          [...new Set([...Object.keys(left), ...Object.keys(right)])].map((key) => [
            key,
            (left[key] ?? 0) + (right[key] ?? 0),
          ]),
        ),
    },
    'grow-only counter is not idempotent: a merged with itself, and a: ' +
      '{"a":2} and {"a":1}, after a did "increment"',
  ],
  inflationary: [
    {
      ...orSet,
      // What is removed is forgotten: a merge with one that has not heard of it brings it back.
      apply: ({ added, removed }: Tagged, { kind, item }: SetOperation) =>
        kind === 'add'
          ? { added: union(added, new Set([item])), removed }
          : { added: new Set([...added].filter((each) => each !== item)), removed },
    },
    'observed-remove set is not inflationary: a merged with a after one more ' +
      '{"item":"x","kind":"remove"}, and that: ' +
      '{"added":Set{"x"},"removed":Set{}} and {"added":Set{},"removed":Set{}}, after a did ' +
      '{"item":"x","kind":"add"}, c did {"item":"x","kind":"remove"}',
  ],
  pure: [
    {
      ...gCounter,
      get initial() {
        return {};
      },
      apply: (state: Record<string, number>, _: unknown, { replica }: { replica: string }) => {
        state[replica] = (state[replica] ?? 0) + 1;
        return state;
      },
    },
    'grow-only counter is not pure: a function changed the states that it was given',
  ],
  convergent: [
    // Two writes of one time: each replica keeps its own.
    { ...lwwRegister, apply: (_: Stamped, value: number) => ({ value, stamp: 0 }) },
    'register is not convergent: replicas that have seen everything differ',
  ],
};

describe('a variant is rejected that is not', () => {
  for (const [law, [crdt, message]] of Object.entries(BROKEN)) {
    test(law, () => {
      const { verdict, broken } = stateCrdtLaws(crdt as StateCrdt<never, never>);
      assert.equal(verdict, 'illegal');
      const found = broken.find((each) => each.law === law);
      assert.ok(found?.message.startsWith(message), broken.map((each) => each.message).join('\n'));
    });
  }
  test('able to take what it reaches', () => {
    const throwing: StateCrdt<Counts, 'increment'> = {
      ...gCounter,
      merge() {
        throw new Error('no merge today');
      },
    };
    assert.match(stateCrdtLaws(throwing).message, /is not commutative: it threw Error: no merge today/);
  });
});

const opCounter: OperationCrdt<number, number, number> = {
  name: 'counter by effects',
  initial: 0,
  operation: fc.integer({ min: -2, max: 2 }),
  prepare: (_, by) => by,
  effect: (state, by) => state + by,
  value: (state) => state,
};

type Effect = { readonly add: string } | { readonly remove: readonly string[] };

const opSet: OperationCrdt<ReadonlySet<string>, SetOperation, Effect> = {
  name: 'observed-remove set by effects',
  initial: new Set(),
  operation: setOperation,
  prepare: (state, { kind, item }, { stamp }) =>
    kind === 'add'
      ? { add: `${item}#${stamp}` }
      : { remove: [...state].filter((tag) => tag.startsWith(item)) },
  effect: (state, effect) =>
    'add' in effect
      ? union(state, new Set([effect.add]))
      : new Set([...state].filter((tag) => !effect.remove.includes(tag))),
  value: (state) => new Set(Array.from(state, (tag) => tag.split('#')[0])),
};

describe('the law of operation-based types', () => {
  test('holds for a counter and an observed-remove set', () => {
    assert.equal(operationCrdtLaws(opCounter, { runs: 1_000 }).message, '');
    assert.equal(operationCrdtLaws(opSet, { runs: 1_000 }).message, '');
  });
  test('does not hold for a register without times', () => {
    const register: OperationCrdt<number, number, number> = {
      ...opCounter,
      name: 'register',
      effect: (_, by) => by,
    };
    const { broken } = operationCrdtLaws(register);
    assert.deepEqual(
      broken.map(({ law }) => law),
      ['commutative', 'convergent'],
    );
    assert.match(
      broken[0]?.message ?? '',
      /^register is not commutative: -?\d and -?\d in this order and in the other leave -?\d and -?\d, when/,
    );
    assert.match(broken[1]?.message ?? '', /replicas that have got all effects differ: a has -?\d, b has/);
  });
});
