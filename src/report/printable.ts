// Text of the system under test, made fit to be printed: what a terminal would obey is shown instead.

/**
 * Characters that command a terminal, turn the direction of text around, or are none: control characters but
 * line breaks and tabs, marks and overrides of direction, halves of surrogate pairs.
 */
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Surrogate}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

/** Shows each of them by its code point: `\u{1b}`. XML 1.0 allows every character that is left. */
export function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(HIDDEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
