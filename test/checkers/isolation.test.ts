// The checker of transactions against histories that others have judged, and against a search through all
// cycles of the dependency graph.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isolated, type Isolation } from '../../src/checkers/transactions/isolation.ts';
import type { MicroOperation } from '../../src/checkers/transactions/transaction.ts';
import type { Operation } from '../../src/history/operation.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';
import { eventsOf, operationsOf } from './published.ts';

const HISTORIES = Number(process.env['WAVETANK_HISTORIES'] ?? 1_000);

function published(name: string): Isolation {
  const operations = operationsOf(eventsOf(`transactions/${name}`)).map((operation) => ({
    ...operation,
    input: (operation.input as { value: unknown }).value,
  }));
  return isolated(operations);
}

test('the example of the paper on Elle: a skewed read, found as one cycle', () => {
  const { verdict, level, anomalies } = published('paper-example.edn');
  assert.deepEqual([verdict, level], ['illegal', 'read committed']);
  assert.deepEqual(
    anomalies.map(({ kind }) => kind),
    ['G-single'],
  );
  assert.equal(
    anomalies[0]?.message,
    'G-single, T3 → T1 → T2 → T3: T3 (1) read 255 without the 8 that T1 (1) appended; ' +
      'T2 (1) read the 8 that T1 (1) had appended to 255; T3 (1) appended 3 to 256 after the 4 of T2 (1)',
  );
});

test('the history of a report to Elle: a skewed write', () => {
  const { level, anomalies } = published('list-append-gh-30.edn');
  assert.equal(level, 'snapshot isolation');
  assert.deepEqual(
    anomalies.map(({ kind }) => kind),
    ['G2-item'],
  );
});

interface Given {
  readonly steps: readonly MicroOperation[];
  readonly at?: readonly [number, number];
  readonly type?: 'ok' | 'fail' | 'info';
}

function historyOf(given: readonly Given[]): Operation[] {
  return given.map(({ steps, at = [0, 100], type = 'ok' }, id) => ({
    id,
    client: `c${id}`,
    name: 'transaction',
    input: steps,
    invokedMs: at[0],
    endedMs: at[1],
    type,
    ...(type === 'ok' ? { value: steps } : {}),
  }));
}

const r = (key: string, value: MicroOperation[2]): MicroOperation => ['r', key, value] as MicroOperation;
const append = (key: string, value: number): MicroOperation => ['append', key, value];
const w = (key: string, value: number): MicroOperation => ['w', key, value];

/** One history for each anomaly, with the strongest level that is left. */
const EXAMPLES: Readonly<Record<string, readonly [level: string, ...given: Given[]]>> = {
  G0: [
    'none',
    { steps: [append('x', 1), append('y', 1)] },
    { steps: [append('x', 2), append('y', 2)] },
    { steps: [r('x', [1, 2]), r('y', [2, 1])] },
  ],
  G1a: ['read uncommitted', { steps: [append('x', 1)], type: 'fail' }, { steps: [r('x', [1])] }],
  G1b: ['read uncommitted', { steps: [append('x', 1), append('x', 2)] }, { steps: [r('x', [1])] }],
  G1c: [
    'read uncommitted',
    { steps: [append('x', 1), r('y', [1])] },
    { steps: [append('y', 1), r('x', [1])] },
  ],
  internal: ['read committed', { steps: [append('x', 1), r('x', [])] }],
  'G-single': [
    'read committed',
    { steps: [r('x', []), r('y', [1])] },
    { steps: [append('x', 1), append('y', 1)] },
    { steps: [r('x', [1])] },
  ],
  'lost update': [
    'read committed',
    { steps: [r('x', null), w('x', 1)] },
    { steps: [r('x', null), w('x', 2)] },
  ],
  'G-nonadjacent': [
    'read committed',
    { steps: [append('x', 1), append('y', 1)], type: 'info' },
    { steps: [r('x', []), r('b', [1])] },
    { steps: [append('x', 2), append('a', 1)] },
    { steps: [r('a', [1]), r('y', [])] },
    { steps: [append('y', 2), append('b', 1)] },
    { steps: [r('x', [2]), r('y', [2])] },
  ],
  'G2-item': [
    'snapshot isolation',
    { steps: [r('x', []), append('y', 1)] },
    { steps: [r('y', []), append('x', 1)] },
  ],
  'G-single-realtime': [
    'serializable',
    { steps: [append('x', 1)], at: [0, 1] },
    { steps: [r('x', [])], at: [2, 3] },
    { steps: [r('x', [1])], at: [4, 5] },
  ],
  'incompatible order': [
    'none',
    { steps: [append('x', 1)] },
    { steps: [append('x', 2)] },
    { steps: [r('x', [1])] },
    { steps: [r('x', [2])] },
  ],
  'cyclic versions': ['none', { steps: [r('x', 1), w('x', 2)] }, { steps: [r('x', 2), w('x', 1)] }],
  'garbage read': ['none', { steps: [r('x', [7])] }],
  'duplicate element': ['none', { steps: [append('x', 1)] }, { steps: [r('x', [1, 1])] }],
  'duplicate write': ['none', { steps: [append('x', 1)] }, { steps: [append('x', 1)] }],
};

