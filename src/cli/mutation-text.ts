// What `wavetank mutate` prints of a report: the holes first, each with a line that shows one again.

import { describeMutation, type MutationFamily, type MutationReport } from '../mutate/mutation-report.ts';
import type { Output } from '../report/reporters/reporter.ts';

/** How many differences of a run are printed. */
const DIFFERENCES_MAX = 3;

/** Puts a report in words. @param around.file - The scenario file, for the lines that repeat a run. */
export function mutationText(report: MutationReport, around: { file: string; output: Output }): string {
  const { scenario, runs, baselines, seed, noticed, survived, hidden, absorbed, unseen } = report;
  const { output } = around;
  const { survivors, sometimes, accepted, isInterrupted } = report;
  const verdict = survivors.length > 0 ? output.red('has holes') : output.green('bites');
  const state = isInterrupted ? 'interrupted' : runs === 0 ? 'nothing to alter' : verdict;
  const holes = survivors.flatMap((family) => [
    `    ${family.what} → no check noticed in ${countOf(family)}`,
    ...detailsOf(family, around),
  ]);
  const weak = sometimes.map(
    (family) =>
      `    ${family.what} → noticed in ${family.noticed} of ${family.noticed + family.survived} runs`,
  );
  return [
    `${output.bold(scenario)} ${state}: ${plural(runs, 'altered run')} of ${baselines} that pass, ` +
      `seed ${seed}: ` +
      `${noticed} noticed, ${survived} survived, ${hidden} hidden, ${absorbed} made good, ${unseen} unseen`,
    ...(holes.length === 0 ? [] : ['  no check noticed:', ...holes]),
    ...(weak.length === 0 ? [] : ['  noticed in some runs only:', ...weak]),
    ...(accepted.length === 0 ? [] : ['  accepted:', ...accepted.map(({ what }) => `    ${what}`)]),
    ...hiddenOf(report),
    ...unseenOf(report),
    ...idleOf(report),
    '',
    '',
  ].join('\n');
}

/** Runs in which there was nothing to notice do not count. */
function countOf({ noticed, survived }: MutationFamily): string {
  return `${survived} of ${plural(noticed + survived, 'run')}`;
}

function detailsOf(
  { survivors }: MutationFamily,
  { file, output }: { file: string; output: Output },
): string[] {
  const [first] = survivors;
  if (first === undefined) return [];
  // What was altered in an observation says itself what is different.
  const differences = first.alteration.of === 'operation' ? [] : first.differences;
  const more = differences.length - DIFFERENCES_MAX;
  const told = describeMutation({ ...first, differences: differences.slice(0, DIFFERENCES_MAX) });
  const lines = [`      seed ${first.seed}, ${told}${more > 0 ? `; and ${more} more` : ''}`];
  if (first.token !== '')
    lines.push(`      ${output.dim(`npx wavetank mutate ${shellWord(file)} --only ${first.token}`)}`);
  return lines;
}

function hiddenOf({ families }: MutationReport): string[] {
  const hidden = families.filter((family) => family.hidden > 0 && family.noticed + family.survived === 0);
  if (hidden.length === 0) return [];
  return [
    '  seen by no check, because it came out on a disk alone (expose what matters):',
    ...hidden.map(({ what }) => `    ${what}`),
  ];
}

function unseenOf({ families }: MutationReport): string[] {
  const quiet = families.filter(({ noticed, survived }) => noticed + survived === 0);
  const disks = quiet.filter(({ of, absorbed, hidden }) => of === 'disk write' && absorbed + hidden === 0);
  const hosts = [...new Set(disks.map(({ where }) => where))];
  if (hosts.length === 0) return [];
  return [
    `  nobody read again what ${hosts.join(', ')} wrote: ` +
      'if it has to survive a restart, allow one in `faults`',
  ];
}

function idleOf({ checks, runs }: MutationReport): string[] {
  const idle = Object.entries(checks).filter(([, count]) => count === 0);
  if (idle.length === 0 || runs === 0) return [];
  return [`  noticed nothing: ${idle.map(([name]) => `\`${name}\``).join(', ')}`];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function shellWord(path: string): string {
  return /[^\w./@-]/.test(path) ? `'${path.replaceAll("'", String.raw`'\''`)}'` : path;
}
