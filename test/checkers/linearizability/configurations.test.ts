// The memory of a search tells every configuration from every other, whatever is open.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HistoryError } from '../../../src/errors.ts';
import { canonicalText } from '../../../src/checkers/canonical-text.ts';
import { Configurations, GrowingSet, States } from '../../../src/checkers/linearizability/configurations.ts';
import { KeyedRandom } from '../../../src/random/keyed.ts';

const SIZE = 100;

test('what was there is known, and nothing else', () => {
  const random = new KeyedRandom(1);
  let drawn = 0;
  const draw = (bound: number): number => random.below(bound, 1, drawn++);
  const configurations = new Configurations();
  const known = new Set<string>();
  let repeated = 0;
  // Whole words of members, none, and all but one: so that sets differ in little.
  const setOf = (): [GrowingSet, number[]] => {
    const set = new GrowingSet(SIZE);
    const words = Array.from({ length: 3 }, () => draw(4));
    const members = words.flatMap((kind, word) =>
      Array.from({ length: 32 }, (_, bit) => 32 * word + bit).filter(
        (member) => (kind === 1 && member % 32 !== 5) || (kind === 2 && member % 32 === 5) || kind === 3,
      ),
    );
    for (const member of members) set.add(member);
    return [set, members];
  };
  for (let i = 0; i < 20_000; i++) {
    const [certain, certainMembers] = setOf();
    const [uncertain, uncertainMembers] = setOf();
    const state = draw(2);
    const text = JSON.stringify([certainMembers, uncertainMembers, state]);
    assert.equal(configurations.add(certain, uncertain, state), !known.has(text), text);
    if (known.has(text)) repeated++;
    known.add(text);
  }
  assert.equal(configurations.size, known.size);
  assert.ok(repeated > 1_000 && known.size > 4_000, `${repeated} of ${known.size}`);
});

test('states are told apart by what they are, not by how they look', () => {
  const states = new States();
  const different = [
    1,
    '1',
    1n,
    null,
    undefined,
    'null',
    [1],
    '[1]',
    { a: 1 },
    { a: 1n },
    { a: '1' },
    [],
    {},
  ];
  const dates = [new Date(1), new Date(2), [undefined], [null], new Set([1]), new Map([[1, 1]])];
  const numbers = [...different, ...dates].map((state) => states.numberOf(state));
  assert.equal(new Set(numbers).size, different.length + dates.length);
  assert.equal(states.numberOf({ b: 1, a: [2] }), states.numberOf({ a: [2], b: 1 }));
  assert.equal(
    canonicalText({ ['__proto__']: 1 }),
    canonicalText(Object.assign({}, { a: 1 })).replace('a', '__proto__'),
  );
});

test('what is no plain data is refused', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  class Hidden {
    readonly #value = 1;
    get value(): number {
      return this.#value;
    }
  }
  for (const value of [cyclic, new Hidden(), /a/, Symbol('a'), [() => 1], new Error('no')])
    assert.throws(() => canonicalText(value), HistoryError);
});
