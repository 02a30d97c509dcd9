// Secrets of the system under test are masked in all reports: by the names under which they stand, and then
// wherever they stand. What a mask does is here; how one is made, in masker.ts.

/** Masks what is secret: the same secret the same way, wherever it stands in one report. */
export interface Mask {
  /** In running text: `password=...`, `Bearer ...`, JSON, queries, and what was a secret elsewhere. */
  text(text: string): string;
  /** A header of a message. */
  header(header: readonly [name: string, value: string]): [name: string, value: string];
  /** A plain value; `path`: the keys under which it stands. */
  value(value: unknown, path?: readonly (string | number)[]): unknown;
  /** The keys under which something stands. */
  path(path: readonly (string | number)[]): (string | number)[];
}

/** Masks nothing. */
export const noMask: Mask = {
  text: (text) => text,
  header: ([name, value]) => [name, value],
  value: (value) => value,
  path: (path) => [...path],
};
