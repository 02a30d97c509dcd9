// The rows of `wavetank list`: four columns within the eighty of a terminal, each cell in as many lines as it
// takes.

import { padTo, wrapped } from '../report/text-width.ts';
import { visibleText } from '../report/visible-text.ts';

/** Two of indentation and three gaps of two make eighty. */
const WIDTHS = [18, 14, 20, 20] as const;
const GAP = '  ';

/** Lays a row out. @param paints - How what is beside the point is shown. */
export function listTable(
  cells: readonly (readonly string[])[],
  paints: { dim(text: string): string },
): string[] {
  const columns = cells.map((lines, i) => {
    const width = WIDTHS[i] ?? 0;
    return lines.flatMap((line) => wrapped(visibleText(line), { first: width, rest: width }));
  });
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) => {
    const texts = columns.map((lines, i) => padTo(lines[row] ?? '', WIDTHS[i] ?? 0));
    const [name = '', ...rest] = texts;
    return `  ${row === 0 ? name : paints.dim(name)}${GAP}${rest.join(GAP)}`.trimEnd();
  });
}
