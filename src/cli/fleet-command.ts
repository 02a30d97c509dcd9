// `wavetank fleet`: explorations that any number of machines make together, with a PostgreSQL database
// between them.

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { ExploreOptions } from '../explore/explore-options.ts';
import { corpusUse } from '../explore/memory/corpus-use.ts';
import { STRATEGY_DEFAULT } from '../explore/strategies/table.ts';
import type { ScenarioReport } from '../report/document.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { nearMiss } from '../errors.ts';
import type { RunCommand, Words } from './command.ts';
import { EXPLORE_CODES, ExitCode, UsageError, worstCode } from './exit-code.ts';
import { exploreScenario, type Exploring } from './explore-scenario.ts';
import { corpusName, readCorpus } from './fleet/corpus.ts';
import { openDatabase, type Database } from './fleet/database.ts';
import { AlreadyTold, Joiner } from './fleet/joiner.ts';
import { nameOf } from './fleet/names.ts';
import { statusText } from './fleet/status.ts';
import { workLane } from './fleet/worker-lane.ts';
import { Interruption } from './interruption.ts';
import { findScenarioFiles, loadScenarios } from './load-scenarios.ts';
import { reportOptionsOf } from './mask-words.ts';
import { durationOf } from './number-words.ts';
import { chosenReporters } from './reporter-words.ts';
import { Reporting, type Surroundings } from './reporting.ts';
import { runOptionsOf, workersOf } from './run-words.ts';

const LEASE_MS = 20_000;
const LEASE_MS_MIN = 1_000;

/** What a part of the command gets. */
interface Call {
  readonly places: readonly string[];
  readonly words: Words;
  readonly surroundings: Surroundings;
  readonly database: Database;
  /** That of jobs for the code that is here. */
  readonly queue: string;
}

const ACTIONS: Readonly<Record<string, (call: Call) => Promise<number>>> = { explore, work, status };

/** Explores with a fleet, works for one, or shows what one does. @returns the exit code. */
export const fleetCommand: RunCommand = async ([name, ...places], words, surroundings) => {
  const action = name !== undefined && Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined) {
    const hint = name === undefined ? '.' : `, got "${name}"${nearMiss(name, Object.keys(ACTIONS))}`;
    throw new UsageError(`Expected \`wavetank fleet explore\`, \`work\` or \`status\`${hint}`);
  }
  if (action !== explore && places.length > 0) {
    throw new UsageError(`\`wavetank fleet ${name}\` takes no files, got ${places.join(' ')}.`);
  }
  const url = wordOf(words, surroundings, {
    option: 'database',
    variables: ['WAVETANK_DATABASE'],
    hint: 'postgres://user:password@host/name',
  });
  const { wavetank } = surroundings.versions;
  const queue = action === status ? '' : queueOf(wavetank, revisionOf(words, surroundings));
  const database = await openDatabase(url);
  try {
    return await action({ places, words, surroundings, database, queue });
  } finally {
    await database.close();
  }
};

/** Workers of other code or another version have another queue. */
function queueOf(wavetank: string, revision: string): string {
  return `runs-${nameOf(wavetank, revision)}`;
}

function revisionOf(words: Words, surroundings: Surroundings): string {
  return wordOf(words, surroundings, {
    option: 'revision',
    variables: ['WAVETANK_REVISION', 'GITHUB_SHA', 'CI_COMMIT_SHA'],
    hint: 'the commit or the image whose code all of them have',
  });
}

function wordOf(
  words: Words,
  { env }: Surroundings,
  { option, variables, hint }: { option: string; variables: readonly string[]; hint: string },
): string {
  const given = [words[option], ...variables.map((variable) => env[variable])];
  const word = given.find((each) => typeof each === 'string' && each !== '');
  if (typeof word === 'string') return word;
  throw new UsageError(`Expected --${option}, or ${variables.join(' or ')} to be set: ${hint}.`);
}

