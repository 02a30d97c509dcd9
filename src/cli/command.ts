// What a command of the command line is. `commands.ts` lists them; each is loaded when it is called.

import type { ParseArgsConfig } from 'node:util';
import type { Surroundings } from './reporting.ts';

/** Which options there are, as `parseArgs` takes them. */
export type OptionTable = NonNullable<ParseArgsConfig['options']>;

/** The options of a call as words, by their names without dashes. */
export type Words = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** Runs a command. @returns the exit code. */
export type RunCommand = (
  positionals: readonly string[],
  words: Words,
  surroundings: Surroundings,
) => Promise<number>;

/** A command, before it is loaded: a call costs what its own command needs. */
export interface Command {
  /** Its lines of `wavetank --help`. */
  readonly help: string;
  readonly options: OptionTable;
  readonly load: () => Promise<RunCommand>;
}