describe('each anomaly', () => {
  for (const [kind, [level, ...given]] of Object.entries(EXAMPLES)) {
    test(`${kind} is found, and leaves ${level}`, () => {
      const isolation = isolated(historyOf(given));
      assert.ok(
        isolation.anomalies.some((each) => each.kind === kind),
        isolation.message || 'nothing was found',
      );
      assert.equal(isolation.level, level, isolation.message);
    });
  }

  test('a history without reads shows nothing', () => {
    assert.equal(isolated(historyOf([{ steps: [append('x', 1)] }])).verdict, 'unknown');
  });
});

type Edge = readonly [from: number, to: number, kind: 'ww' | 'wr' | 'rw' | 'realtime'];

/** Every dependency by its definition, from lists whose order of versions is given. */
function edgesByDefinition(
  history: readonly Operation[],
  versions: ReadonlyMap<string, readonly number[]>,
): Edge[] {
  const stepsOf = ({ input }: Operation): readonly MicroOperation[] => input as MicroOperation[];
  const edges: Edge[] = [];
  for (const from of history) {
    for (const to of history) {
      if (from === to) continue;
      if ((from.endedMs ?? 0) < to.invokedMs) edges.push([from.id, to.id, 'realtime']);
      for (const [key, order] of versions) {
        for (const [i, value] of order.entries()) {
          const isWriter = (operation: Operation, of: number | undefined): boolean =>
            stepsOf(operation).some(([kind, k, v]) => kind === 'append' && k === key && v === of);
          const readsUpTo = (operation: Operation, count: number): boolean =>
            stepsOf(operation).some(
              ([kind, k, v]) => kind === 'r' && k === key && (v as number[]).length === count,
            );
          if (isWriter(from, value) && isWriter(to, order[i + 1])) edges.push([from.id, to.id, 'ww']);
          if (isWriter(from, value) && readsUpTo(to, i + 1)) edges.push([from.id, to.id, 'wr']);
          if (readsUpTo(from, i) && isWriter(to, value)) edges.push([from.id, to.id, 'rw']);
        }
      }
    }
  }
  return edges;
}

/** The strongest level that no simple cycle forbids, by trying them all. */
function levelByTrying(history: readonly Operation[], edges: readonly Edge[]): string {
  const LEVELS = [
    'none',
    'read uncommitted',
    'read committed',
    'snapshot isolation',
    'serializable',
    'strict serializable',
  ];
  let level = 5;
  const judge = (kinds: readonly Edge[2][]): void => {
    if (kinds.includes('realtime')) level = Math.min(level, 4);
    else {
      const rw = kinds.filter((kind) => kind === 'rw').length;
      const isAdjacent = kinds.some((kind, i) => kind === 'rw' && kinds[(i + 1) % kinds.length] === 'rw');
      if (rw === 0) level = Math.min(level, kinds.includes('wr') ? 1 : 0);
      else level = Math.min(level, rw === 1 || !isAdjacent ? 2 : 3);
    }
  };
  const walk = (path: readonly number[], kinds: readonly Edge[2][]): void => {
    for (const [from, to, kind] of edges) {
      if (from !== path.at(-1)) continue;
      if (to === path[0]) judge([...kinds, kind]);
      else if (!path.includes(to) && to > (path[0] as number)) walk([...path, to], [...kinds, kind]);
    }
  };
  for (const { id } of history) walk([id], []);
  return LEVELS[level] as string;
}

test(`${HISTORIES} histories: the same level as by trying every cycle`, () => {
  const random = new KeyedRandom(1);
  let drawn = 0;
  const draw = (bound: number): number => random.below(bound, 1, drawn++);
  const levels = new Map<string, number>();
  for (let i = 0; i < HISTORIES; i++) {
    const versions = new Map<string, number[]>();
    const count = 2 + draw(5);
    const steps: MicroOperation[][] = Array.from({ length: count }, () => []);
    for (const key of ['x', 'y', 'z'].slice(0, 1 + draw(3))) {
      const order: number[] = [];
      for (let value = draw(4); value > 0; value--) {
        const writer = draw(count);
        // One append a list and transaction: no state in mid-transaction.
        if (steps[writer]?.some(([kind, k]) => kind === 'append' && k === key)) continue;
        order.push(order.length + 1);
        steps[writer]?.push(['append', key, order.length]);
      }
      versions.set(key, order);
      for (const own of steps) {
        const isWriter = own.some(([kind, k]) => kind === 'append' && k === key);
        if (!isWriter && draw(2) === 0) own.push(['r', key, order.slice(0, draw(order.length + 1))]);
      }
    }
    // Somebody read all, so that the order is known; at a time at which it ends no other's.
    steps.push(Array.from(versions, ([key, order]) => ['r', key, order] as MicroOperation));
    const history = historyOf(
      steps.map((own, id) => {
        const began = id === count ? 0 : draw(10);
        return { steps: own, at: [began, id === count ? 100 : began + draw(6)] };
      }),
    );
    const { level, message } = isolated(history);
    const expected = levelByTrying(history, edgesByDefinition(history, versions));
    assert.equal(level, expected, `${JSON.stringify(history)}\n${message}`);
    levels.set(level, (levels.get(level) ?? 0) + 1);
  }
  assert.equal(levels.size, 6, JSON.stringify([...levels]));
});
