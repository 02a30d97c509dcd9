// What may vary between two runs of the same program besides faults: the random values that its code draws,
// and how long it takes for what costs no virtual time otherwise. Absent in ordinary runs.

/** Makes a run another legal one. Everything it answers must be a function of its arguments. */
export interface Variation {
  /** The seed of what code draws: `Math.random`, `crypto.randomUUID`. Default: the seed of the run. */
  readonly randomSeed?: number;
  /**
   * How many microseconds longer than usual the operating system or a thread takes for an operation: reading
   * a file, resolving a name, hashing.
   *
   * @param nth - Which operation of that name it is, counted from 1.
   */
  completionUs?(what: string, nth: number): number;
  /**
   * How many microseconds the code of a host took before it reads a clock.
   *
   * @param nth - Which reading of the host it is, counted from 1.
   */
  readingUs?(nth: number): number;
}
