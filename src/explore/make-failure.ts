// Makes of the failures that an exploration found what is thrown: shrinks the first of each kind, makes it
// once more, recorded, and tells its story; those of other kinds are listed.

import { RegressionsError } from '../errors.ts';
import { maskFor } from '../report/shown-run.ts';
import { faultsInWords } from '../report/faults-in-words.ts';
import { withReportOptions } from '../scenario/report-options.ts';
import type { RunResult, Violation } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { runOnce } from '../scenario/simulate.ts';
import type { FoundFailure, LiveFailure } from './block-result.ts';
import type { CheckFailure, OtherFailure } from './check-failure.ts';
import { divergenceOf } from './divergence.ts';
import { explain } from './explanation.ts';
import type { Exploration } from './explore.ts';
import type { CheckedExploreOptions } from './explore-options.ts';
import { lostRun } from './lost-run.ts';
import type { FailedAgain, FoundRun, KnownFailures } from './memory/known-failures.ts';
import { refuseEscape } from './refuse-escape.ts';
import { replayLineOf } from './replay.ts';
import { RunCases, type RunCase } from './run-cases.ts';
import { shrink } from './shrink.ts';
import { signatureOf } from './statistics/gathering.ts';
import { toldBriefly, toldFailure } from './told-failure.ts';
import { encodeToken, type Ticket } from './token.ts';

/** How many kinds of failures are shrunk. */
const SHRUNK_MAX = 5;
/** How many are listed beside the first. */
const OTHERS_MAX = 50;

/** What making a failure needs of the exploration. */
export interface Finding<Workload> {
  readonly scenario: Scenario<Workload>;
  readonly options: CheckedExploreOptions;
  readonly known: KnownFailures<Workload>;
  /** Told of each run that shrinks. */
  readonly onShrinkRun: (result: RunResult, found: RunResult) => void;
  /** What the exploration counted, those runs included. */
  readonly soFar: () => {
    readonly explored: number;
    readonly shrinking: number;
    readonly exploration: Exploration;
  };
}

/** A run with what makes it again. */
interface Replayable {
  readonly token: string;
  readonly replayLine: string;
  readonly remarks: readonly string[];
}

/** Makes the failure that is thrown. @param found - At least one, in the order of their numbers. */
export async function makeFailure<Workload>(
  finding: Finding<Workload>,
  found: readonly FoundFailure<Workload>[],
  remarks: readonly string[],
): Promise<CheckFailure | Error> {
  const [first, ...rest] = found;
  if (first === undefined) throw new TypeError('There is no failure to tell.');
  const told = await tellFirst(finding, first);
  if ('stop' in told) return told.stop;
  const others: OtherFailure[] = [];
  for (const [i, other] of rest.slice(0, OTHERS_MAX).entries()) {
    others.push(await otherFailure(finding, other, i + 1 < SHRUNK_MAX));
  }
  const { scenario, options } = finding;
  const { explored, shrinking, exploration } = finding.soFar();
  return toldFailure({
    ...told,
    ...{ hosts: scenario.hosts.keys(), others, exploration },
    remarks: [...finding.known.remarks, ...told.remarks, ...remarks],
    runs: { explored, shrinking },
    report: withReportOptions(scenario.report, options.report),
  });
}

/** Makes the failure of a counterexample that was known before, and fails again. */
export async function makeKnownFailure<Workload>(
  finding: Finding<Workload>,
  { token, result: before, remarks }: FailedAgain<Workload>,
): Promise<Error> {
  const { scenario, options, known, soFar } = finding;
  const { seed, plan, workload } = before;
  const came = await recorded(finding, [plan, workload, seed], before);
  if ('stop' in came) return came.stop;
  const { explored, shrinking, exploration } = soFar();
  return toldFailure({
    ...came,
    ...{ hosts: scenario.hosts.keys(), exploration, token, replayLine: replayLineOf(scenario, token) },
    remarks: [...known.remarks, ...remarks],
    runs: { explored, shrinking },
    report: withReportOptions(scenario.report, options.report),
  });
}

type Recorded =
  | { readonly stop: Error }
  | { readonly result: RunResult; readonly explanation: Awaited<ReturnType<typeof explain>> };

/** Makes a run that failed once more, recorded. */
async function recorded<Workload>(
  { scenario, options }: Finding<Workload>,
  [plan, workload, seed]: RunCase<Workload>,
  before: RunResult<Workload>,
): Promise<Recorded> {
  const input = { scenario, seed, workload, plan, isRecorded: true };
  const result = await runOnce(input);
  // Recorded runs are watched: one may show an escape that went unseen before.
  refuseEscape(result);
  if (before.hash !== result.hash) return { stop: await divergenceOf(input, before, result) };
  return { result, explanation: await explain(scenario, result, options.signal) };
}

/** Keeps a counterexample for later explorations. @returns what is worth a line. */
function kept<Workload>(
  { scenario, options, known }: Finding<Workload>,
  token: string,
  result: RunResult,
): string[] {
  try {
    const report = withReportOptions(scenario.report, options.report);
    return known.keep({ token, result, ...toldBriefly(result, { hosts: scenario.hosts.keys(), report }) });
  } catch (error) {
    if (!(error instanceof RegressionsError)) throw error;
    // The failure is worth more than its file.
    return [`not kept: ${error.message}`];
  }
}

