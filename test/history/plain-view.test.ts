// What a trace shows of values of the code under test, what it leaves alone, and that its patches lead from
// one to the next.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { applyPatches } from '../../src/history/apply-patches.ts';
import { PlainView, plainOf, VIEW_DEPTH_MAX, VIEW_VALUES_MAX } from '../../src/history/plain-view.ts';

class Shelf {
  readonly #rows = new Map([['kettle', 2]]);
  readonly label = 'kitchen';
  calls = 0;

  get total(): number {
    this.calls++;
    return 2;
  }

  entries(): [string, number][] {
    return [...this.#rows];
  }
}

describe('a plain view shows', () => {
  for (const [what, value, shown] of [
    [
      'plain data as it is',
      { a: [1, 'x', true, null], b: { c: 2 } },
      { a: [1, 'x', true, null], b: { c: 2 } },
    ],
    [
      'numbers that JSON has not, as texts',
      [Number.NaN, Number.NEGATIVE_INFINITY, 3n],
      ['NaN', '-Infinity', '3n'],
    ],
    ['dates', [new Date(0), new Date(Number.NaN)], ['1970-01-01T00:00:00.000Z', 'Invalid Date']],
    [
      'maps by key',
      new Map<unknown, unknown>([
        ['a', 1],
        [2, 'b'],
        [3n, null],
      ]),
      { a: 1, 2: 'b', '3n': null },
    ],
    ['maps whose keys are no texts as pairs', new Map([[{ a: 1 }, 2]]), [[{ a: 1 }, 2]]],
    ['sets as lists', new Set([1, 'x']), [1, 'x']],
    ['bytes as base64', Buffer.from('hi'), '(2 bytes) aGk='],
    ['errors by their message', { error: new TypeError('no') }, { error: 'Error: no' }],
    ['fields of a class, and what it lists', new Shelf(), { label: 'kitchen', calls: 0, kettle: 2 }],
    ['nothing of functions, symbols and promises', { f() {}, s: Symbol('s'), p: Promise.resolve(1) }, {}],
    ['a place for what a list has and nobody sees', [() => {}, 1], [null, 1]],
  ] as [string, unknown, unknown][]) {
    test(what, () => assert.deepEqual(plainOf(value), shown));
  }

  test('what contains itself once', () => {
    const loop: Record<string, unknown> = { name: 'loop' };
    loop['self'] = loop;
    assert.deepEqual(plainOf(loop), { name: 'loop', self: '(circular)' });
  });

  test('the variables of a program, which are getters of its exports, and no other getters', () => {
    const exported = Object.defineProperties(
      {},
      {
        count: { get: () => 3, enumerable: true },
        later: { get: () => assert.fail('not yet'), enumerable: true },
        inner: {
          get: () => ({
            get asked() {
              return assert.fail('asked');
            },
          }),
          enumerable: true,
        },
      },
    );
    const view = new PlainView();
    view.look(exported, true);
    assert.deepEqual(view.value, { count: 3, inner: {} });
    view.look(exported);
    assert.deepEqual(view.value, {});
  });
});

test('a plain view runs no code of the value but its `entries()`, and that where it is told', () => {
  const asked = (): never => assert.fail('code of the value ran');
  class List extends Array<number> {
    override [Symbol.iterator](): never {
      return asked();
    }
  }
  class Odd extends Map<string, number> {
    override forEach(): never {
      return asked();
    }
    override get size(): number {
      return asked();
    }
  }
  const list = new List();
  list[0] = 1;
  const value = {
    get getter() {
      return asked();
    },
    proxy: new Proxy({}, { get: asked, ownKeys: asked, getPrototypeOf: asked, has: asked }),
    list,
    odd: new Odd(),
    toJSON: asked,
  };
  assert.deepEqual(plainOf(value), { list: [1], odd: {} });
  const shelf = new Shelf();
  let calls = 0;
  const view = new PlainView((act) => {
    calls++;
    return act();
  });
  view.look(shelf);
  assert.deepEqual([calls, shelf.calls], [1, 0]);
});

test('what a collection lists without end, or cannot list, does no harm', () => {
  class Endless {
    *entries(): Generator<number> {
      for (let i = 0; ; i++) yield i;
    }
  }
  class Broken {
    entries(): never {
      throw new Error('closed');
    }
  }
  assert.equal((plainOf(new Endless()) as unknown[]).length, VIEW_VALUES_MAX - 1);
  assert.deepEqual(plainOf({ broken: new Broken() }), { broken: {} });
});

test('a plain view is cut where a value is too deep, too large or too long, and says so', () => {
  const view = new PlainView();
  view.look(Array.from({ length: VIEW_VALUES_MAX - 1 }, (_, i) => i));
  assert.equal(view.isCut, false);
  view.look(Array.from({ length: VIEW_VALUES_MAX + 5 }, (_, i) => i));
  assert.deepEqual([view.isCut, (view.value as unknown[]).length], [true, VIEW_VALUES_MAX - 1]);
  let deep: unknown = 'bottom';
  for (let i = 0; i <= VIEW_DEPTH_MAX; i++) deep = { deep };
  const deeper = new PlainView();
  deeper.look(deep);
  assert.equal(deeper.isCut, true);
  assert.match(JSON.stringify(deeper.value), /"\(deeper\)"/);
  const long = new PlainView();
  long.look('x'.repeat(5_000));
  assert.deepEqual([long.isCut, (long.value as string).length], [true, 4_097]);
});

describe('the patches of a plain view', () => {
  const changes = (before: unknown, after: unknown): unknown => {
    const view = new PlainView();
    view.look(before);
    return view.look(after);
  };

  test('name what changed, and only that', () => {
    assert.deepEqual(changes({ a: 1, b: { c: [1, 2] } }, { a: 1, b: { c: [1, 3, 4] }, d: 5 }), [
      { op: 'replace', path: ['b', 'c', 1], value: 3 },
      { op: 'add', path: ['b', 'c', 2], value: 4 },
      { op: 'add', path: ['d'], value: 5 },
    ]);
    assert.deepEqual(changes({ a: [1, 2, 3], b: 1 }, { a: [1] }), [
      { op: 'replace', path: ['a', 'length'], value: 1 },
      { op: 'remove', path: ['b'] },
    ]);
    assert.deepEqual(changes({ a: { b: 1 } }, { a: [1] }), [{ op: 'replace', path: ['a'], value: [1] }]);
    assert.deepEqual(changes({ a: 1 }, { a: 1 }), []);
  });

  test('begin with the whole, and end with nothing', () => {
    const view = new PlainView();
    assert.deepEqual(view.look({ a: 1 }), [{ op: 'replace', path: [], value: { a: 1 } }]);
    assert.deepEqual(view.look(undefined), [{ op: 'replace', path: [], value: undefined }]);
  });

  test('follow a value that is changed in place', () => {
    const live = { rows: new Map([['a', { n: 1 }]]) };
    const view = new PlainView();
    view.look(live);
    const before = view.value;
    live.rows.get('a')!.n = 2;
    live.rows.set('b', { n: 3 });
    assert.deepEqual(view.look(live), [
      { op: 'replace', path: ['rows', 'a', 'n'], value: 2 },
      { op: 'add', path: ['rows', 'b'], value: { n: 3 } },
    ]);
    assert.deepEqual(before, { rows: { a: { n: 1 } } }, 'what was shown before stays');
  });

  test('lead from any value to any other', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 6 }), (values) => {
        const view = new PlainView();
        let state: unknown;
        for (const each of values) {
          const shown = view.value;
          const patches = view.look(structuredClone(each));
          state = applyPatches(state, patches);
          assert.deepEqual(state, view.value);
          assert.deepEqual(state, plainOf(each));
          if (patches.length === 0) assert.equal(view.value, shown, 'nothing changed, nothing is copied');
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

test('patches of immer are applied as immer means them', () => {
  const before = { list: ['a', 'b'], set: ['x', 'y'], map: { k: 1 } };
  const after = applyPatches(before, [
    { op: 'remove', path: ['set', 0], value: 'y' },
    { op: 'add', path: ['list', 1], value: 'between' },
    { op: 'remove', path: ['map', 'k'] },
    { op: 'replace', path: ['new'], value: 1 },
  ]);
  assert.deepEqual(after, { list: ['a', 'between', 'b'], set: ['x'], map: {}, new: 1 });
  assert.deepEqual(before, { list: ['a', 'b'], set: ['x', 'y'], map: { k: 1 } });
});
