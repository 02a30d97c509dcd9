// What the table of Node.js says about some names: their fate on a host, and the test that shows it.

/** What becomes of something on a host. */
export type Fate = 'virtual' | 'pure' | 'trapped';

/** Some names that have one fate. */
export interface SurfaceGroup {
  readonly fate: Fate;
  /** Names with spaces between; `*` for all of a module. */
  readonly names: string;
  /** The file that shows it, below `test/` and without `.test.ts`. Pure things need none. */
  readonly test?: string;
  /** What there is to know, in a sentence. */
  readonly note?: string;
}

/** A part of Node.js: a module, a prototype or the globals. */
export type Surface = Readonly<Record<string, readonly SurfaceGroup[]>>;
