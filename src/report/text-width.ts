// How many columns a text takes on a terminal, and how it is cut and wrapped to fit.

/** What takes two columns: East Asian wide and full-width characters, and what is drawn as an emoji. */
const WIDE = new RegExp(
  [
    String.raw`[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4c6]`,
    String.raw`[\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]`,
    String.raw`[\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]`,
    String.raw`\p{Emoji_Presentation}`,
  ].join('|'),
  'u',
);
/** What joins the character before it. */
const JOINED = /\p{Mn}|\p{Me}|\u200c|\u200d|[\ufe00-\ufe0f]/u;
/** Text that needs no closer look. */
const PLAIN = /^[\u0020-\u007e]*$/;

/** The columns that a text takes. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += widthOfCharacter(character);
  return columns;
}

function widthOfCharacter(character: string): number {
  if (JOINED.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Fills a text with spaces up to a width. */
export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

/** A text without its end, where it is too wide. */
export function cutEnd(text: string, columns: number): string {
  return widthOf(text) <= columns ? text : `${begin(text, columns - 1).trimEnd()}…`;
}

/** A text without its middle, where it is too wide: of names and paths both ends tell most. */
export function cutMiddle(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  const tail = Math.floor((columns - 1) / 2);
  return `${begin(text, columns - 1 - tail)}…${end(text, tail)}`;
}

function begin(text: string, columns: number): string {
  let taken = '';
  let left = columns;
  for (const character of text) {
    left -= widthOfCharacter(character);
    if (left < 0) break;
    taken += character;
  }
  return taken;
}

function end(text: string, columns: number): string {
  const characters = Array.from(text);
  let left = columns;
  let from = characters.length;
  while (from > 0 && left - widthOfCharacter(characters[from - 1] as string) >= 0) {
    from--;
    left -= widthOfCharacter(characters[from] as string);
  }
  return characters.slice(from).join('');
}

/**
 * Breaks a text into lines between its words; a word that is wider than a line is broken, too.
 *
 * @param widths.first - Columns of the first line; those after it have `widths.rest`.
 */
export function wrapped(text: string, widths: { first: number; rest: number }): string[] {
  const lines: string[] = [];
  let line = '';
  const room = (): number => (lines.length === 0 ? widths.first : widths.rest);
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= room()) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (widthOf(line) > room()) {
      const part = begin(line, room());
      lines.push(part);
      line = line.slice(part.length);
    }
  }
  return [...lines, line];
}
