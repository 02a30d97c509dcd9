// The runs that are altered: those of a seed that pass as they are, on a calm network, with a crash of one
// host, or with faults that the budget allows.

import { BaselineError } from '../errors.ts';
import { assertSameRun, divergenceOf } from '../explore/divergence.ts';
import { refuseEscape } from '../explore/refuse-escape.ts';
import type { FaultBudget } from '../faults/budget.ts';
import { calmPlan, type FaultPlan } from '../faults/fault.ts';
import { combine32 } from '../random/hash.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { planOf, workloadOf } from '../scenario/simulate.ts';
import { alteredRun, type Altered } from './altered-run.ts';
import type { Alteration } from './alteration.ts';
import type { KeptAnswers } from './altered-answers.ts';
import { requestsToKeep, sitesOf } from './sites.ts';

/** What makes a run, but for an alteration. */
export interface BaselineInput<Workload> {
  readonly scenario: Scenario<Workload>;
  readonly seed: number;
  readonly workload: Workload;
  readonly plan: FaultPlan;
}

/** A run that passes, and where it can be altered. */
export interface Baseline<Workload> {
  readonly input: BaselineInput<Workload>;
  readonly run: Altered<Workload>;
  /** The answers that an alteration may need. */
  readonly answers: KeptAnswers;
  readonly sites: ReadonlyMap<string, readonly Alteration[]>;
}

/** How long a host is down that crashes here: long enough to boot again before anybody gives up. */
const DOWN_MS = 5;
/** A crash comes when this much of the work is done. */
const SHARES: readonly number[] = [0.999, 0.5, 0.8, 0.25];

/**
 * Makes the run of a round: calm ones, those with a crash, and mild ones take turns.
 *
 * @returns undefined if it failed by more than the budget says is survivable.
 * @throws {BaselineError} If it fails otherwise.
 */
export async function baselineOf<Workload>(
  scenario: Scenario<Workload>,
  seed: number,
  round: number,
): Promise<Baseline<Workload> | undefined> {
  const runSeed = combine32(seed, round) >>> 0;
  const workload = workloadOf(scenario, runSeed);
  const input = { scenario, seed: runSeed, workload, plan: calmPlan };
  const turns = turnsOf(scenario.faults);
  const turn = turns[round % turns.length];
  if (turn === 'mild') return measured({ ...input, plan: mild(planOf(scenario, runSeed)) });
  const calm = await measured(input);
  if (turn === 'calm' || calm === undefined) return calm;
  const hosts = crashing(scenario.faults);
  const crash = Math.floor(round / turns.length);
  const share = SHARES[Math.floor(crash / hosts.length) % SHARES.length] as number;
  const host = hosts[crash % hosts.length] as string;
  const atMs = Math.floor(calm.run.drivenMs * share * 1000) / 1000;
  return measured({
    ...input,
    plan: { ...calmPlan, faults: [{ kind: 'crash', host, atMs, downMs: DOWN_MS }] },
  });
}

/** Makes a run, twice, and looks for what can be altered in it. */
export async function measured<Workload>(
  input: BaselineInput<Workload>,
): Promise<Baseline<Workload> | undefined> {
  const run = await alteredRun(input);
  const { result } = run;
  refuseEscape(result);
  if (result.verdict === 'unsurvivable') return undefined;
  const [violation] = result.violations;
  if (violation !== undefined) {
    throw new BaselineError(
      `scenario \`${result.scenario}\` fails before anything is altered, with seed ${result.seed}: ` +
        `${violation.code} ${violation.message}\n  Find out why first: \`wavetank explore\`.`,
    );
  }
  const { kept, result: again } = await alteredRun(input, { keep: requestsToKeep(notedIn(run)) });
  if (again.verdict === 'unsurvivable') return undefined;
  const twice = await alteredRun(input);
  if (twice.result.hash !== result.hash) {
    const diverged = await divergenceOf({ ...input, isRecorded: true }, result, twice.result);
    assertSameRun(result, twice.result);
    throw diverged;
  }
  return { input, run, answers: kept, sites: sitesOf(notedIn(run), kept) };
}

/**
 * What begins at a time, and nothing that befalls messages at random: those delays would be all that differs.
 */
function mild({ faults, core }: FaultPlan): FaultPlan {
  return { ...calmPlan, faults, ...(core === undefined ? {} : { core }) };
}

function notedIn<Workload>({ requests, calls, result }: Altered<Workload>) {
  return { requests, calls, operations: result.history };
}

function turnsOf(budget: FaultBudget | undefined): readonly ('calm' | 'crash' | 'mild')[] {
  if (budget === undefined) return ['calm'];
  return crashing(budget).length === 0 ? ['calm', 'mild'] : ['calm', 'crash', 'crash', 'mild'];
}

/** The hosts whose process may die within a budget. */
function crashing(budget: FaultBudget | undefined): readonly string[] {
  const { crash = [], crashLoop = [], crashTogether = [], powerLoss = [], survivable } = budget ?? {};
  const all = new Set([...crash, ...crashLoop, ...crashTogether, ...powerLoss]);
  return [...all].filter((host) => survivable?.neverCrash?.includes(host) !== true);
}
