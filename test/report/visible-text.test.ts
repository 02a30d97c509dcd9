// Text from the system under test: nothing in it moves the cursor, turns the direction or hides.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { visibleJson, visibleLines, visibleText } from '../../src/report/visible-text.ts';

describe('visible text', () => {
  for (const [text, visible] of [
    ['plain, with ümlauts, 日本語 and 👩‍👩‍👧', 'plain, with ümlauts, 日本語 and 👩‍👩‍👧'],
    ['\u001b[31mred\u001b[0m', String.raw`\x1b[31mred\x1b[0m`],
    ['a\tb\rc\u0000d\u007f\u009b', String.raw`a\tb\rc\x00d\x7f\x9b`],
    ['abc\u202egnp.exe', String.raw`abc\u202egnp.exe`],
    ['\u2066x\u2069\u200e\u200f\u061c', String.raw`\u2066x\u2069\u200e\u200f\u061c`],
    ['zero\u200bwidth\ufeff\u00ad', String.raw`zero\u200bwidth\ufeff\xad`],
    ['half \ud83d', String.raw`half \ud83d`],
    ['tag \u{e0041}', String.raw`tag \u{e0041}`],
    ['two\nlines\u2028three', String.raw`two ⏎ lines\u2028three`],
  ] as const) {
    test(`shows ${JSON.stringify(text)}`, () => {
      assert.equal(visibleText(text), visible);
    });
  }

  test('keeps the lines of a text apart', () => {
    assert.deepEqual(visibleLines('a\r\nb\u001bc\n'), ['a', String.raw`b\x1bc`, '']);
  });

  test('is JSON still, where it was JSON', () => {
    const value = { text: '\u001b[2J \u202e \u{e0041} \u2028 \ud83d "quoted"', list: [1, null] };
    const json = visibleJson(value);
    assert.deepEqual(JSON.parse(json), value);
    assert.equal(visibleText(json), json);
    assert.equal(visibleJson(undefined), 'null');
  });
});
