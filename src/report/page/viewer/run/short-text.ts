// Text for places that have little room: in one line, and cut. Pure; what is invisible is written out where
// elements are made.

/** A text in one line, cut to a number of characters. */
export function inOneLine(text: string, charactersMax: number = 200): string {
  return shortened(text.slice(0, charactersMax * 2 + 1).replace(/[\r\n\t]+/g, ' '), charactersMax);
}

/** Cuts a text, and says so by an ellipsis; never through a pair of surrogates. */
export function shortened(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  const cut = text.slice(0, Math.max(0, charactersMax - 1));
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** A value as JSON in one line, cut. */
export function jsonLine(value: unknown, charactersMax: number = 160): string {
  return inOneLine(JSON.stringify(value) ?? 'nothing', charactersMax);
}
