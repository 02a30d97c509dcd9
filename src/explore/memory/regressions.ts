// The counterexamples of the scenarios of a file, kept beside it: `checkout.sim.regressions.json`. Meant to
// be committed, so each entry is a few lines that git can merge.

import { relative } from 'node:path';
import { RegressionsError, describeValue } from '../../errors.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { isOrigin, type Origin } from '../strategies/strategy.ts';
import { changeShared, readShared, setAside } from './shared-file.ts';

const FORMAT = 'wavetank-regressions';
/** Counts up with each change after which an older reader could not read a file. */
const VERSION = 1;
const BYTES_MAX = 67_108_864;
const SCENARIO_FILE = /\.sim\.[cm]?[jt]s$/;

/** A counterexample that was found once. */
export interface Regression {
  readonly scenario: string;
  /** Makes the run again: `replay(scenario, token)`. */
  readonly token: string;
  /** Code and name of what failed: `WT_INVARIANT charged at most once`. */
  readonly failed: string;
  /** What was said of it. */
  readonly message: string;
  /** What led to it, shrunk, as a terminal shows it. */
  readonly timeline: readonly string[];
  /** The version of wavetank that found it. */
  readonly wavetank: string;
  /** Of one that is not shrunk yet: the generated input whose workload it has. */
  readonly generated?: Origin;
}

/** What there is. */
export interface Regressions {
  readonly entries: readonly Regression[];
  /** What is wrong with the file, though its entries could be read. */
  readonly remarks: readonly string[];
}

/** The file of a scenario; undefined for one that is in no scenario file. */
export function regressionsFile({ file }: Pick<Scenario, 'file'>): string | undefined {
  if (file === undefined || !SCENARIO_FILE.test(file)) return undefined;
  return file.replace(/\.[cm]?[jt]s$/, '.regressions.json');
}

/**
 * Reads a file.
 *
 * @param mayChange - Whether a damaged file may be put out of the way.
 * @throws {RegressionsError} If it cannot be read, is of a newer version, has conflicts that leave no JSON on
 *   one of their sides, or is damaged and may not be changed.
 */
export function readRegressions(path: string, mayChange: boolean): Regressions {
  const shown = relative(process.cwd(), path);
  const text = textOf(path, shown);
  if (text === undefined) return { entries: [], remarks: [] };
  if (hasConflict(text)) return mergedSides(text, shown);
  try {
    return { entries: parsed(text, shown), remarks: [] };
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    if (!mayChange) {
      throw new RegressionsError(
        `${shown} is damaged: ${error.message}. Restore it (\`git checkout -- ${shown}\`) or delete it; ` +
          'it keeps the counterexamples that were found before.',
      );
    }
    const aside = relative(process.cwd(), setAside(path));
    return {
      entries: [],
      remarks: [`${shown} is damaged (${error.message}): it was put aside as ${aside}, and is begun anew`],
    };
  }
}

/**
 * Adds an entry, unless it is there. Others that write at once lose nothing.
 *
 * @param insteadOf - The token of an entry that goes.
 * @returns whether it was added.
 * @throws {RegressionsError} If the file cannot be written, or read as it is now.
 */
export function addRegression(path: string, entry: Regression, insteadOf?: string): boolean {
  let isNew = false;
  changeRegressions(path, (before) => {
    const entries = before.filter(({ token }) => token !== insteadOf);
    isNew = !entries.some(({ token }) => token === entry.token);
    return isNew ? [...entries, entry] : entries;
  });
  return isNew;
}

/** Takes an entry out again. @throws {RegressionsError} As {@link addRegression} does. */
export function dropRegression(path: string, dropped: string): void {
  changeRegressions(path, (before) => before.filter(({ token }) => token !== dropped));
}

function changeRegressions(path: string, change: (before: Regression[]) => Regression[]): void {
  const shown = relative(process.cwd(), path);
  try {
    changeShared(path, (text) => {
      if (text !== undefined && hasConflict(text)) throw new RegressionsError(conflictText(shown));
      const before = text === undefined ? [] : parsed(text, shown);
      const entries = change(before);
      const isSame = entries.length === before.length && entries.every((entry, i) => entry === before[i]);
      return isSame ? undefined : printed(entries);
    });
  } catch (error) {
    if (error instanceof RegressionsError) throw error;
    throw new RegressionsError(`${shown} cannot be written: ${(error as Error).message}.`);
  }
}

