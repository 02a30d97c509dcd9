// `wavetank merge-reports`: joins what several machines made of explorations, as if one had made it.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { exploreWith } from '../explore/explore.ts';
import { storedBlocks, type ExplorationPart } from '../explore/shard.ts';
import { ReportError } from '../errors.ts';
import { reportDocument, scenarioReport } from '../report/build-document.ts';
import type { ReportDocument, ScenarioReport } from '../report/document.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Words } from './command.ts';
import { EXPLORE_CODES, ExitCode, UsageError, worstCode } from './exit-code.ts';
import { loadScenarios } from './load-scenarios.ts';
import { reportOptionsOf } from './mask-words.ts';
import { chosenReporters } from './reporter-words.ts';
import { Reporting, type Surroundings } from './reporting.ts';
import { storedDocument } from './stored-document.ts';

/** Joins the parts in stored reports. @returns the exit code: what one exploration of all would have had. */
export async function mergeCommand(
  places: readonly string[],
  words: Words,
  surroundings: Surroundings,
): Promise<number> {
  if (places.length === 0) throw new UsageError('Expected `wavetank merge-reports FILE|FOLDER ...`.');
  const documents = places.flatMap(filesOf).map(storedDocument);
  const { wavetank } = surroundings.versions;
  for (const document of documents) refuseOther(document, wavetank);
  const reporting = new Reporting(chosenReporters(words, surroundings.env), surroundings);
  const merged: ScenarioReport[] = [];
  for (const reports of byScenario(documents)) {
    const report = await mergedReport(reports, words);
    reporting.begin(report.name);
    await reporting.ended(report);
    merged.push(report);
  }
  await reporting.end(reportDocument(merged, surroundings.versions));
  return merged.map(({ outcome }) => EXPLORE_CODES[outcome]).reduce(worstCode, ExitCode.passed);
}

/** The files that a word means: itself, or the blobs in a folder. */
function filesOf(place: string): string[] {
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true) return [place];
  const blobs = readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.blob'))
    .toSorted();
  if (blobs.length > 0) return blobs.map((name) => join(place, name));
  throw new UsageError(`Found no report (*.blob) in ${place}.`);
}

function refuseOther(document: ReportDocument, wavetank: string): void {
  if (document.wavetank === wavetank || !document.scenarios.some(({ part }) => part !== undefined)) return;
  throw new ReportError(
    `expected parts made by wavetank ${wavetank}, got one made by ${document.wavetank}: ` +
      'merge them with the version that made them.',
  );
}

function byScenario(documents: readonly ReportDocument[]): ScenarioReport[][] {
  const groups = new Map<string, ScenarioReport[]>();
  for (const report of documents.flatMap(({ scenarios }) => scenarios)) {
    const key = `${report.file ?? ''}\n${report.name}`;
    groups.set(key, [...(groups.get(key) ?? []), report]);
  }
  return [...groups.values()];
}

/** What the parts come to, by the rules of an exploration; a report that is no part stays as it is. */
async function mergedReport(reports: readonly ScenarioReport[], words: Words): Promise<ScenarioReport> {
  const [first] = reports as [ScenarioReport];
  const parts = reports.flatMap(({ part }) => (part === undefined ? [] : [part]));
  if (parts.length === 0 && reports.length === 1) return first;
  if (parts.length < reports.length) {
    throw new ReportError(
      `scenario \`${first.name}\`: some reports are parts of an exploration, some are none.`,
    );
  }
  refuseDifferent(first.name, parts);
  refuseIncomplete(first.name, parts);
  refuseInterrupted(reports);
  const scenario = await scenarioOf(first);
  const [{ seed, runs, strategy, repeatEvery, bail }] = parts as [ExplorationPart];
  const options = {
    ...{ seed, strategy, repeatEvery, bail, statistics: true, environment: false },
    // The parts began with none.
    corpus: 'off' as const,
    report: reportOptionsOf(words),
    ...(runs === null ? { budgetMs: Number.MAX_SAFE_INTEGER } : { runs }),
  };
  const came: unknown = await exploreWith(scenario, options, storedBlocks(parts)).catch(
    (error: unknown) => error,
  );
  const elapsedMs = reports.reduce((sum, report) => sum + report.elapsedMs, 0);
  return scenarioReport({ scenario, came, seed, elapsedMs });
}

/** @throws {ReportError} If parts are of different explorations. */
function refuseDifferent(name: string, parts: readonly ExplorationPart[]): void {
  const [first] = parts as [ExplorationPart];
  const other = parts.find((part) => part.of !== first.of || optionsOf(part) !== optionsOf(first));
  if (other === undefined) return;
  const [one, two] = [first, other].map((part) => `${part.index}/${part.of} with ${optionsOf(part)}`);
  throw new ReportError(`scenario \`${name}\`: the parts are of different explorations: ${one}; ${two}.`);
}

function optionsOf({ seed, runs, strategy, repeatEvery, bail }: ExplorationPart): string {
  const limit = runs === null ? 'without a limit of runs' : `${runs} runs`;
  const repeats = `every ${repeatEvery}th made twice`;
  return [`seed ${seed}`, limit, strategy, repeats, ...(bail ? ['--bail'] : [])].join(', ');
}

/** @throws {ReportError} If a part lacks blocks because somebody ended it. */
function refuseInterrupted(reports: readonly ScenarioReport[]): void {
  for (const { name, outcome, part } of reports) {
    if (outcome !== 'interrupted' || part === undefined) continue;
    const shard = `${part.index}/${part.of}`;
    throw new ReportError(
      `scenario \`${name}\`: part ${shard} was interrupted before it was done: ` +
        `make it again with \`wavetank explore --shard ${shard}\`.`,
    );
  }
}

/** @throws {ReportError} If parts are missing, or there twice. */
function refuseIncomplete(name: string, parts: readonly ExplorationPart[]): void {
  const [{ of }] = parts as [ExplorationPart];
  const place = `scenario \`${name}\``;
  const indexes = parts.map(({ index }) => index).toSorted((left, right) => left - right);
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !indexes.includes(index));
  if (missing.length > 0) {
    throw new ReportError(
      `${place}: of the parts 1/${of} to ${of}/${of} there are missing: ${missing.join(', ')}. ` +
        'Give the reports of all; where one was lost, make it again with `wavetank explore --shard`.',
    );
  }
  const twice = indexes.find((index, i) => indexes[i + 1] === index);
  if (twice !== undefined) throw new ReportError(`${place}: there are two reports of part ${twice}/${of}.`);
}

async function scenarioOf({ name, file }: ScenarioReport): Promise<Scenario> {
  if (file === undefined) throw new ReportError(`scenario \`${name}\` is in no file that could be loaded.`);
  const scenario = (await loadScenarios(file)).find((each) => each.name === name);
  if (scenario !== undefined) return scenario;
  throw new ReportError(
    `${file} exports no scenario \`${name}\` any more: merge with the code that was explored.`,
  );
}
