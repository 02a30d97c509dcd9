// Text of the system under test as a reader should see it: what is invisible, or moves the text around it,
// is written out.

/** Control characters but tab and new line, what turns the direction of text, what has no width, halves. */
const INVISIBLE = new RegExp(
  String.raw`[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069]` +
    String.raw`|[\ufeff\ufff9-\ufffb]|\p{Cs}`,
  'gu',
);

/** Writes each invisible character as its code: `⟨U+202E⟩`. */
export function shownText(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return `⟨U+${code}⟩`;
  });
}
