// The functions of the binding below node:fs that read or write a whole file at once.

import { constants } from 'node:fs';
import { FileFailure } from '../../storage/file-failure.ts';
import type { OpenFiles } from '../../storage/open-files.ts';
import type { HostContext } from '../context.ts';
import type { AnyFunction, Patch } from '../patch.ts';
import { dispatch, patchMethod } from '../patch.ts';
import { currentHost } from '../registry.ts';
import { write } from './descriptor-calls.ts';
import { attempt } from './fs-error.ts';
import { exists, kindAt } from './path-calls.ts';
import { readAll } from './read-all.ts';
import type { FileScope } from './file-scope.ts';
import { absolute, pathText } from './given-path.ts';

const WHOLE_FILE_US = 150;

/** The binding below node:fs, as far as these functions need it. */
export type FileBinding = Record<string, unknown>;

/** Patches them. */
export function wholeFilePatches(binding: FileBinding): Patch[] {
  const method = (key: string, virtual: (scope: FileScope, args: unknown[]) => unknown): Patch[] =>
    key in binding
      ? [
          patchMethod(`binding.${key}`, binding, key, (original) =>
            dispatch(original, (host, args) => virtual({ host, files: host.files }, args)),
          ),
        ]
      : [];
  return [
    ...method('existsSync', ({ files }, [at]) => exists(files.disk, absolute(pathText(at)))),
    // Some versions give a receiver first.
    ...method('internalModuleStat', ({ files }, args) =>
      kindAt(files.disk, absolute(args.findLast((arg) => typeof arg === 'string') as string)),
    ),
    ...method('readFileUtf8', ({ files }, [at, flags]) => readWhole(files, at, flags as number).toString()),
    ...method('writeFileUtf8', (scope, [at, text, flags, mode]) =>
      writeWhole(scope, at, Buffer.from(text as string), { flags: flags as number, mode: mode as number }),
    ),
    ...jobPatches(binding),
  ];
}

/** Reads all of a file, given by its path or descriptor. `shown` is the path that errors of reading show. */
function readWhole(files: OpenFiles, given: unknown, flags: number, shown?: string): Buffer {
  if (typeof given === 'number') return attempt({ syscall: 'read' }, () => readAll(files, given));
  const path = pathText(given);
  const fd = attempt({ syscall: 'open', path }, () => files.open(absolute(path), flags, 0o666));
  try {
    return attempt({ syscall: 'read', path: shown }, () => readAll(files, fd));
  } finally {
    files.close(fd);
  }
}

function writeWhole(
  { host, files }: FileScope,
  given: unknown,
  bytes: NodeJS.ArrayBufferView,
  { flags, mode }: { flags: number; mode: number },
): void {
  const part = { buffer: bytes, offset: 0, length: bytes.byteLength, position: undefined };
  if (typeof given === 'number') {
    attempt({ syscall: 'write' }, () => write(files, host, given, part));
    return;
  }
  const path = pathText(given);
  const fd = attempt({ syscall: 'open', path }, () => {
    if (!host.isAlive) throw new FileFailure('EIO');
    return files.open(absolute(path), flags, mode);
  });
  try {
    if (part.length > 0) attempt({ syscall: 'write' }, () => write(files, host, fd, part));
  } finally {
    files.close(fd);
  }
}

/** A job of Node.js 26: a whole file in one turn of a thread. */
interface Job {
  ondone(error: unknown, ...results: unknown[]): void;
}

/**
 * Patches the jobs. Their arguments are out of reach once they are made, so that the class is replaced where
 * Node.js looks it up; where it took the class when it loaded (`fs.readFile`), the method that starts a job
 * is, which knows the path alone.
 */
function jobPatches(binding: FileBinding): Patch[] {
  if (!('ReadFileJob' in binding)) return [];
  const read = (host: HostContext, job: Job, path: unknown, flags: number): undefined => {
    finish(host, job, 'fs.readFile', () => [readWhole(host.files, path, flags, pathText(path)), -1]);
  };
  const { prototype } = binding['ReadFileJob'] as { prototype: object };
  return [
    patchMethod('ReadFileJob.prototype.run', prototype, 'run', (original) =>
      dispatch(original, (host, [path], self) => read(host, self as Job, path, constants.O_RDONLY)),
    ),
    classPatch(binding, 'ReadFileJob', ([path, flags]) => ({
      run(this: Job): undefined {
        return read(currentHost() as HostContext, this, path, flags as number);
      },
    })),
    classPatch(binding, 'WriteFileJob', ([path, flags, mode, data]) => ({
      run(this: Job): undefined {
        const host = currentHost() as HostContext;
        const how = { flags: flags as number, mode: mode as number };
        finish(host, this, 'fs.writeFile', () => {
          writeWhole({ host, files: host.files }, path, data as NodeJS.ArrayBufferView, how);
          return [];
        });
        return undefined;
      },
    })),
  ];
}

/** Replaces a class of the binding: on a host, `new` gives an object that is made by `make`. */
function classPatch(binding: FileBinding, key: string, make: (args: unknown[]) => object): Patch {
  return {
    name: `binding.${key}`,
    target: binding,
    key,
    part: 'value',
    make: (original) =>
      new Proxy(original as AnyFunction, {
        construct: (target, args: unknown[], newTarget) =>
          currentHost() === undefined ? (Reflect.construct(target, args, newTarget) as object) : make(args),
      }),
  };
}

function finish(host: HostContext, job: Job, what: string, perform: () => unknown[]): void {
  host.complete(what, WHOLE_FILE_US, () => {
    let results: unknown[];
    try {
      results = perform();
    } catch (error) {
      job.ondone(error);
      return;
    }
    job.ondone(null, ...results);
  });
}
