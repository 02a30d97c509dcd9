// Any value as plain JSON: nothing of it runs, nothing breaks the report, nothing is too long.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shownText, shownValue } from '../../src/report/shown-value.ts';

class Order {
  id = 1;
  get total(): number {
    return assert.fail('a getter was called');
  }
  toJSON(): unknown {
    return assert.fail('toJSON was called');
  }
}
const cycle: { self?: unknown } = {};
cycle.self = cycle;
const hostile = new Proxy({}, { ownKeys: () => assert.fail('no keys for you') });
const withGetter = Object.defineProperty({}, 'x', { get: () => assert.fail('called'), enumerable: true });
const protoKey: unknown = JSON.parse('{"__proto__":{"isAdmin":true},"constructor":1}');

const rows: readonly [string, unknown, unknown][] = [
  ['undefined', [undefined], ['[undefined]']],
  ['a big integer', 12n, '[12n]'],
  ['numbers that JSON has not', [Number.NaN, -Infinity, -0, 0.5], ['[NaN]', '[-Infinity]', '[-0]', 0.5]],
  ['a function and a symbol', [() => 1, Symbol('s')], ['[function (anonymous)]', '[Symbol(s)]']],
  ['a date', [new Date(0), new Date(Number.NaN)], ['1970-01-01T00:00:00.000Z', '[Invalid Date]']],
  ['a map with names', new Map([['a', 1n]]), { '[Map]': { a: '[1n]' } }],
  ['a map with other keys', new Map([[1, 'a']]), { '[Map]': [[1, 'a']] }],
  ['a set', new Set([1]), { '[Set]': [1] }],
  ['an instance of a class', new Order(), { '[class]': 'Order', id: 1 }],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
  [
    'an error with a cause and fields',
    Object.assign(new TypeError('no', { cause: 'why' }), { code: 'E' }),
    { '[Error]': 'TypeError: no', code: 'E', cause: 'why' },
  ],
  ['a cycle', cycle, { self: '[cycle]' }],
  ['bytes', new Uint8Array([1, 2, 3]), { '[Uint8Array]': 'AQID', byteLength: 3 }],
  ['a buffer', new ArrayBuffer(2), { '[ArrayBuffer]': 'AAA=', byteLength: 2 }],
  ['halves of characters', 'a\ud83dz\udc00', String.raw`a\ud83dz\udc00`],
  ['whole characters', '😀', '😀'],
  ['an address and a pattern', [new URL('http://a/'), /x/g], ['http://a/', '[/x/g]']],
  ['a getter', withGetter, { x: '[getter]' }],
  ['what refuses to be read', hostile, '[unreadable: no keys for you]'],
];

describe('a value in a report', () => {
  for (const [what, value, shown] of rows) {
    test(`shows ${what}`, () => {
      const told = shownValue(value);
      assert.deepEqual(told, shown);
      assert.deepEqual(JSON.parse(JSON.stringify(told)), told);
    });
  }

  test('shows a key `__proto__` as a key, and changes no prototype', () => {
    const told = shownValue(protoKey) as { isAdmin?: unknown };
    assert.deepEqual(Object.keys(told), ['__proto__', 'constructor']);
    assert.equal(told.isAdmin, undefined);
    assert.equal(JSON.stringify(told), '{"__proto__":{"isAdmin":true},"constructor":1}');
  });

  test('cuts what is long, and says how much', () => {
    assert.equal(shownText('x'.repeat(2_010), 10), `${'x'.repeat(10)}... [2,000 more characters]`);
    assert.equal(shownText('12345678901', 10), '1234567890... [1 more character]');
    assert.deepEqual(shownValue([1, 2, 3, 4], { entriesMax: 2 }), [1, 2, '[2 more items]']);
    assert.deepEqual(shownValue({ a: 1, b: 2 }, { entriesMax: 1 }), { a: 1, '[more]': '1 more key' });
    assert.deepEqual(shownValue([[[1]]], { depthMax: 2 }), [['[more]']]);
    assert.deepEqual(shownValue(new Uint8Array(9), { bytesMax: 3 }), {
      '[Uint8Array]': 'AAAA',
      byteLength: 9,
    });
  });

  test('does not grow without end where a value is shared many times', () => {
    let shared: unknown = 'x';
    for (let i = 0; i < 30; i++) shared = [shared, shared];
    assert.ok(JSON.stringify(shownValue(shared, { valuesMax: 1_000 })).length < 100_000);
  });
});
