// `fs.readFile` reads and closes by functions that it took from the binding when it was first called, perhaps
// before wavetank was there. A host takes the job over at the first step, which is dispatched.

import { readAll } from './read-all.ts';
import { attempt } from './fs-error.ts';
import type { FileScope } from './file-scope.ts';
import { absolute, pathText } from './given-path.ts';

const WHOLE_FILE_US = 150;

/** What Node.js keeps of one `fs.readFile`. */
interface ReadFileContext {
  readonly callback: (error: unknown, content?: unknown) => void;
  readonly encoding: BufferEncoding | null | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The request of the first step: opening a path, or looking at a descriptor. */
interface FirstStep {
  readonly context?: ReadFileContext;
}

/** Reads a whole file for `fs.readFile`, if that is who asks. @returns whether it is. */
export function takeOverReadFile(
  { host, files }: FileScope,
  name: string,
  request: unknown,
  args: readonly unknown[],
): boolean {
  const { context } = request as FirstStep;
  if (context === undefined || (name !== 'open' && name !== 'fstat')) return false;
  if (context.constructor.name !== 'ReadFileContext') return false;
  const [given, flags] = args;
  host.complete('fs.readFile', WHOLE_FILE_US, () => {
    let content: unknown;
    try {
      context.signal?.throwIfAborted();
      const bytes =
        name === 'fstat'
          ? attempt({ syscall: 'read' }, () => readAll(files, given as number))
          : readPath({ host, files }, pathText(given), flags as number);
      content = context.encoding == null ? bytes : bytes.toString(context.encoding);
    } catch (error) {
      context.callback(context.signal?.aborted === true ? abortError(context.signal) : error);
      return;
    }
    context.callback(null, content);
  });
  return true;
}

function readPath({ files }: FileScope, path: string, flags: number): Buffer {
  const fd = attempt({ syscall: 'open', path }, () => files.open(absolute(path), flags, 0o666));
  try {
    return attempt({ syscall: 'read' }, () => readAll(files, fd));
  } finally {
    files.close(fd);
  }
}

/** The error of Node.js' own functions; that of web functions is a `DOMException`. */
function abortError(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason as unknown });
  error.name = 'AbortError';
  return Object.assign(error, { code: 'ABORT_ERR' });
}
