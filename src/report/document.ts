// The report document: what explorations and replays found, as plain JSON. Every reporter reads it,
// `--reporter json` prints it, `blob` stores it, and the HTML page carries it.

import type { Evidence } from '../history/evidence.ts';
import type { Operation } from '../history/operation.ts';
import type { TraceEntry } from '../history/trace.ts';
import type { StoryLine } from './story.ts';

/** Counts up with each change after which an older reader would misread a document. */
export const DOCUMENT_VERSION = 1;

/** What one call of the command line, or one exploration, found. */
export interface ReportDocument {
  readonly format: 'wavetank-report';
  readonly version: typeof DOCUMENT_VERSION;
  /** The version of the package, and of Node.js. */
  readonly wavetank: string;
  readonly node: string;
  readonly scenarios: readonly ScenarioReport[];
}

/** What an exploration or a replay came to. */
type Outcome = 'passed' | 'failed' | 'unmet' | 'vacuous' | 'diverged' | 'escaped' | 'stale' | 'interrupted';

/** What became of one scenario. */
export interface ScenarioReport {
  readonly name: string;
  /** Its file, relative to the working folder, with forward slashes; and the line that defines it. */
  readonly file?: string;
  readonly line?: number;
  readonly tags: readonly string[];
  /** The base seed. */
  readonly seed: number;
  /**
   * `unmet`: every run passed, and all together break a service level. `escaped`: a host called what cannot
   * be simulated. `stale`: a replay that says nothing any more.
   */
  readonly outcome: Outcome;
  /** Why it did not pass, where no run failed; of a replay that passed, what that means. */
  readonly message?: string;
  readonly runs: number;
  readonly shrinkRuns: number;
  /** Runs that were made twice and compared. */
  readonly repeated: number;
  readonly unsurvivable: number;
  /** How many known counterexamples were replayed first; absent where none were. */
  readonly known?: number;
  /** What else is worth a line: that a file was damaged, say. */
  readonly remarks?: readonly string[];
  /** How far it came with all runs within a bound, where it was to make them. */
  readonly extent?: ExtentReport;
  /** What one machine of several made of the exploration, for `wavetank merge-reports`. */
  readonly part?: PartReport;
  readonly virtualMs: number;
  readonly steps: number;
  /** Real time that it took; 0 where nobody measured. */
  readonly elapsedMs: number;
  readonly reached: Readonly<Record<string, number>>;
  readonly undecided: Readonly<Record<string, number>>;
  readonly struck: Readonly<Record<string, number>>;
  readonly crashed: Readonly<Record<string, number>>;
  readonly statistics?: Statistics;
  readonly failure?: FailureReport;
  /** What failed in other ways than `failure`. */
  readonly otherFailures?: readonly OtherFailureReport[];
}

/** How far an exploration came that makes all runs within a bound. */
export interface ExtentReport {
  /** Whether nothing is left to try within the bound. */
  readonly isComplete: boolean;
  /** How far it came, in words: `complete within this bound: ...`, or `not complete: ...` */
  readonly text: string;
  /** What the bound is, in words. */
  readonly bound: string;
  /** The kinds of faults of the budget that are not within it. */
  readonly outside: readonly string[];
  readonly runs: number;
  /** Orders that differ in more than what commutes, under all sets of faults together. */
  readonly orders: number;
  /** The sets of faults that were begun and struck, the empty one included. */
  readonly faultSets: number;
  /** Runs that were cut off at a state which was there before. */
  readonly merged: number;
  /** How many runs are known to be left, at least. */
  readonly left: number;
  /** How many runs the whole takes, about. */
  readonly runsEstimated: number;
}

/** A part of an exploration. */
export interface PartReport {
  /** From 1. */
  readonly index: number;
  readonly of: number;
  readonly seed: number;
  /** Of the whole exploration; null where there was no limit. */
  readonly runs: number | null;
  readonly strategy: string;
  readonly repeatEvery: number;
  readonly bail: boolean;
  /** What became of each block of runs, as the version of wavetank that made it keeps it. */
  readonly blocks: readonly unknown[];
}

/** What all runs of an exploration together show. Times are virtual milliseconds. */
export interface Statistics {
  readonly routes: readonly RouteStatistics[];
  readonly queues: readonly QueueStatistics[];
  /** After how many runs how many distinct behaviours had been seen. */
  readonly discovery: readonly { readonly runs: number; readonly behaviours: number }[];
  /** An estimate of the chance that one more drawn run shows a behaviour that none has shown, 0 to 1. */
  readonly chanceOfNew?: number;
  /** Of how many runs that were drawn it is made: the others were listed, or made of earlier ones. */
  readonly drawnRuns?: number;
  /** What failed, by what makes two failures alike. */
  readonly failures: readonly { readonly signature: string; readonly runs: number; readonly seed: number }[];
  /** Earlier explorations of the scenario, oldest first, where somebody kept them. */
  readonly past?: readonly PastExploration[];
  /** The service levels of the scenario, over all runs. */
  readonly levels?: readonly LevelStatistics[];
}

