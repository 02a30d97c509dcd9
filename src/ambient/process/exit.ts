// How code that asked to end the process is left: by an object that is thrown through it, and that nobody who
// handles errors of a host takes for an error.

/** What `process.exit()` throws on a host, where it cannot end the thread. */
export class ProcessExit {
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }

  toString(): string {
    return `process.exit(${this.code}) on a simulated host`;
  }
}

/** Exit code of an error that nobody handled. */
export const EXIT_UNCAUGHT = 1;
/** Exit code of a process whose event loop became empty while a top-level `await` was pending. */
export const EXIT_UNSETTLED_AWAIT = 13;
/** Exit code of `process.abort()`. */
export const EXIT_ABORTED = 134;
/** A process that a signal ended has this exit code, plus the number of the signal, as a shell shows it. */
export const EXIT_SIGNALLED = 128;

/** Node.js' rule: an integer, also as a string, or nothing. @throws {TypeError} For anything else. */
export function checkedExitCode(code: unknown): number | undefined {
  if (code === undefined || code === null) return undefined;
  const number = typeof code === 'string' && code !== '' ? Number(code) : code;
  if (typeof number === 'number' && Number.isInteger(number)) return number;
  const received = typeof code === 'number' ? String(code) : `type ${typeof code}`;
  const error = new TypeError(`The "code" argument must be of type number. Received ${received}`);
  throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}
