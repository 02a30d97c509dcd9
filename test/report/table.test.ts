// The table of a timeline stays within 80 columns, whatever names a system has.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainLine } from '../../src/report/story.ts';
import { table, type Row } from '../../src/report/table.ts';
import { widthOf } from '../../src/report/text-width.ts';

const row = (rest: Partial<Row> = {}): Row => ({
  part: 'event',
  atUs: 1_500,
  who: ['a', '→', 'b'],
  what: 'GET /',
  note: '',
  ...rest,
});
const shown = (rows: Parameters<typeof table>[0]): string[] => table(rows).map(plainLine);

describe('the table', () => {
  test('aligns its columns by what they take on a terminal', () => {
    const rows = [
      row({ who: ['注文', '→', 'b'], note: 'dropped' }),
      row({ who: ['orders'], what: 'crashes' }),
    ];
    assert.deepEqual(shown(rows), [
      '     1.5 ms  注文 → b  GET /  dropped',
      '     1.5 ms  orders    crashes',
    ]);
  });

  test('cuts names in their middle, and leaves the room that one does not need to the other', () => {
    const long = 'the-payments-service-of-europe-west';
    assert.deepEqual(shown([row({ who: [long, '→', 'b'], what: 'x' })]), [
      '     1.5 ms  the-payments-s…f-europe-west → b  x',
    ]);
    assert.deepEqual(shown([row({ who: [long, '→', long], what: 'x' })]), [
      '     1.5 ms  the-pay…e-west → the-pay…pe-west  x',
    ]);
  });

  test('fits into 80 columns, and shows the beginning of every cell', () => {
    const names = ['x'.repeat(60), '注文サービス'.repeat(9), 'short', '🚀'.repeat(40)];
    const notes = ['', 'delayed by 8000 ms, arrives twice, and more than that', 'dropped'];
    const rows = names.flatMap((name) =>
      notes.flatMap((note) => [
        row({ who: [name, '⇥', name], what: `POST /${name} #12`, note, atUs: 9_999_999_999_900 }),
        row({ who: [name], what: `prints: ${name}`, note }),
      ]),
    );
    const lines = shown([...rows, { part: 'fold', text: '... 31 more events that do not matter here' }]);
    assert.deepEqual(
      lines.filter((line) => widthOf(line) > 80),
      [],
    );
    const begins = lines.filter((line) => / ms {2}/.test(line));
    assert.equal(begins.length, rows.length);
    for (const line of begins) assert.match(line, /POST|prin/);
  });

  test('writes out what would not be seen', () => {
    const [line = ''] = shown([row({ who: ['a\u001b[2J', '→', 'b'], what: 'GET /\u202e', note: 'x\ny' })]);
    assert.equal(line, String.raw`     1.5 ms  a\x1b[2J → b  GET /\u202e  x ⏎ y`);
  });

  test('gives what a host says, or how its state changes, a few lines', () => {
    const what = 'word '.repeat(60).trim();
    const lines = shown([row({ who: ['a'], what }), row({ who: ['a'], what, role: 'change' })]);
    assert.equal(lines.length, 6);
    for (const [first, second, third] of [lines.slice(0, 3), lines.slice(3)]) {
      assert.match(first ?? '', / ms {2}a {2}word .*word$/);
      assert.match(second ?? '', /^ {16}word/);
      assert.match(third ?? '', /…$/);
    }
  });
});