/** An earlier exploration of a scenario. */
export interface PastExploration {
  /** When, as ISO 8601. */
  readonly at: string;
  readonly runs: number;
  readonly failures: number;
}

/** How a service level came out. */
export interface LevelStatistics {
  /** `POST /checkout: p99 at most 800.0 ms, in calm`. */
  readonly title: string;
  readonly during: 'calm' | 'storm' | 'all';
  readonly verdict: 'ok' | 'illegal' | 'unknown';
  /** What is wrong, or why nobody knows; empty for `ok`. */
  readonly message: string;
  readonly samples: number;
  /** How many of them are beyond the bounds. */
  readonly beyond: number;
  /** In virtual microseconds, or in requests at once. */
  readonly distribution?: {
    readonly unit: 'us' | 'requests';
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
    readonly buckets: readonly { readonly upTo: number; readonly count: number }[];
  };
  /** The runs that did worst by it, the worst first. */
  readonly worst: readonly { readonly seed: number; readonly text: string }[];
}

/**
 * How long requests of one name to one host took, as their clients saw it; or operations of one name, of all
 * clients. Percentiles are at most 0.8 percent too high.
 */
export interface RouteStatistics {
  /** `POST /checkout`; `GET /orders/:id` where parts of the path have digits; the name of an operation. */
  readonly route: string;
  /** `clients` for operations. */
  readonly host: string;
  readonly kind?: 'operation';
  readonly requests: number;
  /** How many had no answer, or one of 500 and above. */
  readonly errors: number;
  /** How many of these nobody answered as long as their sender waited: they took at least so long. */
  readonly unanswered?: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** How many took at most so long, and longer than the one before. */
  readonly histogram: readonly { readonly upToMs: number; readonly count: number }[];
}

/** How many requests a host was working on at once, whenever one arrived. */
export interface QueueStatistics {
  readonly host: string;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** A counterexample. */
export interface FailureReport {
  readonly code: string;
  /** The check, host or limit. */
  readonly name: string;
  readonly message: string;
  readonly atMs: number;
  readonly step: number;
  readonly host: string;
  readonly token: string;
  readonly replayLine: string;
  /** What it was when it was found, where it was shrunk. */
  readonly found?: { readonly operations: number; readonly faults: number };
  /** What else is worth a line: whether a replay was the very run of its token. */
  readonly remarks?: readonly string[];
  /** The faults that remain: without any of them, something else happens. */
  readonly faults: readonly RemainingFault[];
  /** The story as the terminal tells it, without colours. */
  readonly story: readonly string[];
  /** The same with what each part of it is, for who colours it. */
  readonly storyLines?: readonly StoryLine[];
  readonly run: RunReport;
  /** What the failure depends on, as places in `run.trace`, in order. */
  readonly slice: readonly number[];
  readonly evidence?: Evidence;
  /** The nearest run that passes: the same without one of the faults. */
  readonly neighbour?: NeighbourReport;
}

/** Runs that failed in another way than the counterexample that is told. */
export interface OtherFailureReport {
  readonly code: string;
  readonly name: string;
  /** How many runs failed like this. */
  readonly runs: number;
  readonly seed: number;
  readonly message: string;
  readonly token: string;
  readonly replayLine: string;
}

/** A fault of a counterexample, and what happens without it. */
export interface RemainingFault {
  readonly kind: string;
  readonly text: string;
  /** What happens without it: "it passes", or another failure. Absent where nobody tried. */
  readonly without?: string;
}

/** A run beside the one that failed. */
export interface NeighbourReport {
  /** The fault that it is without, as a place in `faults`. */
  readonly without: number;
  readonly run: RunReport;
  /** Where the two differ first: places in the trace of the failed run, and of this one. */
  readonly difference?: { readonly failed?: number; readonly passed?: number; readonly text: string };
}

/** One recorded run. Values of the system under test are shown as JSON has them; long ones are cut. */
export interface RunReport {
  readonly seed: number;
  readonly hash: string;
  readonly verdict: string;
  readonly virtualMs: number;
  /** What wall clocks showed at virtual time 0, in milliseconds since 1970. Default: 1704067200000. */
  readonly epochMs?: number;
  readonly steps: number;
  readonly workload: unknown;
  readonly hosts: readonly string[];
  readonly clients: readonly string[];
  readonly history: readonly Operation[];
  readonly trace: readonly TraceEntry[];
  /** What was cut or left out so that the report is not too large, in words; absent where nothing was. */
  readonly cuts?: readonly string[];
}