class Damaged extends Error {}

function textOf(path: string, shown: string): string | undefined {
  let text: string | undefined;
  try {
    text = readShared(path);
  } catch (error) {
    throw new RegressionsError(`${shown} cannot be read: ${(error as Error).message}.`);
  }
  if (text === undefined || text.length <= BYTES_MAX) return text;
  throw new RegressionsError(`${shown} has ${text.length} characters, more than ${BYTES_MAX}.`);
}

function printed(entries: readonly Regression[]): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, counterexamples: entries }, undefined, 2)}\n`;
}

/** @throws {Damaged} If it is no such file. @throws {RegressionsError} If it is of a newer version. */
function parsed(text: string, shown: string): Regression[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Damaged((error as Error).message);
  }
  const { format, version, counterexamples } = (json ?? {}) as Record<string, unknown>;
  if (format !== FORMAT) throw new Damaged(`expected "format": "${FORMAT}", got ${describeValue(format)}`);
  if (typeof version === 'number' && version > VERSION) {
    throw new RegressionsError(
      `${shown} was written by a newer wavetank: expected version ${VERSION}, got ${version}. ` +
        'Update wavetank (`npm install wavetank@latest`).',
    );
  }
  if (version !== VERSION) throw new Damaged(`expected "version": ${VERSION}, got ${describeValue(version)}`);
  if (!Array.isArray(counterexamples)) {
    throw new Damaged(`expected "counterexamples" to be a list, got ${describeValue(counterexamples)}`);
  }
  return counterexamples.map((entry, i) => checked(entry, `counterexamples[${i}]`));
}

function checked(entry: unknown, at: string): Regression {
  if (typeof entry !== 'object' || entry === null) {
    throw new Damaged(`expected ${at} to be an object, got ${describeValue(entry)}`);
  }
  for (const key of ['scenario', 'token', 'failed', 'message', 'wavetank'] as const) {
    const value = (entry as Record<string, unknown>)[key];
    if (typeof value !== 'string') {
      throw new Damaged(`expected ${at}.${key} to be a string, got ${describeValue(value)}`);
    }
  }
  const { timeline } = entry as { timeline?: unknown };
  if (!Array.isArray(timeline) || !timeline.every((line) => typeof line === 'string')) {
    throw new Damaged(`expected ${at}.timeline to be a list of strings, got ${describeValue(timeline)}`);
  }
  const { generated } = entry as { generated?: unknown };
  if (generated !== undefined && !isOrigin(generated)) {
    throw new Damaged(
      `expected ${at}.generated to be { seed, nth } with whole numbers, got ${describeValue(generated)}`,
    );
  }
  return entry as Regression;
}

/** Begin, base (of `diff3`), middle and end of a conflict, each on a line of its own. */
const CONFLICT = /^<{7} .*\n([\s\S]*?)(?:^\|{7}.*\n[\s\S]*?)?^={7}\r?\n([\s\S]*?)^>{7} .*\n?/gm;

function hasConflict(text: string): boolean {
  return /^<{7} /m.test(text);
}

function conflictText(shown: string): string {
  return (
    `${shown} has conflict markers of git. Both sides are lists of counterexamples: keep the entries of ` +
    'both, and commit.'
  );
}

/** The entries of both sides, each once. */
function mergedSides(text: string, shown: string): Regressions {
  try {
    const sides = ['$1', '$2'].flatMap((side) => parsed(text.replace(CONFLICT, side), shown));
    const entries = [...new Map(sides.map((entry) => [entry.token, entry])).values()];
    return { entries, remarks: [`${conflictText(shown)} Until then those of both are replayed.`] };
  } catch (error) {
    if (error instanceof Damaged) throw new RegressionsError(conflictText(shown));
    throw error;
  }
}
