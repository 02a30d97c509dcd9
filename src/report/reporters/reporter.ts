// What a reporter is: something that is told how an exploration goes, and prints or writes what it makes of
// it. One file each; `table.ts` lists them.

import type { ReportDocument, ScenarioReport } from '../document.ts';

/** Where a reporter prints: the terminal, a pipe, or a file that appears when everything is over. */
export interface Output {
  readonly isTerminal: boolean;
  print(content: string | Uint8Array): void;
  /** Shows a line that the next call replaces; nothing where there is no terminal. */
  progress(text: string): void;
  bold(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  dim(text: string): string;
}

/** How far the exploration of one scenario is. */
export interface ScenarioProgress {
  readonly phase: 'exploring' | 'shrinking';
  readonly runs: number;
  readonly shrinkRuns: number;
  readonly virtualMs: number;
  /** Real milliseconds since it began. */
  readonly elapsedMs?: number;
  /** Real milliseconds until no further run begins, where there is a limit. */
  readonly leftMs?: number;
  /** Where there is a limit of runs. */
  readonly runsLeft?: number;
  /** What failed so far, by what makes failures alike. */
  readonly failures?: readonly { readonly code: string; readonly name: string; readonly runs: number }[];
}

/**
 * A reporter. Each method is called in this order, `begin` to `ended` once for each scenario; nothing goes on
 * while one is waited for.
 */
export interface Reporter {
  begin?(scenario: string): void;
  progress?(progress: ScenarioProgress): void;
  ended?(scenario: ScenarioReport): void | Promise<void>;
  /** Everything is over. The document has all scenarios, those as well for which `ended` was called. */
  end?(document: ReportDocument): void | Promise<void>;
}

/** What a reporter is given. */
export interface ReporterTools {
  readonly output: Output;
  /** The version of the package, as it stands in documents. */
  readonly versions: Pick<ReportDocument, 'wavetank'>;
  /** Writes a file into the folder for reports. @returns its path, or why there is none. */
  readonly save: (name: string, content: string | Uint8Array) => string;
  /** Adds to the summary of a job, where the machine that runs it has such a thing. */
  readonly summarize?: (markdown: string) => void;
  /** What leads from the root of the repository to the working folder, as in `packages/shop`; or nothing. */
  readonly folder?: string;
  /** The real clock, in milliseconds. */
  readonly nowMs: () => number;
}

/** Makes a reporter. */
export type MakeReporter = (tools: ReporterTools) => Reporter;
