// Several reporters at once: gives each its output, tells all of them what happens, and writes their files
// when everything is over.

import { appendFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { EnvironmentError } from '../errors.ts';
import { reportDocument } from '../report/build-document.ts';
import type { ReportDocument, ScenarioReport } from '../report/document.ts';
import type { Output, Reporter, ReporterTools, ScenarioProgress } from '../report/reporters/reporter.ts';
import { createOutput } from './output.ts';
import { checkWritable, writeWhole } from './report-file.ts';
import { REPORT_FOLDER, type ChosenReporter } from './reporter-words.ts';
import { wholeOutput, withoutCommands } from './standard-output.ts';

/** What is around the reporters. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly versions: ReporterTools['versions'];
  /** Where is printed. */
  readonly output: Output;
}

interface Running {
  readonly reporter: Reporter;
  /** Writes its file, where it has one. */
  readonly commit: () => void;
}

/** The reporters of one call of the command line. */
export class Reporting {
  readonly #running: readonly Running[];
  readonly #scenarios: ScenarioReport[] = [];
  readonly #versions: ReporterTools['versions'];

  /**
   * Makes the reporters, after trying whether their files can be written.
   *
   * @throws {OptionError} If one cannot.
   */
  constructor(chosen: readonly ChosenReporter[], surroundings: Surroundings) {
    for (const { name, path } of chosen) {
      if (path !== undefined) checkWritable(`--reporter ${name}`, path);
    }
    this.#versions = surroundings.versions;
    const isWhole = chosen.some(({ kind, path }) => path === undefined && kind.prints === 'whole');
    const printed = isWhole ? wholeOutput() : surroundings.output;
    const save = saver();
    this.#running = chosen.map((each) => running(each, { ...surroundings, output: printed }, save));
  }

  /** The exploration of a scenario begins. */
  begin(scenario: string): void {
    for (const { reporter } of this.#running) reporter.begin?.(scenario);
  }

  progress(progress: ScenarioProgress): void {
    for (const { reporter } of this.#running) reporter.progress?.(progress);
  }

  async ended(scenario: ScenarioReport): Promise<void> {
    this.#scenarios.push(scenario);
    for (const { reporter } of this.#running) await reporter.ended?.(scenario);
  }

  /**
   * Everything is over. A reporter that fails keeps no other from writing.
   *
   * @param document - Default: one of all scenarios that ended.
   */
  async end(document: ReportDocument = reportDocument(this.#scenarios, this.#versions)): Promise<void> {
    const errors: unknown[] = [];
    for (const { reporter, commit } of this.#running) {
      try {
        await reporter.end?.(document);
        commit();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

function running(
  { kind, path }: ChosenReporter,
  { env, versions, output }: Surroundings,
  save: ReporterTools['save'],
): Running {
  const collected: (string | Uint8Array)[] = [];
  const file = createOutput({ write: (content) => collected.push(content) }, env);
  const isGuarded = env.GITHUB_ACTIONS === 'true' && kind.prints === undefined;
  const printed = isGuarded ? withoutCommands(output) : output;
  const summary = env.GITHUB_STEP_SUMMARY ?? '';
  const tools: ReporterTools = {
    output: path === undefined ? printed : file,
    versions,
    save,
    folder: folderIn(env.GITHUB_WORKSPACE),
    nowMs: () => performance.now(),
    ...(summary === '' ? {} : { summarize: (markdown) => append(summary, markdown) }),
  };
  const commit = (): void => {
    const parts = collected.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
    if (path !== undefined) writeWhole(path, Buffer.concat(parts));
  };
  return { reporter: kind.make(tools), commit };
}

/** Saves files that lie beside a report; where that fails, the report says so. */
function saver(): ReporterTools['save'] {
  const taken = new Set<string>();
  return (name, content) => {
    const [, stem = name, extension = ''] = /^(.*)(\.\w+)$/.exec(name) ?? [];
    let path = join(REPORT_FOLDER, name);
    for (let i = 2; taken.has(path); i++) path = join(REPORT_FOLDER, `${stem}-${i}${extension}`);
    taken.add(path);
    try {
      writeWhole(path, content);
      return path;
    } catch (error) {
      return (error as Error).message;
    }
  };
}

function append(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (error) {
    throw new EnvironmentError(`GITHUB_STEP_SUMMARY cannot be written: ${(error as Error).message}.`);
  }
}

/** What leads from a folder to the working folder; nothing where it is outside. */
function folderIn(root = ''): string {
  const path = root === '' ? '' : relative(root, process.cwd());
  return path.startsWith('..') ? '' : path.replaceAll(sep, '/');
}
