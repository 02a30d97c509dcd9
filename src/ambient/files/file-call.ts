// One function of the binding below node:fs, as a host performs it: at once, or as an event of its own with a
// callback or a promise.

import type { HostContext } from '../context.ts';
import { type AnyFunction, dispatch } from '../patch.ts';
import type { FileScope } from './file-scope.ts';
import { attempt, systemCallError } from './fs-error.ts';
import { absolute, pathText } from './given-path.ts';
import { takeOverReadFile } from './read-context.ts';

/** One function of the binding. */
export interface FileCall {
  /** The system call that errors name. */
  readonly syscall: string;
  /** How many arguments at the front are paths. */
  readonly paths: 0 | 1 | 2;
  /** Whether the first path is kept as it was given: what a link points to. */
  readonly keepsFirst?: boolean;
  /** Which argument is the request for a callback or a promise; undefined for what is only synchronous. */
  readonly request?: number;
  /** How long it takes on a thread, in virtual microseconds. */
  readonly us: number;
  /** How much longer it takes on a disk that is slow. */
  delayUs?(scope: FileScope, args: readonly unknown[]): number;
  /** Paths in `args` are absolute. */
  perform(scope: FileScope, args: readonly unknown[]): unknown;
}

/** A request of the callback functions; made by Node.js, never given to the operating system on a host. */
interface Request {
  oncomplete(error: unknown, result?: unknown): void;
}

/** What stands for a promise in the place of a request. */
export type UsePromises = symbol;

/** Makes the replacement of one function of the binding. */
export function fileCallPatch(
  name: string,
  call: FileCall,
  usePromises: UsePromises,
): (original: AnyFunction) => AnyFunction {
  const what = `fs.${name}`;
  return (original) =>
    dispatch(original, (host, args) => {
      const request = call.request === undefined ? undefined : args[call.request];
      const perform = prepare(host, call, args);
      if (request === undefined) return perform();
      const us = call.us + (call.delayUs?.({ host, files: host.files }, args) ?? 0);
      if (request === usePromises) return promised(host, what, us, perform);
      if (!takeOverReadFile({ host, files: host.files }, name, request, args))
        host.complete(what, us, () => answer(request as Request, perform));
      return undefined;
    });
}

/** Does something on a thread, as it were, and gives a promise of it. */
export function promised<Result>(
  host: HostContext,
  what: string,
  us: number,
  perform: () => Result,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    host.complete(what, us, () => {
      try {
        resolve(perform());
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** Answers a request as Node.js does: without a second argument where there is no result. */
export function answer(request: Request, perform: () => unknown): void {
  let result: unknown;
  try {
    result = perform();
  } catch (error) {
    request.oncomplete(error);
    return;
  }
  if (result === undefined) request.oncomplete(null);
  else request.oncomplete(null, result);
}

/** Paths are resolved when the call is made, the disk is touched when it completes. */
function prepare(host: HostContext, call: FileCall, args: readonly unknown[]): () => unknown {
  const { syscall } = call;
  const given = args.slice(0, call.paths).map(pathText);
  const resolved = [...given.map(absolute), ...args.slice(call.paths)];
  if (call.keepsFirst === true) resolved[0] = given[0];
  const [from, to] = given;
  const tried = { syscall, path: from, dest: to };
  return () => {
    // Code that is left over from an incarnation that ended.
    if (!host.isAlive) throw systemCallError('EIO', tried);
    const perform = (): unknown => call.perform({ host, files: host.files }, resolved);
    return host.clock.quietly(() => attempt(tried, perform));
  };
}
