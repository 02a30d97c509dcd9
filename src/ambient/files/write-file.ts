// `fs.writeFile` of Node.js 26 hands its data to a job that nothing can look into: on a host it opens, writes
// and closes, as the versions before did.

import fs from 'node:fs';
import { type AnyFunction, dispatch, type Patch, patchMethod } from '../patch.ts';
import type { FileBinding } from './whole-files.ts';
import { InternalError } from '../../errors.ts';

interface WriteOptions {
  readonly encoding?: BufferEncoding | null;
  readonly flag?: string | number;
  readonly mode?: number | string;
  readonly flush?: boolean;
  readonly signal?: AbortSignal;
}

/** Patches it where it is needed. */
export function writeFilePatches(binding: FileBinding): Patch[] {
  if (!('WriteFileJob' in binding)) return [];
  const { prototype } = binding['WriteFileJob'] as { prototype: object };
  return [
    patchMethod('fs.writeFile', fs, 'writeFile', (original) =>
      dispatch(original, (_host, args) => writeFile(original, args)),
    ),
    patchMethod('WriteFileJob.prototype.run', prototype, 'run', (original) =>
      dispatch(original, () => {
        throw new InternalError(
          '`fs.writeFile` was taken from node:fs before wavetank was loaded: ' +
            'load wavetank first (`node --import wavetank/register`).',
        );
      }),
    ),
  ];
}

function writeFile(original: AnyFunction, args: unknown[]): void {
  const [given, data, second, third] = args;
  const callback = (third ?? second) as AnyFunction;
  const options = optionsOf(second);
  const isOurs =
    typeof callback === 'function' &&
    typeof given !== 'number' &&
    (typeof data === 'string' || ArrayBuffer.isView(data)) &&
    options !== undefined &&
    options.flush !== true &&
    options.signal === undefined;
  // What Node.js refuses, it refuses; and where it flushes, it opens by itself.
  if (!isOurs) {
    Reflect.apply(original, fs, args);
    return;
  }
  fs.open(given as string, options.flag ?? 'w', options.mode ?? 0o666, (openError, fd) => {
    if (openError !== null) {
      callback(openError);
      return;
    }
    const bytes = typeof data === 'string' ? Buffer.from(data, options.encoding ?? 'utf8') : data;
    const close = (writeError: unknown): void =>
      fs.close(fd, (closeError) => callback(writeError ?? closeError ?? null));
    Reflect.apply(original, fs, [fd, bytes, { flag: options.flag ?? 'w' }, close]);
  });
}

function optionsOf(given: unknown): WriteOptions | undefined {
  if (given === undefined || given === null || typeof given === 'function') return {};
  if (typeof given === 'string') return { encoding: given as BufferEncoding };
  return typeof given === 'object' ? given : undefined;
}
