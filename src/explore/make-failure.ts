// Makes of the failures that an exploration found what is thrown: shrinks the first of each kind, makes it
// once more, recorded, and tells its story; those of other kinds are listed.

import { faultsInWords } from '../report/faults-in-words.ts';
import { maskFor } from '../report/shown-run.ts';
import { withReportOptions } from '../scenario/report-options.ts';
import type { RunResult } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { runOnce } from '../scenario/simulate.ts';
import type { FoundFailure, LiveFailure } from './block-result.ts';
import type { CheckFailure, OtherFailure } from './check-failure.ts';
import { divergenceOf } from './divergence.ts';
import {
  kept,
  recorded,
  replayOf,
  shrunkOf,
  type Finding,
  type Recorded,
  type Replayable,
} from './finding.ts';
import { lostRun } from './lost-run.ts';
import type { FoundRun } from './memory/known-failures.ts';
import { refuseEscape } from './refuse-escape.ts';
import { RunCases } from './run-cases.ts';
import { signatureOf } from './statistics/gathering.ts';
import { toldFailure } from './told-failure.ts';

/** How many kinds of failures are shrunk. */
const SHRUNK_MAX = 5;
/** How many are listed beside the first. */
const OTHERS_MAX = 50;

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

type ToldFirst = Extract<Recorded, { stop: Error }> | (Recorded & Replayable & { readonly found: RunResult });

async function tellFirst<Workload>(
  finding: Finding<Workload>,
  first: FoundFailure<Workload>,
): Promise<ToldFirst> {
  const { scenario } = finding;
  if (first.death !== undefined) {
    const result = lostRun(scenario, first.proposal, first.death);
    const { remarks, ...line } = replayOf(finding, result);
    const explanation = { faults: faultsInWords(result.plan) };
    return { ...line, remarks: [...first.death.remarks, ...remarks], result, found: result, explanation };
  }
  const live = first.live ?? (await again(scenario, first));
  const shrunk = await shrunkOf(finding, live);
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
    result = mayShrink ? (await shrunkOf(finding, live)).result : live.result;
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
    return { number, failed: `${code} ${name}`, token, generated: proposal.workload };
  });
}
