// Words that name one thing among many: `order-17`, a UUID. By them a sentence of a check, an operation, a
// message and a row of a store are seen to be about the same.

const WORD = /[\p{L}\p{N}_][\p{L}\p{N}_\-./:@]*/gu;
const NAMES_MAX = 3;
const LENGTH_MAX = 100;

/** Whether a word names one thing among many: it has letters and digits. */
export function isIdentifier(word: string): boolean {
  if (word.length < 3 || word.length > LENGTH_MAX || /\s/.test(word)) return false;
  return /\p{N}/u.test(word) && /\p{L}/u.test(word) && !/^[\d.]+(ms|s|us|µs|min|h|bytes|kB|MB)$/.test(word);
}

/**
 * What a sentence names, in its order. Of many names, those that it has more than once are what it is about;
 * else the first: `order-1 is missing, there are order-2, order-3, ...`.
 */
export function identifiersIn(sentence: string): string[] {
  const [prose = ''] = sentence.split(/\n +at /, 1);
  const words = (prose.match(WORD) ?? []).map((word) => word.replace(/[-./:@]+$/, '')).filter(isIdentifier);
  const names = [...new Set(words)];
  const repeated = names.filter((name) => words.indexOf(name) !== words.lastIndexOf(name));
  if (repeated.length > 0) return repeated.slice(0, NAMES_MAX);
  return names.length > NAMES_MAX ? names.slice(0, 1) : names;
}

/** Whether a text has an identifier in it, as a whole word. */
export function mentions(text: string, identifier: string): boolean {
  for (let at = text.indexOf(identifier); at >= 0; at = text.indexOf(identifier, at + 1)) {
    const [before = '', after = ''] = [text[at - 1], text[at + identifier.length]];
    if (!/[\p{L}\p{N}_]/u.test(before) && !/[\p{L}\p{N}_]/u.test(after)) return true;
  }
  return false;
}
