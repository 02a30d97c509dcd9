import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shown } from '../../models/words.ts';

test('values are written as a person would, and strange ones are not the end of it', () => {
  const within: { self?: unknown } = {};
  within.self = within;
  const cases: [unknown, string][] = [
    ['a "b"', String.raw`"a \"b\""`],
    [[1, [true, null]], '[1, [true, null]]'],
    [{ key: 'x', to: {} }, '{ key: "x", to: {} }'],
    [undefined, 'undefined'],
    [10n ** 20n, '100000000000000000000n'],
    [[1n], '[1n]'],
  ];
  for (const [value, text] of cases) assert.equal(shown(value), text);
  assert.match(shown(within), /^\{ self: \{ self: .*: … .*\}$/);
});
