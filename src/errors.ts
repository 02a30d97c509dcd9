// The typed errors of the public surface. Each carries a stable `code`; a message says what was
// expected, what came instead, and how to go on. May be imported by every folder.

import type { Exploration } from './explore/explore.ts';

/** Describes a value for an error message: shown shortened, with its type. */
export function describeValue(value: unknown): string {
  const type =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'array'
        : typeof value === 'object'
          ? 'object'
          : typeof value;
  return `\`${showValue(value)}\` (${type})`;
}

function showValue(value: unknown): string {
  const shown = typeof value === 'string' ? JSON.stringify(value) : showOther(value);
  return shown.length > 120 ? `${shown.slice(0, 117)}...` : shown;
}

function showOther(value: unknown): string {
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return JSON.stringify(value) ?? Object.prototype.toString.call(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** Puts the code behind the class name, as Node.js does: `RangeError [WT_OPTION]: ...`. */
function nameWithCode(error: Error, kind: string, code: string): void {
  Object.defineProperty(error, 'name', { value: `${kind} [${code}]`, configurable: true, writable: true });
  Object.defineProperty(error, 'toJSON', {
    value: () => errorJson(error),
    configurable: true,
    writable: true,
  });
}

/**
 * An error as plain data: what it says, and the properties that can be listed. Vitest sends errors between
 * processes and prints every property that they have; asked for this, it prints no whole runs.
 */
export function errorJson(error: Error): object {
  const { name, message, stack } = error;
  return Object.assign({ name, message, stack }, error);
}

/** A caller's mistake in an option, a plan or a scenario: found before anything runs. */
export class OptionError extends RangeError {
  readonly code = 'WT_OPTION';
  constructor(message: string) {
    super(message);
    nameWithCode(this, 'RangeError', this.code);
  }

  /** Builds "Expected `option` to be ..., got `value` (type)." */
  static expected(option: string, expectation: string, got: unknown, hint = ''): OptionError {
    const tail = hint === '' ? '' : ` ${hint}`;
    return new OptionError(`Expected \`${option}\` to be ${expectation}, got ${describeValue(got)}.${tail}`);
  }
}

/** A recorded history that cannot be read, or contradicts itself. */
export class HistoryError extends RangeError {
  readonly code = 'WT_HISTORY';
  constructor(message: string) {
    super(message);
    nameWithCode(this, 'HistoryError', this.code);
  }

  /** Builds "event 3: expected ..., got `value` (type)." */
  static expected(expectation: string, got: unknown, at?: string): HistoryError {
    const text = `expected ${expectation}, got ${describeValue(got)}.`;
    return new HistoryError(at === undefined ? text : `${at}: ${text}`);
  }
}

/** A system answered what its model does not allow; thrown by commands, and counted as an assertion. */
export class ModelError extends Error {
  readonly code = 'WT_MODEL';
  /** What it was asked. */
  readonly input: unknown;
  /** What it answered. */
  readonly answer: unknown;

  constructor(message: string, { input, answer }: { readonly input: unknown; readonly answer: unknown }) {
    super(message);
    this.input = input;
    this.answer = answer;
    nameWithCode(this, 'AssertionError', this.code);
  }
}

/** A replay token that cannot be read: truncated, altered, or of another version. */
export class TokenError extends RangeError {
  readonly code = 'WT_TOKEN';
  constructor(message: string) {
    super(message);
    nameWithCode(this, 'TokenError', this.code);
  }
}

/** A stored report that cannot be read: no report, of another version, cut off or altered. */
export class ReportError extends RangeError {
  readonly code = 'WT_REPORT';
  constructor(message: string) {
    super(message);
    nameWithCode(this, 'ReportError', this.code);
  }

  /** Builds "report.json: expected ..., got `value` (type)." */
  static expected(place: string, expectation: string, got: unknown, hint = ''): ReportError {
    const tail = hint === '' ? '' : ` ${hint}`;
    return new ReportError(`${place}: expected ${expectation}, got ${describeValue(got)}.${tail}`);
  }
}

/** A file of what was found before that cannot be read or written as it is. */
export class RegressionsError extends Error {
  readonly code = 'WT_REGRESSIONS';
  constructor(message: string) {
    super(message);
    nameWithCode(this, 'RegressionsError', this.code);
  }
}

/** A replay token that no longer applies to the scenario it names. */
export class StaleReplayError extends Error {
  readonly code = 'WT_STALE';
  constructor(message: string) {
    super(message);
    nameWithCode(this, 'StaleReplayError', this.code);
  }
}

/** Two runs of the same scenario, workload, plan and seed were not the same run. */
export class DivergenceError extends Error {
  readonly code = 'WT_DIVERGED';
  readonly seed: number;
  readonly step: number;
  constructor(message: string, at: { seed: number; step: number }) {
    super(message);
    this.seed = at.seed;
    this.step = at.step;
    nameWithCode(this, 'DivergenceError', this.code);
  }
}

/** An exploration that passed without reaching what it declared to be interesting. */
export class VacuousError extends Error {
  readonly code = 'WT_VACUOUS';
  readonly missing: readonly string[];
  constructor(message: string, missing: readonly string[]) {
    super(message);
    this.missing = missing;
    nameWithCode(this, 'VacuousError', this.code);
  }
}

/** An exploration in a test that the test had no time for. No run failed until then. */
export class TimeLimitError extends Error {
  readonly code = 'WT_TIME';
  /** How far it came. */
  declare readonly exploration: Exploration;

  constructor(message: string, exploration: Exploration) {
    super(message);
    // Test runners print every property that can be listed.
    Object.defineProperty(this, 'exploration', { value: exploration });
    nameWithCode(this, 'TimeLimitError', this.code);
  }
}

/** A scenario that fails before anything in it is altered. */
export class BaselineError extends Error {
  readonly code = 'WT_BASELINE';
  constructor(message: string) {
    super(message);
    nameWithCode(this, 'BaselineError', this.code);
  }
}

/**
 * Something around wavetank makes a simulation impossible: other fake timers, a second copy, a missing
 * peer.
 */
export class EnvironmentError extends Error {
  readonly code = 'WT_ENVIRONMENT';
  constructor(message: string) {
    super(message);
    nameWithCode(this, 'EnvironmentError', this.code);
  }
}

/** What {@link EscapeError} tells. */
export interface Escape {
  /** The API: `child_process.spawn`, or `a native TCPWRAP`. */
  readonly api: string;
  /** What the host did: `called \`child_process.spawn("git")\``. */
  readonly did: string;
  readonly host: string;
  /** `file:line:column` of the code that did it, as far as it is known. */
  readonly site: string | undefined;
  /** The place in the user's own code that led there, when `site` is in a package. */
  readonly caller?: string | undefined;
  /** Virtual time. */
  readonly atMs: number;
  /** What to do about it, as one or more sentences. */
  readonly wayOut: string;
}

/** Code of a host was about to leave the simulation: to call what cannot be made deterministic. */
export class EscapeError extends Error {
  readonly code = 'WT_ESCAPE';
  /** The API that was called: `child_process.spawn`. */
  readonly api: string;
  readonly host: string;
  /** `file:line:column` of the code that called. */
  readonly site: string | undefined;
  /** Virtual time. */
  readonly atMs: number;
  readonly #escape: Escape;

  /** @param run - The run in which it happened, in words. */
  constructor(escape: Escape, run?: string) {
    const { api, did, host, site, caller, atMs, wayOut } = escape;
    const place = site === undefined ? '' : `${site}${caller === undefined ? '' : `, from ${caller}`}, `;
    super(
      `host \`${host}\` ${did}, which wavetank cannot make deterministic.\n` +
        `  at ${place}virtual time ${atMs} ms${run === undefined ? '' : `, ${run}`}\n  ${wayOut}`,
    );
    this.api = api;
    this.host = host;
    this.site = site;
    this.atMs = atMs;
    this.#escape = escape;
    nameWithCode(this, 'EscapeError', this.code);
  }

  /** The same error, saying in which run it happened. */
  inRun(run: string): EscapeError {
    const error = new EscapeError(this.#escape, run);
    error.cause = this;
    return error;
  }
}

/** A promise of wavetank itself is broken. Please report it with the seed. */
export class InternalError extends Error {
  readonly code = 'WT_INTERNAL';
  constructor(message: string) {
    super(`${message} This is a bug in wavetank; please report it with the seed.`);
    nameWithCode(this, 'InternalError', this.code);
  }
}

/** Stops with {@link InternalError} unless an invariant of wavetank holds. */
export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new InternalError(`Broken invariant: ${what}.`);
}

/** @throws {OptionError} If options are no object, or have a key that nobody would read. */
export function checkKeys(option: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw OptionError.expected(option, 'an object', options);
  for (const key of Object.keys(options)) {
    if (!known.includes(key))
      throw new OptionError(`${option}: unknown option "${key}"${nearMiss(key, known)}`);
  }
}

/** Names the closest known name: `: did you mean "payments"?`, or the known names, or nothing. */
export function nearMiss(name: string, known: readonly string[]): string {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  if (best !== undefined) return `: did you mean "${best}"?`;
  return known.length === 0 ? '.' : `. Known: ${known.map((each) => `"${each}"`).join(', ')}.`;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const swap = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
