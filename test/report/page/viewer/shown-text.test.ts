// What cannot be seen is written out, everything else is as it was.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownText } from '../../../../src/report/page/viewer/shown-text.ts';

test('leaves text of any language as it is', () => {
  for (const text of ['', 'a\tb\nc', 'Grüße, 世界', 'שלום', 'مرحبا', '👩‍👩‍👧', '𝒳', '<b>&amp;', '\ufffd']) {
    assert.equal(shownText(text), text);
  }
});

test('writes out controls, marks of direction, what has no width, and halves of characters', () => {
  assert.equal(shownText('a\u202Eb'), 'a⟨U+202E⟩b');
  assert.equal(shownText('\0\u001b[31m\r'), '⟨U+0000⟩⟨U+001B⟩[31m⟨U+000D⟩');
  assert.equal(shownText('\u200b\ufeff\u2066\u2028'), '⟨U+200B⟩⟨U+FEFF⟩⟨U+2066⟩⟨U+2028⟩');
  assert.equal(shownText('\ud83d x \ude00'), '⟨U+D83D⟩ x ⟨U+DE00⟩');
});
