// Defines a host that is a program: an unmodified entry file with the user's own modules, bundled once and
// evaluated afresh for each incarnation.

import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { currentHost } from '../ambient/registry.ts';
import { callerFile } from '../engine/call-site.ts';
import { OptionError, checkKeys, nearMiss } from '../errors.ts';
import type { HostDefinition } from './definition.ts';
import type { BundleRequest } from './program/bundle.ts';
import { couplingPackages } from './program/coupling-packages.ts';
import type * as Prepare from './program/prepare.ts';
import type { ProgramCode } from './program/program-code.ts';

/** Options of {@link program}. */
export interface ProgramOptions {
  /** The environment of the process: exactly this, and nothing of the developer's. Default empty. */
  readonly env?: Readonly<Record<string, string>>;
  /** `process.argv` behind the entry file. Default none. */
  readonly args?: readonly string[];
  /**
   * Files that stand in the place of others, by what they replace: a specifier as the program writes it
   * (`'pg'`, `'node:child_process'`), or a module of the program by its path. Paths are relative to the file
   * that calls `program()`.
   */
  readonly replace?: Readonly<Record<string, string>>;
  /**
   * Packages that are evaluated for each incarnation, as the program's own modules are. All others are loaded
   * once and shared. Default none, but those whose modules are known to couple hosts always are: undici, ws,
   * socket.io, NestJS, nanoid, uuid.
   */
  readonly isolate?: readonly string[];
}

const KNOWN = ['env', 'args', 'replace', 'isolate'];

/** What bundles programs: only who has some loads it. */
let preparing: Promise<typeof Prepare> | undefined;

/**
 * Defines a host that runs an unmodified program: the entry file that is deployed, and all modules of it that
 * are not in `node_modules`, in TypeScript or JavaScript, as ES modules or CommonJS.
 *
 * The modules are bundled once, before the first run, and evaluated for each incarnation: two hosts share no
 * module state, and a crash loses it. Packages are loaded once and shared, unless `isolate` names them. What
 * the entry file exports can be read by checks as `world.host(name).exports`.
 *
 * The process has its own `process`: environment, arguments, listeners, streams, exit. It ends as in Node.js:
 * by `process.exit()`, by an error that nobody handles, by a signal, or when nothing is left to do.
 *
 * @param entry - A URL, an absolute path, or a path relative to the file that calls.
 * @throws {OptionError} If the file does not exist, or an option is none.
 * @throws {EnvironmentError} Before the first run, if a module cannot be bundled.
 * @example
 * program('./services/orders.ts', { env: { PAYMENTS_URL: 'http://payments:4000' } })
 */
export function program(entry: string | URL, options: ProgramOptions = {}): HostDefinition {
  checkKeys('program(entry, options)', options, KNOWN);
  const folder = dirname(callerFile() ?? join(process.cwd(), 'unknown'));
  const file = existingFile('program(entry)', entry, folder);
  const args = checkStrings('args', options.args ?? []);
  const env = checkEnv(options.env ?? {});
  const request: BundleRequest = {
    entry: file,
    replace: checkReplace(options.replace ?? {}, folder),
    isolate: new Set([...Object.keys(couplingPackages), ...checkStrings('isolate', options.isolate ?? [])]),
  };
  let code: ProgramCode | undefined;
  return {
    kind: 'program',
    async prepare() {
      // Asked once: every `import()` takes a turn of a thread where a loader such as tsx is installed.
      const { prepareProgram } = await (preparing ??= import('./program/prepare.ts'));
      code = await prepareProgram(request);
    },
    boot(host) {
      if (code === undefined) throw new OptionError(`The program ${file} was booted before it was prepared.`);
      currentHost()?.process.start({ env, argv: [file, ...args] });
      const done = code.newEvaluation().run((exports) => host.expose(exports));
      return done === undefined ? {} : done.then(() => ({}));
    },
  };
}

function existingFile(option: string, entry: unknown, folder: string): string {
  const isUrl = entry instanceof URL || (typeof entry === 'string' && entry.startsWith('file://'));
  if (!isUrl && (typeof entry !== 'string' || entry === '')) {
    throw OptionError.expected(option, 'a path or a file URL', entry);
  }
  const file = isUrl ? fileURLToPath(entry) : resolve(folder, entry);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return realpathSync(file);
  const parent = dirname(file);
  const names = existsSync(parent) && !existsSync(file) ? readdirSync(parent) : [];
  const hint = existsSync(parent) ? nearMiss(basename(file), names) : `: there is no folder ${parent}.`;
  throw new OptionError(`Expected \`${option}\` to be a file, got ${file}, which is none${hint}`);
}

function checkStrings(option: string, list: unknown): readonly string[] {
  if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
  throw OptionError.expected(option, 'a list of strings', list);
}

function checkEnv(env: unknown): Readonly<Record<string, string>> {
  if (typeof env !== 'object' || env === null) throw OptionError.expected('env', 'an object of strings', env);
  for (const [name, value] of Object.entries(env)) {
    if (typeof value !== 'string') throw OptionError.expected(`env.${name}`, 'a string', value);
  }
  return { ...(env as Record<string, string>) };
}

function checkReplace(replace: unknown, folder: string): ReadonlyMap<string, string> {
  if (typeof replace !== 'object' || replace === null || Array.isArray(replace)) {
    throw OptionError.expected('replace', 'an object of files by what they replace', replace);
  }
  const checked = new Map<string, string>();
  for (const [from, to] of Object.entries(replace)) {
    const isPath =
      !isBuiltin(from) && (from.startsWith('.') || isAbsolute(from) || from.startsWith('file://'));
    const name = isPath ? existingFile(`replace["${from}"]`, from, folder) : from;
    checked.set(name, existingFile(`replace["${from}"]`, to, folder));
  }
  return checked;
}
