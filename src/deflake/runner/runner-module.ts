// What stands in the place of a test runner's module, for one run.

/** See above. */
export interface RunnerModule {
  /** What `require` of the module is. */
  readonly module: unknown;
  /** Undoes what the file did to objects that outlive the run: spies, stubs, fake timers. */
  restore(): void;
}
