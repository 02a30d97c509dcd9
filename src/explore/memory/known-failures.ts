// The counterexamples that a scenario had before, in an exploration: replayed first, and added to.

import { basename, relative } from 'node:path';
import { RegressionsError, StaleReplayError } from '../../errors.ts';
import type { RunResult } from '../../scenario/result.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { runOnce } from '../../scenario/simulate.ts';
import { isOrigin, type Origin } from '../strategies/strategy.ts';
import { inputOf, refuseStale, remarksOn } from '../ticket-run.ts';
import { decodeToken } from '../token.ts';
import { ownVersion } from './own-version.ts';
import {
  addRegression,
  dropRegression,
  readRegressions,
  regressionsFile,
  type Regression,
} from './regressions.ts';

/** Whether an exploration reads the file of counterexamples, and whether it adds what it finds. */
export type RegressionsUse = 'write' | 'read' | 'off';

/** A known counterexample that fails again. */
export interface FailedAgain<Workload> {
  readonly token: string;
  readonly result: RunResult<Workload>;
  readonly remarks: readonly string[];
  /** Where it is not shrunk yet: the generated input whose workload it had. */
  readonly generated: Origin | undefined;
}

/** A run that failed in a way that is new, as it was found. */
export interface FoundRun {
  readonly number: number;
  /** Code and name of what failed. */
  readonly failed: string;
  readonly token: string;
  readonly generated: Origin;
}

/** A counterexample that is new. */
export interface NewFailure {
  readonly token: string;
  readonly result: RunResult;
  readonly message: string;
  readonly timeline: readonly string[];
}

const MESSAGE_MAX = 1_000;
const UNSHRUNK =
  'it passes, and was not shrunk when it was found, so nobody knows which of its faults mattered';

/** The known counterexamples of one scenario. */
export class KnownFailures<Workload> {
  /** What is wrong with the file, though it could be read. */
  remarks: readonly string[] = [];
  /** How many were replayed. */
  tried = 0;
  readonly #scenario: Scenario<Workload>;
  readonly #path: string | undefined;
  readonly #use: RegressionsUse;
  #entries: readonly Regression[] = [];
  /** The tokens of what was kept as it was found, by what failed. */
  readonly #found = new Map<string, string>();
  /** Why those that say nothing any more do not. */
  readonly #stale: string[] = [];

  constructor(scenario: Scenario<Workload>, use: RegressionsUse) {
    this.#scenario = scenario;
    this.#use = use;
    this.#path = use === 'off' ? undefined : regressionsFile(scenario);
  }

  /**
   * Reads the file.
   *
   * @returns whether there is anything to replay.
   * @throws {RegressionsError} If it cannot be used.
   */
  read(): boolean {
    if (this.#path === undefined) return false;
    const { entries, remarks } = readRegressions(this.#path, this.#use === 'write');
    this.remarks = remarks;
    this.#entries = entries.filter(({ scenario }) => scenario === this.#scenario.name);
    return this.#entries.length > 0;
  }

  /** Replays what {@link read} found, oldest first, until one fails. */
  async tryAll(isOver: () => boolean): Promise<FailedAgain<Workload> | undefined> {
    for (const entry of this.#entries) {
      if (isOver()) return undefined;
      const failed = await this.#tryOne(entry);
      if (failed !== undefined) return failed;
    }
    return undefined;
  }

  /** @throws {StaleReplayError} If there are some that say nothing any more. */
  refuseStale(): void {
    if (this.#stale.length === 0 || this.#path === undefined) return;
    const count =
      this.#stale.length === 1 ? 'a known counterexample' : `${this.#stale.length} known counterexamples`;
    throw new StaleReplayError(
      `nothing fails, but ${count} of ${relative(process.cwd(), this.#path)} cannot be told any more:\n` +
        `${this.#stale.join('\n')}\n` +
        '  Whether what they found is repaired is unknown. See that the scenario still can reach it, ' +
        'then delete the entry.',
    );
  }

  /** Whether new ones are kept. */
  get keeps(): boolean {
    return this.#path !== undefined && this.#use === 'write';
  }

  /** Keeps one as it was found, until {@link keep} has it shrunk: who ends the process then loses nothing. */
  keepFound({ number, failed, token, generated }: FoundRun): void {
    if (this.#path === undefined || !this.keeps || token === '') return;
    const message = `Found in run ${number}; the exploration was ended before it was shrunk.`;
    const entry: Regression = {
      ...{ scenario: this.#scenario.name, token, failed, message, timeline: [] },
      wavetank: ownVersion(),
      // An input far down an exploration takes long to generate again: it is not shrunk later.
      ...(isOrigin(generated) ? { generated } : {}),
    };
    try {
      if (addRegression(this.#path, entry)) this.#found.set(failed, token);
    } catch (error) {
      // Whoever keeps the one that is shrunk tells it.
      if (!(error instanceof RegressionsError)) throw error;
    }
  }

  /** No more is kept: what was found and cannot be told after all is dropped again. */
  end(): void {
    for (const token of this.#found.values()) {
      try {
        dropRegression(this.#path as string, token);
      } catch (error) {
        if (!(error instanceof RegressionsError)) throw error;
        this.remarks = [...this.remarks, error.message];
      }
    }
    this.#found.clear();
  }

  /** Keeps a new one. @returns what is worth a line. @throws {RegressionsError} If it cannot be written. */
  keep({ token, result, message, timeline }: NewFailure): string[] {
    const [violation] = result.violations;
    if (this.#path === undefined || !this.keeps || token === '' || violation === undefined) return [];
    const failed = violationName(result);
    addRegression(
      this.#path,
      {
        ...{ scenario: result.scenario, token, failed },
        ...{ message: message.slice(0, MESSAGE_MAX), timeline, wavetank: ownVersion() },
      },
      this.#found.get(failed),
    );
    this.#found.delete(failed);
    return [`kept in ${relative(process.cwd(), this.#path)}: replayed first from now on; commit it`];
  }

  async #tryOne({ token, failed, generated }: Regression): Promise<FailedAgain<Workload> | undefined> {
    this.tried++;
    try {
      const ticket = decodeToken(token);
      const result = await runOnce({
        scenario: this.#scenario,
        ...inputOf(this.#scenario, ticket),
        isRecorded: false,
      });
      if (result.verdict === 'illegal') {
        const known = `known: it is in ${basename(this.#path ?? '')}`;
        // The one that is shrunk takes its place.
        if (generated !== undefined) this.#found.set(violationName(result), token);
        return { token, result, remarks: [known, ...remarksOn(ticket, result)], generated };
      }
      if (generated !== undefined) throw new StaleReplayError(UNSHRUNK);
      refuseStale(ticket, result);
    } catch (error) {
      // Of a token, or of a run: the entry says nothing, which is told when all others were tried.
      const text =
        error instanceof StaleReplayError
          ? error.message
          : `${(error as Error).name}: ${(error as Error).message}`;
      this.#stale.push(
        `  ${failed}\n    ${text.replaceAll('\n', '\n    ')}\n    token ${token.slice(0, 40)}...`,
      );
    }
    return undefined;
  }
}

/** Code and name of what failed first. */
function violationName({ violations: [violation] }: RunResult): string {
  return `${violation?.code} ${violation?.name}`;
}
