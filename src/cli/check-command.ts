// `wavetank check`: a short look before a commit. It begins with what can be under way while the rest is
// loaded.

import type { Words } from './command.ts';
import type { Surroundings } from './reporting.ts';

/** Checks the scenarios of files. @returns the exit code. */
export async function checkCommand(
  places: readonly string[],
  words: Words,
  surroundings: Surroundings,
): Promise<number> {
  const changed = words.changed === true ? (await import('./changed-files.ts')).changedFiles() : undefined;
  // Whoever waits for it is told; a mistake in the words comes first.
  changed?.catch(() => {});
  const { checkScenarios } = await import('./check-scenarios.ts');
  return checkScenarios(places, words, surroundings, changed);
}
