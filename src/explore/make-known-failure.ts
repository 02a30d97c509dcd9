// The failure of a counterexample that was known before, and fails again.

import { withReportOptions } from '../scenario/report-options.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { LiveFailure } from './block-result.ts';
import { kept, recorded, replayOf, shrunkOf, type Finding } from './finding.ts';
import type { FailedAgain } from './memory/known-failures.ts';
import { replayLineOf } from './replay.ts';
import { RunCases } from './run-cases.ts';
import { toldFailure } from './told-failure.ts';
import { encodeValue } from './value-codec.ts';

/** Makes it. One that was not shrunk yet is shrunk now. */
export async function makeKnownFailure<Workload>(
  finding: Finding<Workload>,
  again: FailedAgain<Workload>,
): Promise<Error> {
  const { scenario, options, known, soFar } = finding;
  const { seed, plan, workload } = again.result;
  const live = liveOf(scenario, again);
  const shrunk = live && (await shrunkOf(finding, live));
  const came = await recorded(
    finding,
    shrunk?.input ?? [plan, workload, seed],
    shrunk?.result ?? again.result,
  );
  if ('stop' in came) return came.stop;
  const replay =
    shrunk === undefined
      ? { token: again.token, replayLine: replayLineOf(scenario, again.token), remarks: [] }
      : replayOf(finding, came.result);
  const isKept = shrunk === undefined ? [] : kept(finding, replay.token, came.result);
  const { explored, shrinking, exploration } = soFar();
  return toldFailure({
    ...came,
    ...{ hosts: scenario.hosts.keys(), exploration, token: replay.token, replayLine: replay.replayLine },
    remarks: [...known.remarks, ...again.remarks, ...replay.remarks, ...isKept],
    runs: { explored, shrinking },
    report: withReportOptions(scenario.report, options.report),
  });
}

/** What shrinking begins with, where one is not shrunk yet and the scenario still generates its workload. */
function liveOf<Workload>(
  scenario: Scenario<Workload>,
  { result, generated }: FailedAgain<Workload>,
): LiveFailure<Workload> | undefined {
  if (generated === undefined) return undefined;
  const { plan, seed, workload } = result;
  const value = new RunCases(scenario).proposed({ plan, seed, workload: generated });
  const shown = (each: unknown): string => JSON.stringify(encodeValue(each));
  return shown(value.value[1]) === shown(workload) ? { value, result } : undefined;
}
