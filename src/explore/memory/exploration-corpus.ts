// The corpus of one exploration: what it begins with, what it finds, and that it is kept for the next one,
// also if this one is killed.

import type { Scenario } from '../../scenario/scenario.ts';
import type { BlockRules } from '../block-runs.ts';
import { CORPUS_MAX, boundedCorpus, mergeCorpora, type Entry } from '../corpus/entry.ts';
import { CorpusFile } from './corpus-file.ts';
import type { CheckedCorpusUse } from './corpus-use.ts';

/** Real milliseconds between two times that it is kept: what is found meanwhile may be lost. */
const KEEP_EVERY_MS = 2_000;

/** Goes on from what earlier explorations found to be news. */
export class ExplorationCorpus {
  /** Undefined where none is used. */
  #file: CorpusFile | undefined;
  readonly #remarks: string[] = [];
  #began: readonly Entry[] = [];
  /** What was found, without what was known. */
  #found: readonly Entry[] = [];
  #isBegun = false;
  #isCounted = false;
  #keepAtMs = 0;

  constructor(
    scenario: Pick<Scenario, 'hosts' | 'faults' | 'name' | 'file'>,
    { isUsed, refusal }: CheckedCorpusUse,
  ) {
    const { file } = scenario;
    if (isUsed && file !== undefined) this.#file = new CorpusFile(scenario, file);
    const why = isUsed && file === undefined ? 'it is unknown which file the scenario is in' : refusal;
    if (why !== undefined) this.#remarks.push(`no corpus was used: ${why}`);
  }

  /**
   * Reads what there is.
   *
   * @returns The seed of the exploration: each goes on with the next one, since the same seed would draw
   *   again what was drawn before.
   */
  begin(seed: number): number {
    const stored = this.#tried('read', (file) => file.read());
    if (stored === undefined) return seed;
    this.#isBegun = true;
    this.#began = stored.entries;
    this.#keepAtMs = performance.now() + KEEP_EVERY_MS;
    return (seed + stored.explorations) >>> 0;
  }

  /** What those who make the runs have to know. */
  rules(): Pick<BlockRules, 'corpus'> {
    return this.#began.length === 0 ? {} : { corpus: this.#began };
  }

  /** Takes in what a block found. */
  add(harvest: readonly Entry[]): void {
    if (this.#file === undefined || harvest.length === 0) return;
    const merged = mergeCorpora(this.#began, this.#found, harvest);
    const began = new Set(this.#began);
    const found = merged.filter((entry) => !began.has(entry));
    this.#found = found.length > 2 * CORPUS_MAX ? boundedCorpus(found, CORPUS_MAX) : found;
    if (performance.now() >= this.#keepAtMs) this.#keep();
  }

  /** No more comes. */
  end(): void {
    this.#keep();
  }

  /** What is worth a line. */
  get remarks(): string[] {
    const said = [...this.#remarks, ...(this.#file?.remarks ?? [])];
    if (!this.#isBegun) return said;
    const began = `${this.#began.length} ${this.#began.length === 1 ? 'run that was' : 'runs that were'}`;
    const where = this.#file === undefined ? '' : `: ${this.#file.path}`;
    return [...said, `began with ${began} news before, and found ${this.#found.length} more${where}`];
  }

  #keep(): void {
    if (!this.#isBegun) return;
    this.#tried('written', (file) => file.add(this.#found, this.#isCounted ? 0 : 1));
    this.#isCounted = true;
    this.#keepAtMs = performance.now() + KEEP_EVERY_MS;
  }

  /** Does something with the file; a cache that cannot be used keeps nobody from exploring. */
  #tried<Result>(doing: string, action: (file: CorpusFile) => Result): Result | undefined {
    const file = this.#file;
    if (file === undefined) return undefined;
    try {
      return action(file);
    } catch (error) {
      this.#remarks.push(
        ...file.remarks,
        `${file.path} cannot be ${doing}, so what is news is not kept: ${(error as Error).message}`,
      );
      this.#file = undefined;
      return undefined;
    }
  }
}