async function explore({ places, words, surroundings, database, queue }: Call): Promise<number> {
  const report = reportOptionsOf(words);
  const { options: runOptions, note } = runOptionsOf(words);
  if (note !== undefined) process.stderr.write(`${note}\n`);
  const reporting = new Reporting(chosenReporters(words, surroundings.env), surroundings);
  const { mask, unmask, 'no-mask': noMask, shrink } = words;
  const say = (text: string): void => void process.stderr.write(text);
  const usesCorpus = usesCorpusOf(runOptions, say);
  const telling = [mask, unmask, noMask, shrink];
  const joiner = new Joiner(database, { queue, telling, usesCorpus, say });
  const interruption = new Interruption();
  const { signal } = interruption;
  let code: number = ExitCode.passed;
  try {
    // What is the same exploration is made once: it does not depend on what is on this machine.
    const base: ExploreOptions = { ...runOptions, corpus: 'off', report, signal };
    for (const file of await findScenarioFiles(places)) {
      for (const [nth, scenario] of (await loadScenarios(file)).entries()) {
        if (signal.aborted) break;
        const begun = usesCorpus ? await beginCorpus(database, { file, scenario }, say) : {};
        const exploring = { scenario, place: { file, nth }, crew: joiner, reporting };
        const outcome = await joined(exploring, { ...base, ...begun });
        code = worstCode(code, EXPLORE_CODES[outcome]);
      }
    }
    await reporting.end();
  } finally {
    interruption.end();
  }
  return signal.aborted ? ExitCode.interrupted : code;
}

/** Whether runs begin with what was news in earlier ones; says why not, where somebody wants it. */
function usesCorpusOf(options: ExploreOptions, say: (text: string) => void): boolean {
  const { corpus, seed, strategy = STRATEGY_DEFAULT } = options;
  const { isUsed, refusal } = corpusUse(corpus, { hasSeed: seed !== undefined, isPart: false, strategy });
  if (refusal !== undefined) say(`no corpus is used: ${refusal}\n`);
  return isUsed;
}

/**
 * Tells what an exploration begins with.
 *
 * @returns its seed: each goes on with the next one, as soon as the one before is told.
 */
async function beginCorpus(
  { query }: Database,
  { file, scenario }: { readonly file: string; readonly scenario: Scenario },
  say: (text: string) => void,
): Promise<Pick<ExploreOptions, 'seed'>> {
  const { entries, explorations } = await readCorpus(query, corpusName(file, scenario), scenario);
  const runs = entries.length === 1 ? '1 run that was' : `${entries.length} runs that were`;
  say(`${scenario.name}: begins with ${runs} news before\n`);
  return { seed: (1 + explorations) >>> 0 };
}

/** Explores a scenario, or tells what somebody else made of it. */
async function joined(
  exploring: Exploring & { readonly crew: Joiner },
  options: ExploreOptions,
): Promise<ScenarioReport['outcome']> {
  const { crew: joiner, reporting } = exploring;
  const telling: Exploring['reporting'] = {
    begin: (scenario) => reporting.begin(scenario),
    progress: (progress) => reporting.progress(progress),
    // What is told is kept first: whoever joins later tells the same.
    async ended(report) {
      await joiner.told(report);
      await reporting.ended(report);
    },
  };
  try {
    return (await exploreScenario({ ...exploring, reporting: telling }, options)).outcome;
  } catch (error) {
    if (!(error instanceof AlreadyTold)) throw error;
    await reporting.ended(error.report);
    return error.report.outcome;
  } finally {
    await joiner.end();
  }
}

async function work({ words, surroundings, database, queue }: Call): Promise<number> {
  const { lease } = words as { readonly lease?: string };
  const leaseMs = lease === undefined ? LEASE_MS : durationOf('--lease', lease);
  if (leaseMs < LEASE_MS_MIN) throw new UsageError(`Expected --lease to be at least 1s, got "${lease}".`);
  const lanes = Math.max(1, workersOf(words));
  const interruption = new Interruption();
  const { signal } = interruption;
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const say = (text: string): void => surroundings.output.print(text);
  say(`at work: ${lanes} at once, until somebody ends it\n`);
  try {
    const working = Array.from({ length: lanes }, async () => {
      const worker = `${hostname()} ${process.pid} ${randomUUID()}`;
      await workLane(database, { worker, queue, leaseMs }, { signal: either, say }).catch(
        (error: unknown) => {
          failed.abort();
          throw error;
        },
      );
    });
    const ended = await Promise.allSettled(working);
    const broken = ended.find(({ status: how }) => how === 'rejected');
    if (broken?.status === 'rejected') throw broken.reason;
    return ExitCode.passed;
  } finally {
    interruption.end();
  }
}

async function status({ database, surroundings }: Call): Promise<number> {
  surroundings.output.print(await statusText(database.query));
  return ExitCode.passed;
}
