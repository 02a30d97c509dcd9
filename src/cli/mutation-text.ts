// What `wavetank mutate` prints of a report: the holes first, each with a line that shows one again.

import { describeMutation, type MutationFamily, type MutationReport } from '../mutate/mutation-report.ts';
import type { Output } from './output.ts';

/** How many differences of a run are printed. */
const DIFFERENCES_MAX = 3;

/** Puts a report in words. @param around.file - The scenario file, for the lines that repeat a run. */
export function mutationText(report: MutationReport, around: { file: string; output: Output }): string {
  const { scenario, runs, baselines, seed, noticed, survived, absorbed, unseen } = report;
  const { output } = around;
  const { survivors, sometimes, isInterrupted } = report;
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
    `${output.bold(scenario)} ${state}: ${plural(runs, 'altered run')} of ${baselines} that pass, seed ${seed}: ` +
      `${noticed} noticed, ${survived} survived, ${absorbed} made good, ${unseen} unseen`,
    ...(holes.length === 0 ? [] : ['  no check noticed:', ...holes]),
    ...(weak.length === 0 ? [] : ['  noticed in some runs only:', ...weak]),
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
  const { differences, token } = first;
  const more = differences.length - DIFFERENCES_MAX;
  const told = describeMutation({ ...first, differences: differences.slice(0, DIFFERENCES_MAX) });
  const lines = [`      ${told}${more > 0 ? `; and ${more} more` : ''}`];
  if (token !== '')
    lines.push(`      ${output.dim(`npx wavetank mutate ${shellWord(file)} --only ${token}`)}`);
  return lines;
}

function unseenOf({ families }: MutationReport): string[] {
  const quiet = families.filter(({ noticed, survived }) => noticed + survived === 0);
  const disks = quiet.filter(({ of, absorbed }) => of === 'disk write' && absorbed === 0);
  const hosts = [...new Set(disks.map(({ where }) => where))];
  if (hosts.length === 0) return [];
  return [
    `  nobody read again what ${hosts.join(', ')} wrote: if it has to survive a restart, allow one in \`faults\``,
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
