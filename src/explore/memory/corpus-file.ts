// What was news in earlier explorations of a scenario, on this machine: `.wavetank/corpus/NAME-HASH.json` in
// the working folder. A cache: it may be deleted at any time, and is not committed.

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describeValue } from '../../errors.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import {
  CORPUS_MAX,
  CORPUS_VERSION,
  boundedCorpus,
  isEntry,
  mergeCorpora,
  storable,
  type Entry,
} from '../corpus/entry.ts';
import { budgetName, fittingEntries } from '../corpus/fitting.ts';
import { ownVersion } from './own-version.ts';
import { changeShared, readShared, setAside } from './shared-file.ts';

const FOLDER = join('.wavetank', 'corpus');
const FORMAT = 'wavetank-corpus';
/** Counts up with each change of the format. */
const VERSION = CORPUS_VERSION;
const BYTES_MAX = 67_108_864;
const SLUG_MAX = 40;

/** What earlier explorations left. */
export interface StoredCorpus {
  /** How many there were. */
  readonly explorations: number;
  /** What they found, as far as the scenario has it now. */
  readonly entries: readonly Entry[];
}

/** The file of one scenario. */
export class CorpusFile {
  /** Relative to the working folder. */
  readonly path: string;
  /** What is worth a line: that it was damaged, say. */
  readonly remarks: string[] = [];
  readonly #scenario: Pick<Scenario, 'hosts' | 'faults'>;
  readonly #about: { readonly file: string; readonly scenario: string; readonly budget: string };

  constructor(scenario: Pick<Scenario, 'hosts' | 'faults' | 'name'>, source: string) {
    const file = relative(process.cwd(), source).split(sep).join('/');
    const hash = createHash('sha256')
      .update(JSON.stringify([file, scenario.name]))
      .digest('hex');
    const plain = scenario.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    this.path = join(FOLDER, `${plain.slice(0, SLUG_MAX)}-${hash.slice(0, 16)}.json`);
    this.#scenario = scenario;
    this.#about = { file, scenario: scenario.name, budget: budgetName(scenario) };
  }

  /** Reads it. One that cannot be used is put aside. @throws What reading and renaming throw. */
  read(): StoredCorpus {
    this.#refuseHuge();
    return this.#stored(readShared(this.path));
  }

  /**
   * Adds to it. Others that write at once lose nothing; who reads meanwhile reads it before or after.
   *
   * @param explorations - How many more there were.
   * @throws What reading, writing and renaming throw.
   */
  add(found: readonly Entry[], explorations: number): void {
    this.#keepFromGit();
    this.#refuseHuge();
    changeShared(this.path, (text) => {
      const stored = this.#stored(text);
      const entries = boundedCorpus(mergeCorpora(stored.entries, found.flatMap(storable)), CORPUS_MAX);
      return this.#printed({ explorations: stored.explorations + explorations, entries });
    });
  }

  /** A file that is there and cannot be used is put aside: nothing that somebody may want is lost. */
  #stored(text: string | undefined): StoredCorpus {
    if (text === undefined) return { explorations: 0, entries: [] };
    try {
      return this.#parsed(text);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      this.#putAside(error.message);
      return { explorations: 0, entries: [] };
    }
  }

  #refuseHuge(): void {
    const size = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > BYTES_MAX) this.#putAside(`is damaged: it has ${size} bytes, more than ${BYTES_MAX}`);
  }

  #putAside(what: string): void {
    try {
      this.remarks.push(
        `${this.path} ${what}: it was put aside as ${setAside(this.path)}, and is begun anew`,
      );
    } catch (error) {
      // Somebody else did.
      if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
    }
  }

  /** @throws {Damaged} If it is no such file of this scenario. */
  #parsed(text: string): StoredCorpus {
    const stored = jsonOf(text);
    if (stored['format'] !== FORMAT) throw wrong('format', `"${FORMAT}"`, stored['format']);
    const { version, explorations, entries, budget } = stored;
    if (typeof version === 'number' && version > VERSION)
      throw new Damaged(`was written by a newer wavetank (version ${version}, expected ${VERSION})`);
    if (version !== VERSION) throw wrong('version', String(VERSION), version);
    for (const key of ['file', 'scenario'] as const)
      if (stored[key] !== this.#about[key]) throw wrong(key, JSON.stringify(this.#about[key]), stored[key]);
    if (!Number.isSafeInteger(explorations)) throw wrong('explorations', 'a whole number', explorations);
    if (!Array.isArray(entries)) throw wrong('entries', 'a list', entries);
    for (const [i, entry] of entries.entries())
      if (!isEntry(entry)) throw wrong(`entries[${i}]`, 'an entry', entry);
    const isOurs = budget === this.#about.budget;
    const fitting = isOurs ? fittingEntries(this.#scenario, entries as Entry[]) : [];
    return { explorations: explorations as number, entries: boundedCorpus(fitting, CORPUS_MAX) };
  }

  /** An entry is a line. */
  #printed({ explorations, entries }: StoredCorpus): string {
    const head = { format: FORMAT, version: VERSION, wavetank: ownVersion(), ...this.#about, explorations };
    const lines = entries.map((entry) => JSON.stringify(entry)).join(',\n');
    return `${JSON.stringify(head).slice(0, -1)},"entries":[\n${lines}\n]}\n`;
  }

  /** Also where nobody told git to leave `.wavetank` alone. */
  #keepFromGit(): void {
    const path = join(dirname(this.path), '.gitignore');
    if (statSync(path, { throwIfNoEntry: false }) !== undefined) return;
    changeShared(path, (text) => (text === undefined ? '*\n' : undefined));
  }
}

class Damaged extends Error {}

function wrong(key: string, expected: string, got: unknown): Damaged {
  return new Damaged(`is damaged: expected ${key} to be ${expected}, got ${describeValue(got)}`);
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw new Damaged(`is damaged: ${(error as Error).message}`);
  }
}
