// The terse text for machines and coding agents: one fact a line, `key: value`, in an order that stays, and
// the next command last. What comes from the system under test stays in its line.

import type { ExtentReport, FailureReport, ScenarioReport } from './document.ts';
import { Teller } from './teller.ts';
import type { Row } from './table.ts';
import { visibleJson, visibleText } from './visible-text.ts';

const EVENTS_MAX = 60;
const SITES_MAX = 8;

/** What is to be done next, for each outcome but a failure. */
const NEXT: Readonly<Record<Exclude<ScenarioReport['outcome'], 'failed'>, string>> = {
  passed: 'nothing',
  unmet: 'replay one of the worst runs that the message names, and mend what is slow or fails in it',
  vacuous: 'mend the scenario so that what it declares happens, then explore again',
  diverged: 'find what differs between two runs of the same seed, then explore again',
  escaped: 'replace what the message names, then explore again',
  stale: 'explore again',
  interrupted: 'explore again',
};

/**
 * Tells what became of a scenario in lines of `key: value`. Keys repeat for lists: `fault`, `event`, `code`.
 *
 * @returns Text that ends with a line break.
 */
export function agentText(report: ScenarioReport): string {
  const { name, file, line, outcome, message, seed, runs, shrinkRuns, extent, failure } = report;
  const lines = [
    fact('scenario', visibleJson(name)),
    ...(file === undefined ? [] : [fact('file', visibleJson(line === undefined ? file : `${file}:${line}`))]),
    fact('outcome', outcome),
    fact('seed', seed),
    fact('runs', runs),
    ...(shrinkRuns === 0 ? [] : [fact('shrink-runs', shrinkRuns)]),
    ...(extent === undefined ? [] : extentFacts(extent)),
    ...(message === undefined ? [] : [fact('message', visibleJson(message))]),
    ...(failure === undefined ? [] : agentFailureLines(failure)),
    ...nextLines(report),
  ];
  return `${lines.join('\n')}\n`;
}

function extentFacts({ text, bound, outside }: ExtentReport): string[] {
  return [
    fact('extent', visibleText(text)),
    fact('bound', visibleText(bound)),
    ...(outside.length === 0 ? [] : [fact('not-tried', visibleText(outside.join(', ')))]),
  ];
}

/** The same for a failure alone, without the next command. */
export function agentFailureLines(failure: FailureReport): string[] {
  const { code, name, message, atMs, step, host, found, faults, run, evidence } = failure;
  return [
    fact('failure', code),
    fact('broken', visibleJson(name)),
    fact('message', visibleJson(message)),
    fact('at', `${atMs} ms, step ${step}, host ${visibleJson(host)}`),
    fact('workload', visibleJson(run.workload)),
    ...(found === undefined
      ? []
      : [fact('found-with', `${found.operations} operations, ${found.faults} faults`)]),
    ...(faults.length === 0 ? [fact('faults', 'none')] : faults.map(faultLine)),
    ...eventLines(failure),
    ...(evidence === undefined ? [] : [fact('evidence', visibleJson(evidence))]),
    ...siteLines(failure),
    fact('trace', run.hash),
  ];
}

function fact(key: string, value: string | number): string {
  return `${key}: ${value}`;
}

function faultLine({ kind, text, without }: FailureReport['faults'][number]): string {
  return fact('fault', visibleJson({ kind, text, ...(without === undefined ? {} : { without }) }));
}

/** What the failure depends on, in order; of very much the beginning and the end. */
function eventLines({ run, slice, faults, message }: FailureReport): string[] {
  const wanted = new Set(slice);
  const teller = new Teller({ history: run.history, hasStorm: faults.length > 0, about: message });
  const told = run.trace.flatMap((entry, place) => {
    const rows = teller.tell(entry, wanted.has(place));
    return wanted.has(place) ? rows.map((row) => fact('event', rowText(row))) : [];
  });
  if (told.length <= EVENTS_MAX) return told;
  const half = EVENTS_MAX / 2;
  const left = fact('events-left-out', told.length - EVENTS_MAX);
  return [...told.slice(0, half), left, ...told.slice(-half)];
}

function rowText({ atUs, who, what, note }: Row): string {
  const words = [`${atUs / 1000} ms`, who.join(' '), what, note];
  return visibleText(words.filter((word) => word !== '').join(' | '));
}

/** Where in the code what matters was scheduled, the latest first. */
function siteLines({ run, slice }: FailureReport): string[] {
  const sites = slice.flatMap((place) => {
    const entry = run.trace[place];
    return entry?.kind === 'step' && entry.site !== undefined ? [entry.site] : [];
  });
  return [...new Set(sites.toReversed())].slice(0, SITES_MAX).map((site) => fact('code', visibleJson(site)));
}

function nextLines({ outcome, failure, file }: ScenarioReport): string[] {
  if (outcome !== 'failed' || failure === undefined) {
    return [fact('next', outcome === 'failed' ? 'explore again' : NEXT[outcome])];
  }
  const again = file === undefined ? [] : [fact('after-repair', `npx wavetank explore ${quoted(file)}`)];
  return [fact('next', visibleText(failure.replayLine)), ...again];
}

/** As a shell takes it: nothing in it means anything else. */
function quoted(word: string): string {
  const visible = visibleText(word);
  return /[^\w./@-]/.test(visible) ? `'${visible.replaceAll("'", String.raw`'\''`)}'` : visible;
}
