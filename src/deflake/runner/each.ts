// `test.each`: the rows of a table, and the names that Vitest and Jest make of them.

import { format } from 'node:util';

/** One test of a table. */
export interface Row {
  readonly name: string;
  readonly args: readonly unknown[];
}

/**
 * Makes a test of each row, for a name that may have `%s` and its like, `%#` for the number of the row, and
 * `$key` for what a row that is an object has there.
 */
export function rowsOf(table: readonly unknown[], rest: readonly unknown[], title: string): Row[] {
  const rows = isTemplate(table) ? templateRows(table, rest) : table;
  return rows.map((row, i) => {
    const args: readonly unknown[] = Array.isArray(row) ? row : [row];
    return { name: nameOf(title, args, i), args };
  });
}

function isTemplate(table: readonly unknown[]): table is TemplateStringsArray {
  return Array.isArray((table as { raw?: unknown }).raw);
}

/** A table in a template literal: its head names the columns, what is filled in are the cells. */
function templateRows(strings: TemplateStringsArray, cells: readonly unknown[]): unknown[] {
  const names = (strings[0] ?? '')
    .trim()
    .split('|')
    .map((name) => name.trim());
  const rows: unknown[] = [];
  for (let at = 0; at + names.length <= cells.length; at += names.length)
    rows.push(Object.fromEntries(names.map((name, i) => [name, cells[at + i]])));
  return rows;
}

function nameOf(title: string, args: readonly unknown[], number: number): string {
  const [first] = args;
  const isObject = typeof first === 'object' && first !== null;
  const keyed = title.replaceAll(/\$([\w.]+)/g, (whole, path: string) => {
    if (!isObject) return whole;
    const value = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], first);
    return value === undefined ? whole : typeof value === 'string' ? value : format('%j', value);
  });
  const numbered = keyed.replaceAll('%#', String(number)).replaceAll('%$', String(number + 1));
  const places = [...numbered.matchAll(/%[sdifjoOp]/g)].length;
  if (places === 0) return numbered;
  return format(numbered.replaceAll('%p', '%j'), ...args.slice(0, places));
}