type ToldFirst =
  | { readonly stop: Error }
  | (Replayable & {
      readonly result: RunResult;
      readonly found: RunResult;
      readonly explanation: Awaited<ReturnType<typeof explain>>;
    });

async function tellFirst<Workload>(
  finding: Finding<Workload>,
  first: FoundFailure<Workload>,
): Promise<ToldFirst> {
  const { scenario, options } = finding;
  if (first.death !== undefined) {
    const result = lostRun(scenario, first.proposal, first.death);
    const { remarks, ...line } = replayOf(finding, result);
    const explanation = { faults: faultsInWords(result.plan) };
    return { ...line, remarks: [...first.death.remarks, ...remarks], result, found: result, explanation };
  }
  const live = first.live ?? (await again(scenario, first));
  const shrunk = await shrunkOf(finding, live, options.shrinkRunsMax);
  const came = await recorded(finding, shrunk.input, shrunk.result);
  if ('stop' in came) return came;
  const replay = replayOf(finding, came.result);
  const remarks = [...replay.remarks, ...kept(finding, replay.token, came.result)];
  return { ...replay, remarks, ...came, found: live.result };
}

async function otherFailure<Workload>(
  finding: Finding<Workload>,
  found: FoundFailure<Workload>,
  mayShrink: boolean,
): Promise<OtherFailure> {
  const { scenario, options } = finding;
  const { code, name, runs, death, proposal } = found;
  let result: RunResult;
  if (death === undefined) {
    const live = found.live ?? (await again(scenario, found));
    result = mayShrink ? (await shrunkOf(finding, live, options.shrinkRunsMax)).result : live.result;
  } else {
    result = lostRun(scenario, proposal, death);
  }
  const { token, replayLine } = replayOf(finding, result);
  // One that ends the process would end each of those that replay it.
  if (death === undefined) kept(finding, token, result);
  const mask = maskFor(withReportOptions(scenario.report, options.report), scenario.hosts.keys(), [result]);
  const message = mask.text(result.violations[0]?.message ?? '');
  const signature = signatureOf(found);
  return { signature, code, name, runs, seed: result.seed, message, token, replayLine };
}

function shrunkOf<Workload>(
  { scenario, options, onShrinkRun }: Finding<Workload>,
  live: LiveFailure<Workload>,
  runsMax: number,
): Promise<{ readonly input: RunCase<Workload>; readonly result: RunResult<Workload> }> {
  const onRun = (result: RunResult): void => onShrinkRun(result, live.result);
  return shrink(scenario, live, { runsMax, signal: options.signal, onRun });
}

/** Makes a run that failed in another process again: shrinking goes by what struck in it. */
async function again<Workload>(
  scenario: Scenario<Workload>,
  { proposal, hash }: FoundFailure<Workload>,
): Promise<LiveFailure<Workload>> {
  const value = new RunCases(scenario).proposed(proposal);
  const [plan, workload, seed] = value.value;
  const input = { scenario, seed, workload, plan, isRecorded: false };
  const result = await runOnce(input);
  refuseEscape(result);
  if (result.hash === hash) return { value, result };
  throw await divergenceOf(input, { ...result, hash }, result);
}

/**
 * The first runs of the kinds of failures that are told, as they were found.
 *
 * @param found - In the order of their numbers.
 * @param from - How many of them are known already.
 */
export function foundRuns<Workload>(
  finding: Finding<Workload>,
  found: readonly FoundFailure<Workload>[],
  from: number,
): FoundRun[] {
  const cases = new RunCases(finding.scenario);
  // One that ends the process would end each of those that replay it.
  const told = found.slice(from, OTHERS_MAX + 1).filter(({ death }) => death === undefined);
  return told.map(({ number, code, name, proposal, hash }) => {
    const [plan, workload, seed] = cases.proposed(proposal).value;
    const { token } = replayOf(finding, { seed, workload, plan, hash, violations: [{ code, name }] });
    return { number, failed: `${code} ${name}`, token };
  });
}

/** The token of a run, and the line that replays it. */
export function replayOf<Workload>(
  { scenario, options, soFar }: Pick<Finding<Workload>, 'scenario' | 'options' | 'soFar'>,
  run: Pick<RunResult, 'seed' | 'workload' | 'plan' | 'hash'> & {
    readonly violations: readonly Pick<Violation, 'code' | 'name'>[];
  },
): Replayable {
  const { seed, workload, plan, hash, violations } = run;
  const [violation] = violations;
  const failure: Ticket['failure'] = violation === undefined ? undefined : [violation.code, violation.name];
  try {
    const token = encodeToken({ scenario: scenario.name, seed, workload, plan, hash, failure });
    return { token, replayLine: replayLineOf(scenario, token), remarks: [] };
  } catch (error) {
    const replayLine = `await explore(scenario, { seed: ${options.seed}, runs: ${soFar().explored} })`;
    return {
      token: '',
      replayLine,
      remarks: [`no token: ${(error as Error).message}; exploring again finds it again`],
    };
  }
}
