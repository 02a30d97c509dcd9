// Makes the failure of service levels: what is said of them is without secrets, and each of the worst runs
// has the line that makes it again.

import type { Mask } from '../report/masking/mask.ts';
import { maskFor } from '../report/shown-run.ts';
import { withReportOptions } from '../scenario/report-options.ts';
import type { Exploration } from './explore.ts';
import { LevelFailure, type BrokenLevel } from './level-failure.ts';
import { replayOf, type Finding } from './finding.ts';
import { RunCases } from './run-cases.ts';
import { levelStatistics, type JudgedLevel, type WorstRun } from './service-levels.ts';

/** Makes the failure of levels that are broken over all runs of an exploration. */
export function makeLevelFailure<Workload>(
  finding: Finding<Workload>,
  broken: readonly JudgedLevel[],
  exploration: Exploration,
): LevelFailure {
  const { scenario, options } = finding;
  const mask = maskFor(withReportOptions(scenario.report, options.report), scenario.hosts.keys(), []);
  const levels = broken.map((judged): BrokenLevel => {
    const statistics = levelStatistics(judged);
    const worst = judged.worst.map((run) => shown(finding, run, mask));
    return { ...statistics, message: mask.text(statistics.message), worst };
  });
  return new LevelFailure(levels, exploration);
}

function shown<Workload>(
  finding: Finding<Workload>,
  { text, proposal, hash }: WorstRun,
  mask: Mask,
): BrokenLevel['worst'][number] {
  const [plan, workload, seed] = new RunCases(finding.scenario).proposed(proposal).value;
  const run = { seed, workload, plan, hash, violations: [] };
  const { token, replayLine } = replayOf(finding, run);
  return { seed, text: mask.text(text), token, replayLine };
}
