// Builds the report document: of each scenario, what an exploration or a replay gave back or threw. What it
// is made from is described by its shape alone, as a report runs nothing.

import { relative, sep } from 'node:path';
import { buildFailure, type ReportedFailure } from './build-failure.ts';
import { DOCUMENT_VERSION } from './document.ts';
import type {
  ExtentReport,
  OtherFailureReport,
  PartReport,
  ReportDocument,
  ScenarioReport,
  Statistics,
} from './document.ts';
import { fitFailure } from './fit.ts';
import type { MaskOptions } from './masking/secret-names.ts';
import { maskFor, type ReportedRun } from './shown-run.ts';
import { shownText } from './shown-value.ts';

/** A scenario, as far as a report needs it. */
export interface ReportedScenario {
  readonly name: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly tags: readonly string[];
  readonly hosts: ReadonlyMap<string, unknown>;
  /** Which names stand for secrets. */
  readonly report: MaskOptions;
}

/** What an exploration counts. */
export interface ReportedExploration {
  readonly seed: number;
  readonly runs: number;
  readonly virtualMs: number;
  readonly steps: number;
  readonly reached: Readonly<Record<string, number>>;
  readonly undecided: Readonly<Record<string, number>>;
  readonly struck: Readonly<Record<string, number>>;
  readonly crashed: Readonly<Record<string, number>>;
  readonly repeated: number;
  readonly unsurvivable: number;
  readonly isInterrupted: boolean;
  readonly known?: number;
  readonly extent?: ExtentReport;
  readonly remarks?: readonly string[];
  readonly part?: PartReport;
  readonly statistics?: Statistics;
}

/** What became of a scenario. */
export interface Found {
  readonly scenario: ReportedScenario;
  /** What `explore` or `replay` gave back, or threw. */
  readonly came: unknown;
  /** The base seed, where what came does not tell. Default 1. */
  readonly seed?: number;
  /** Real milliseconds that it took. Default 0: nobody measured. */
  readonly elapsedMs?: number;
  /** Files are told relative to it. Default: the working folder. */
  readonly folder?: string;
}

const MESSAGE_MAX = 16_384;

/**
 * Builds a document of what became of scenarios.
 *
 * @param versions - Of the package; of Node.js, by default that of this process.
 */
export function reportDocument(
  scenarios: readonly ScenarioReport[],
  { wavetank, node = process.versions.node }: { readonly wavetank: string; readonly node?: string },
): ReportDocument {
  return { format: 'wavetank-report', version: DOCUMENT_VERSION, wavetank, node, scenarios: [...scenarios] };
}

/**
 * Builds the report of one scenario from what `explore` or `replay` gave back or threw.
 *
 * @throws Whatever came that none of them gives or throws for a finding: a usage error, a fault of our own.
 */
export function scenarioReport(found: Found): ScenarioReport {
  const { scenario, came, seed = 1, elapsedMs = 0 } = found;
  const hosts = [...scenario.hosts.keys()];
  const base = { ...whereabouts(scenario, found.folder), ...NO_COUNTS, seed, elapsedMs };
  if (isFailure(came)) {
    const { runs, exploration } = came;
    return {
      ...base,
      seed: exploration === undefined ? came.result.seed : seed,
      virtualMs: came.result.virtualMs,
      steps: came.result.steps,
      runs: runs.explored,
      ...(exploration === undefined ? {} : countsOf(exploration)),
      outcome: 'failed',
      shrinkRuns: runs.shrinking,
      failure: fitFailure(buildFailure(came, hosts)),
      ...othersOf(came),
    };
  }
  if (came instanceof Error) {
    const outcome = OUTCOMES[String((came as { code?: unknown }).code)];
    if (outcome === undefined) throw came;
    const { exploration } = came as { exploration?: ReportedExploration };
    const counts = exploration === undefined ? {} : countsOf(exploration);
    const message = maskFor(scenario.report, hosts, []).text(shownText(came.message, MESSAGE_MAX));
    return { ...base, ...counts, outcome, message };
  }
  if (isReplay(came)) return { ...base, ...replayCounts(came), outcome: 'passed' };
  const exploration = came as ReportedExploration;
  const outcome = exploration.isInterrupted ? 'interrupted' : 'passed';
  return { ...base, ...countsOf(exploration), outcome };
}

/** What each error that is a finding means. */
const OUTCOMES: Readonly<Record<string, ScenarioReport['outcome']>> = {
  WT_LEVEL: 'unmet',
  WT_VACUOUS: 'vacuous',
  WT_DIVERGED: 'diverged',
  WT_ESCAPE: 'escaped',
  WT_STALE: 'stale',
};

const NO_COUNTS = {
  runs: 0,
  shrinkRuns: 0,
  repeated: 0,
  unsurvivable: 0,
  virtualMs: 0,
  steps: 0,
  reached: {},
  undecided: {},
  struck: {},
  crashed: {},
} as const;

type Counts = Omit<ReportedExploration, 'isInterrupted'>;

function countsOf(exploration: ReportedExploration): Counts {
  const { seed, runs, virtualMs, steps, repeated, unsurvivable } = exploration;
  const { known, extent, remarks, part, statistics } = exploration;
  return {
    ...{ seed, runs, virtualMs, steps, repeated, unsurvivable },
    reached: { ...exploration.reached },
    undecided: { ...exploration.undecided },
    struck: { ...exploration.struck },
    crashed: { ...exploration.crashed },
    ...(known === undefined ? {} : { known }),
    ...(extent === undefined ? {} : { extent: { ...extent, outside: [...extent.outside] } }),
    ...(remarks === undefined ? {} : { remarks: [...remarks] }),
    ...(part === undefined ? {} : { part }),
    ...(statistics === undefined ? {} : { statistics }),
  };
}

interface Replayed {
  readonly result: ReportedRun & { readonly reached: Readonly<Record<string, number>> };
  readonly isSameRun: boolean;
}

function replayCounts({ result }: Replayed): Partial<ScenarioReport> {
  const { seed, virtualMs, steps, reached } = result;
  return { seed, virtualMs, steps, runs: 1, repeated: 1, reached: { ...reached } };
}

function whereabouts(
  { name, file, line, tags }: ReportedScenario,
  folder = process.cwd(),
): Pick<ScenarioReport, 'name' | 'file' | 'line' | 'tags'> {
  return {
    name,
    ...(file === undefined ? {} : { file: relative(folder, file).replaceAll(sep, '/') }),
    ...(line === undefined ? {} : { line }),
    tags: [...tags],
  };
}

interface ThrownFailure extends ReportedFailure {
  readonly runs: { readonly explored: number; readonly shrinking: number };
  readonly exploration?: ReportedExploration;
  readonly others?: readonly OtherFailureReport[];
}

/** Of another copy of the package they may be absent, and messages are of any length. */
function othersOf({ others = [] }: ThrownFailure): Pick<ScenarioReport, 'otherFailures'> {
  if (others.length === 0) return {};
  const otherFailures = others.map(({ code, name, runs, seed, message, token, replayLine }) => {
    return { code, name, runs, seed, message: shownText(message, MESSAGE_MAX), token, replayLine };
  });
  return { otherFailures };
}

/** A `CheckFailure`, of this copy of the package or of another. */
function isFailure(came: unknown): came is ThrownFailure {
  return came instanceof Error && 'replayLine' in came && 'result' in came;
}

function isReplay(came: unknown): came is Replayed {
  return typeof came === 'object' && came !== null && 'isSameRun' in came;
}
