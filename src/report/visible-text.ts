// Text from the system under test as a terminal may show it: what would move the cursor, turn the direction
// or hide itself is written out.

/** Short names of what has one. */
const NAMES: Readonly<Record<string, string>> = { '\t': String.raw`\t`, '\r': String.raw`\r` };

/**
 * Control characters, the marks that change the direction of text, what has no width, line separators, halves
 * of surrogate pairs, and tags. The joiners of emoji and of Indic and Arabic letters stay.
 */
const INVISIBLE = new RegExp(
  [
    String.raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f]`,
    String.raw`[\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]`,
    String.raw`[\u{e0000}-\u{e007f}]`,
  ].join('|'),
  'gu',
);

/** A text in one line, in which everything can be seen. */
export function visibleText(text: string): string {
  return text
    .replace(/\r?\n/g, ' ⏎ ')
    .replace(INVISIBLE, (character) => NAMES[character] ?? written(character));
}

/** The same for each line of a text. */
export function visibleLines(text: string): string[] {
  return text.split(/\r?\n/).map(visibleText);
}

/** A value as JSON in one line, in which everything can be seen, and which is JSON still. */
export function visibleJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.replace(INVISIBLE, (character) =>
    Array.from({ length: character.length }, (_, i) => {
      const unit = character.charCodeAt(i).toString(16).padStart(4, '0');
      return String.raw`\u${unit}`;
    }).join(''),
  );
}

function written(character: string): string {
  const code = character.codePointAt(0) as number;
  const digits = code.toString(16);
  if (code < 0x100) return String.raw`\x${digits.padStart(2, '0')}`;
  return code < 0x10000 ? String.raw`\u${digits.padStart(4, '0')}` : String.raw`\u{${digits}}`;
}
