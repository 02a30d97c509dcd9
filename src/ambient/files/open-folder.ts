// `fs.opendir`: an `fs.Dir` of Node.js over a handle of ours. Its binding is out of reach, unlike that of the
// other functions.

import fs from 'node:fs';
import { FileFailure } from '../../storage/file-failure.ts';
import type { HostContext } from '../context.ts';
import { type AnyFunction, dispatch, type Patch, patchMethod, refuseAsNode } from '../patch.ts';
import { escape } from '../traps/trap.ts';
import { KIND_CODES } from './entry-kinds.ts';
import { attempt } from './fs-error.ts';
import { answer, promised } from './file-call.ts';
import { absolute, givenPath } from './given-path.ts';

const OPEN_US = 40;
const READ_US = 30;

interface FolderOptions {
  readonly encoding?: string;
  readonly bufferSize?: number;
  readonly recursive?: boolean;
}

type Request = Parameters<typeof answer>[0];

/** Patches `opendir`, `opendirSync` and the one of promises. What Node.js refuses, it refuses by itself. */
export function openFolderPatches(): Patch[] {
  const accepted = (
    original: AnyFunction,
    virtual: (host: HostContext, given: Given, args: unknown[]) => unknown,
  ): AnyFunction =>
    dispatch(original, (host, args, self) => {
      const given = givenBy(args);
      return given === undefined ? Reflect.apply(original, self, args) : virtual(host, given, args);
    });
  return [
    patchMethod('fs.opendirSync', fs, 'opendirSync', (original) =>
      accepted(original, (host, given) => openFolder(host, given, { showsPath: false })),
    ),
    patchMethod('fs.opendir', fs, 'opendir', (original) =>
      accepted(original, (host, given, args) => {
        const callback = typeof args[1] === 'function' ? args[1] : args[2];
        if (typeof callback !== 'function') refuseAsNode(original, fs, args);
        host.complete('fs.opendir', OPEN_US, () => {
          answer({ oncomplete: callback as AnyFunction }, () => openFolder(host, given));
        });
      }),
    ),
    patchMethod('fs.promises.opendir', fs.promises, 'opendir', (original) =>
      accepted(original, (host, given) =>
        promised(host, 'fs.opendir', OPEN_US, () => openFolder(host, given)),
      ),
    ),
  ];
}

/** The entries of a folder as `fs.Dir` asks for them: names and kinds in turn. */
class HostFolder {
  readonly #host: HostContext;
  #left: (string | Buffer | number)[];

  constructor(host: HostContext, entries: (string | Buffer | number)[]) {
    this.#host = host;
    this.#left = entries;
  }

  read(_encoding: unknown, bufferSize: number, request?: Request): unknown {
    const perform = (): unknown => (this.#left.length === 0 ? null : this.#left.splice(0, bufferSize * 2));
    if (request === undefined) return perform();
    this.#host.complete('fs.readdir', READ_US, () => answer(request, perform));
    return undefined;
  }

  close(request?: Request): void {
    this.#left = [];
    if (request === undefined) return;
    this.#host.complete('fs.closedir', READ_US, () => request.oncomplete(null));
  }
}

interface Given {
  readonly shown: string;
  readonly at: string;
  readonly options: FolderOptions;
}

/** What was given; undefined where Node.js would not accept the path. */
function givenBy([given, second]: unknown[]): Given | undefined {
  const shown = givenPath(given);
  if (shown === undefined) return undefined;
  const options = typeof second === 'string' ? { encoding: second } : second;
  const isObject = typeof options === 'object' && options !== null;
  return { shown, at: absolute(shown), options: isObject ? options : {} };
}

function openFolder(
  host: HostContext,
  { shown, at, options }: Given,
  { showsPath }: { showsPath: boolean } = { showsPath: true },
): fs.Dir {
  if (options.recursive === true) {
    escape(host, 'fs.opendir', [shown, options], 'Use `fs.readdir` with `{ recursive: true }`.');
  }
  // The errors of `opendirSync` name no path.
  const entries = attempt({ syscall: 'opendir', path: showsPath ? shown : undefined }, () => {
    if (!host.isAlive) throw new FileFailure('EIO');
    return listed(host, at, options);
  });
  const Dir = fs.Dir as unknown as new (handle: HostFolder, path: string, options: FolderOptions) => fs.Dir;
  const { bufferSize, encoding } = options;
  const dir = new Dir(new HostFolder(host, entries), shown, {
    ...(bufferSize === undefined ? {} : { bufferSize }),
    ...(encoding === undefined ? {} : { encoding }),
  });
  return dir;
}

function listed(host: HostContext, at: string, options: FolderOptions): (string | Buffer | number)[] {
  host.files.makeSureOfRoom();
  return host.files.disk.list(at).flatMap(([name, kind]) => {
    const shown = options.encoding === 'buffer' ? Buffer.from(name) : name;
    return [shown, KIND_CODES[kind]];
  });
}
