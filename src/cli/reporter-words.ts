// Which reporters the words of `--reporter` choose, and where each writes.

import { join } from 'node:path';
import { nearMiss } from '../errors.ts';
import { REPORTERS, type ReporterKind } from '../report/reporters/table.ts';
import type { Words } from './command.ts';
import { UsageError } from './exit-code.ts';

/** The folder for reports. */
export const REPORT_FOLDER = '.wavetank';

/** A reporter and where it writes. */
export interface ChosenReporter {
  readonly name: string;
  readonly kind: ReporterKind;
  /** A file; undefined for what is printed. */
  readonly path: string | undefined;
}

const EXAMPLE = '--reporter junit:junit.xml';

/**
 * Reads the words: `NAME` or `NAME:DESTINATION`, several separated by commas; the destination `-` is the
 * standard output.
 *
 * Without any it is `default`, and `github` in a job of GitHub Actions.
 * @throws {UsageError} For an unknown name, a destination that two share, or two that print.
 */
export function chosenReporters(
  { reporter }: Words,
  env: Readonly<Record<string, string | undefined>>,
): ChosenReporter[] {
  const words = reporter as readonly string[] | undefined;
  if (words === undefined) {
    return [chosen('default'), ...(env.GITHUB_ACTIONS === 'true' ? [chosen('github')] : [])];
  }
  const all = words.flatMap((word) => word.split(',')).map(chosen);
  refuseSharedFile(all);
  refuseSharedOutput(all);
  return all;
}

function chosen(word: string): ChosenReporter {
  const colon = word.indexOf(':');
  const name = (colon === -1 ? word : word.slice(0, colon)).trim();
  const destination = colon === -1 ? undefined : word.slice(colon + 1).trim();
  if (name === '' || destination === '') {
    throw new UsageError(`Expected ${EXAMPLE} or --reporter junit, got "${word}".`);
  }
  const kind = Object.hasOwn(REPORTERS, name) ? REPORTERS[name] : undefined;
  if (kind === undefined) {
    throw new UsageError(`Unknown reporter "${name}"${nearMiss(name, Object.keys(REPORTERS))}`);
  }
  if (destination === '-') return { name, kind, path: undefined };
  const own = kind.file === undefined ? undefined : join(REPORT_FOLDER, kind.file);
  return { name, kind, path: destination ?? own };
}

function refuseSharedFile(all: readonly ChosenReporter[]): void {
  const owners = new Map<string, string>();
  for (const { name, path } of all) {
    if (path === undefined) continue;
    const plain = join(path);
    const owner = owners.get(plain);
    if (owner !== undefined) throw new UsageError(`The reporters ${owner} and ${name} both write ${path}.`);
    owners.set(plain, name);
  }
}

/** Lines that a machine obeys go between others; nothing goes beside what is read as a whole. */
function refuseSharedOutput(all: readonly ChosenReporter[]): void {
  const printing = all.filter(({ path }) => path === undefined);
  const hasWhole = printing.some(({ kind }) => kind.prints === 'whole');
  const [first, second] = hasWhole ? printing : printing.filter(({ kind }) => kind.prints !== 'commands');
  if (first === undefined || second === undefined) return;
  throw new UsageError(
    `The reporters ${first.name} and ${second.name} both print: give one of them a file, as in ${EXAMPLE}.`,
  );
}
