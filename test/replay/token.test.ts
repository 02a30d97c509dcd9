// The replay token carries every workload that a token can carry, and anything else that is pasted in its
// place is refused with a TokenError: quickly, and without a crash.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { TokenError } from '../../src/errors.ts';
import { decodeToken, encodeToken, type Ticket } from '../../src/explore/token.ts';
import { encodeValue } from '../../src/explore/value-codec.ts';

const ticket: Ticket = {
  scenario: 'checkout',
  seed: 8417,
  workload: [{ sku: 'kettle', quantity: 3 }],
  plan: {
    faults: [
      { kind: 'drop', from: 'payments', to: 'orders', message: 'response', label: 'POST /charge', nth: 1 },
    ],
    latency: 'calm',
    order: 'calm',
  },
  hash: '0123456789abcdef',
  failure: ['WT_INVARIANT', 'charged at most once'],
};
const token = encodeToken(ticket);

/** What JSON knows, and what the codec tags. */
const anyWorkload: fc.Arbitrary<unknown> = fc
  .anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSet: true })
  // Invalid dates are equal to nothing, on Node.js 20: they have a test of their own.
  .filter((workload) => !JSON.stringify(encodeValue(workload)).includes('["d",null]'));

/** A token whose checksum is right, around bytes of our own. */
function forged(packed: Buffer): string {
  return `wt1:${packed.toString('base64url')}.${crc32(packed).toString(36)}`;
}

function isRefused(text: string): void {
  assert.throws(
    () => decodeToken(text),
    (error) => error instanceof TokenError && error.code === 'WT_TOKEN' && error.message.length < 400,
    JSON.stringify(text.slice(0, 200)),
  );
}

describe('a replay token', () => {
  test('is one word that a shell takes as it is', () => {
    assert.match(token, /^wt1:[\w-]+\.[0-9a-z]+$/);
  });

  test('gives back every workload that JSON, or its tags, can carry', () => {
    const property = fc.property(anyWorkload, (workload) => {
      assert.deepEqual(decodeToken(encodeToken({ ...ticket, workload })), { ...ticket, workload });
    });
    fc.assert(property, { numRuns: 2_000, seed: 1 });
  });

  for (const [name, workload] of Object.entries<unknown>({
    nothing: undefined,
    'minus zero, NaN and the infinities': [-0, Number.NaN, Infinity, -Infinity],
    bytes: new Uint8Array([0, 1, 254, 255]),
    'a key "__proto__"': JSON.parse('{ "__proto__": { "polluted": true }, "constructor": 1 }'),
    'half a surrogate pair': { '\ud800': '\udfff' },
    'arrays that look like tags': [['u'], ['n', 'NaN'], ['b', '1'], ['a'], ['o', {}]],
    'maps in sets in maps': new Map([[new Set([new Map([[{ a: 1n }, undefined]])]), [new Date(0)]]]),
    'an object without a prototype': Object.assign(Object.create(null) as object, { a: [1] }),
  })) {
    test(`gives back ${name}`, () => {
      assert.deepEqual(decodeToken(encodeToken({ ...ticket, workload })).workload, workload);
    });
  }

  test('gives back an invalid date', () => {
    const { workload } = decodeToken(encodeToken({ ...ticket, workload: new Date(Number.NaN) }));
    assert.ok(workload instanceof Date && Number.isNaN(workload.getTime()));
  });

  for (const [name, workload] of Object.entries<unknown>({
    'a function': [() => 1],
    'a symbol': { a: Symbol('a') },
    'an instance of a class': [new URL('http://orders/')],
    'a typed array': new Int32Array(2),
    'a cycle': (() => {
      const loop: unknown[] = [];
      loop.push({ loop });
      return loop;
    })(),
    'more than a shell would take': 'x'.repeat(5_000_000),
  })) {
    test(`says that it cannot carry ${name}`, () => {
      assert.throws(() => encodeToken({ ...ticket, workload }), /^TypeError: a replay token cannot carry/);
    });
  }
});

describe('what is no replay token', () => {
  test('is refused when it is truncated, wherever', () => {
    for (let length = 0; length < token.length; length++) {
      isRefused(token.slice(0, length));
      if (length > 0) isRefused(token.slice(length));
    }
  });

  test('is refused when any one character is another, missing, or twice there', () => {
    const characters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:= ';
    for (let at = 0; at < token.length; at++) {
      const [before, after] = [token.slice(0, at), token.slice(at + 1)];
      for (const character of characters) {
        if (character !== token[at]) isRefused(`${before}${character}${after}`);
      }
      isRefused(before + after);
      isRefused(before + token[at]! + token[at]! + after);
    }
  });

  test('is refused when two characters changed places', () => {
    for (let at = 0; at + 1 < token.length; at++) {
      const swapped = `${token.slice(0, at)}${token[at + 1]!}${token[at]!}${token.slice(at + 2)}`;
      if (swapped !== token) isRefused(swapped);
    }
  });

  test('is refused when it is of another version, and the message says of which', () => {
    for (const version of ['wt0', 'wt2', 'wt11', 'wt999999']) {
      const message = new RegExp(`version "wt1", got one of "${version}"`);
      assert.throws(() => decodeToken(token.replace('wt1', version)), message);
    }
  });

  test('is refused when it is any string', () => {
    const shaped = fc.tuple(fc.base64String(), fc.string()).map(([body, sum]) => `wt1:${body}.${sum}`);
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), shaped), isRefused), {
      numRuns: 5_000,
      seed: 1,
    });
  });

  test('is refused when it has a right checksum around any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => isRefused(forged(Buffer.from(bytes)))),
      { numRuns: 2_000, seed: 1 },
    );
  });

  test('is refused, or read, but never crashes, when it has a right checksum around any JSON', () => {
    const [any, text, number] = [fc.jsonValue(), fc.string(), fc.nat()];
    const fields = fc.tuple(text, number, any, any, text, fc.oneof(any, fc.tuple(text, text)));
    const property = fc.property(fc.oneof(any, fields), (values) => {
      const json = JSON.stringify(values);
      try {
        const { scenario, plan } = decodeToken(forged(deflateRawSync(json)));
        const written = JSON.parse(json) as unknown[];
        assert.deepEqual([scenario, plan], [written[0], written[3]]);
      } catch (error) {
        assert.ok(error instanceof TokenError, String(error));
      }
    });
    fc.assert(property, { numRuns: 4_000, seed: 1 });
  });

  const bomb = (text: string): string => forged(deflateRawSync(text, { level: 9 }));
  const around = (workload: string): string => bomb(`["checkout",1,${workload},{},"0123",null]`);
  for (const [name, text] of Object.entries({
    'unfolds to a hundred megabytes': bomb(`"${'a'.repeat(100_000_000)}"`),
    'unfolds to deeply nested arrays': bomb('['.repeat(1_900_000) + ']'.repeat(1_900_000)),
    'unfolds to a deeply nested workload': around('["a",'.repeat(600_000) + '0' + ']'.repeat(600_000)),
    'unfolds to a number of millions of digits': around(`["b","${'9'.repeat(3_900_000)}x"]`),
    'unfolds to a map of nothing': around('["m",0,null]'),
    'is longer than any token': `wt1:${'A'.repeat(2_000_000)}.abc`,
    'is blank for a megabyte': ' '.repeat(1_000_000),
  })) {
    test(`is refused when it ${name}`, () => isRefused(text));
  }
});
