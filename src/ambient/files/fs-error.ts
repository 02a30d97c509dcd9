// The errors of Node.js that a host gets from its file system.

import { getSystemErrorMap } from 'node:util';
import { failureCode } from '../../storage/file-failure.ts';

/** What was tried: the system call, and the paths as the program gave them. */
export interface Attempt {
  readonly syscall: string;
  readonly path?: string | undefined;
  readonly dest?: string | undefined;
}

let errnos: Map<string, [errno: number, description: string]> | undefined;

/** Makes the error that Node.js makes of a failed system call. */
export function systemCallError(code: string, { syscall, path, dest }: Attempt): Error {
  // Made when the first operation of the process fails; it never changes.
  errnos ??= new Map([...getSystemErrorMap()].map(([errno, [name, text]]) => [name, [errno, text]]));
  const [errno, description] = errnos.get(code) ?? [-1, 'unknown error'];
  const from = path === undefined ? '' : ` '${path}'`;
  const to = dest === undefined ? '' : ` -> '${dest}'`;
  return Object.assign(new Error(`${code}: ${description}, ${syscall}${from}${to}`), {
    errno,
    code,
    syscall,
    ...(path === undefined ? {} : { path }),
    ...(dest === undefined ? {} : { dest }),
  });
}

/** Does something on the disk; what the disk refuses becomes an error of Node.js. */
export function attempt<Result>(tried: Attempt, body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    const code = failureCode(error);
    // An error that already says what was tried is passed on.
    if (code === undefined || (error as { syscall?: unknown }).syscall === tried.syscall) throw error;
    throw systemCallError(code, tried);
  }
}
