// `fs.cp`, `fs.cpSync` and the one of promises. Node.js' own reach the real disk by ways that cannot be
// patched; these are its algorithm of version 20, over the functions of node:fs.

import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { type AnyFunction, dispatch, type Patch, patchMethod } from '../patch.ts';
import { copyError } from './copy-error.ts';
import { promised } from './file-call.ts';
import { givenPath } from './given-path.ts';

const COPY_US = 300;

/** Whether a path is copied; asked before each. The asynchronous functions await its answer. */
type Filter = (from: string, to: string) => boolean | Promise<boolean>;

interface CopyOptions {
  readonly dereference?: boolean;
  readonly errorOnExist?: boolean;
  readonly filter?: Filter;
  readonly force?: boolean;
  readonly mode?: number;
  readonly preserveTimestamps?: boolean;
  readonly recursive?: boolean;
  readonly verbatimSymlinks?: boolean;
}

/** A copy that is under way: it yields what a filter answered, and is told what came of it. */
type Copying = Generator<boolean | Promise<boolean>, void, boolean>;

const FLAGS = ['dereference', 'errorOnExist', 'force', 'preserveTimestamps', 'recursive', 'verbatimSymlinks'];

/** Patches all three. What Node.js refuses, it refuses by itself. */
export function copyTreePatches(): Patch[] {
  return [
    patchMethod('fs.cpSync', fs, 'cpSync', (original) =>
      dispatch(original, (_host, args, self) => {
        const copying = copyingBy(args);
        return copying === undefined ? Reflect.apply(original, self, args) : runSync(copying);
      }),
    ),
    patchMethod('fs.promises.cp', fs.promises, 'cp', (original) =>
      dispatch(original, async (host, args, self) => {
        const copying = copyingBy(args);
        if (copying === undefined) {
          await Reflect.apply(original, self, args);
          return;
        }
        await promised(host, 'fs.cp', COPY_US, () => undefined);
        await run(copying);
      }),
    ),
    patchMethod('fs.cp', fs, 'cp', (original) =>
      dispatch(original, (host, args, self) => {
        const callback = typeof args[2] === 'function' ? args[2] : args[3];
        const copying = copyingBy(typeof args[2] === 'function' ? args.slice(0, 2) : args);
        if (copying === undefined || typeof callback !== 'function')
          return Reflect.apply(original, self, args);
        const done = callback as AnyFunction;
        // Called outside of the promise, so that what it throws is an exception.
        const call = (error: unknown): void => process.nextTick(() => done(error));
        host.complete('fs.cp', COPY_US, () => {
          run(copying).then(() => call(null), call);
        });
        return undefined;
      }),
    ),
  ];
}

function copyingBy([source, target, given]: unknown[]): Copying | undefined {
  const [from, to] = [givenPath(source), givenPath(target)];
  if (from === undefined || to === undefined) return undefined;
  if (given !== undefined && (typeof given !== 'object' || given === null)) return undefined;
  const options = (given ?? {}) as CopyOptions & Record<string, unknown>;
  const areSound = FLAGS.every((key) => ['undefined', 'boolean'].includes(typeof options[key]));
  const isSound = areSound && ['undefined', 'function'].includes(typeof options.filter);
  if (!isSound || (options.dereference === true && options.verbatimSymlinks === true)) return undefined;
  return copyTop(from, to, { force: true, ...options });
}

function runSync(copying: Copying): void {
  for (let step = copying.next(); step.done !== true;) {
    if (typeof step.value !== 'boolean' && step.value instanceof Promise) {
      throw Object.assign(
        new TypeError(
          'Expected boolean to be returned from the "filter" function but got an instance of Promise.',
        ),
        { code: 'ERR_INVALID_RETURN_VALUE' },
      );
    }
    step = copying.next(step.value);
  }
}

async function run(copying: Copying): Promise<void> {
  for (let step = copying.next(); step.done !== true;) step = copying.next(await step.value);
}

function* copyTop(from: string, to: string, options: CopyOptions): Copying {
  if (options.filter !== undefined && !(yield options.filter(from, to))) return;
  const source = check(from, to, options);
  checkParents(from, source, to);
  fs.mkdirSync(path.dirname(path.resolve(to)), { recursive: true });
  yield* copyEntry(from, to, options);
}

function* copyEntry(from: string, to: string, options: CopyOptions): Copying {
  const source = options.dereference === true ? fs.statSync(from) : fs.lstatSync(from);
  if (source.isDirectory()) {
    if (options.recursive !== true)
      throw copyError('ERR_FS_EISDIR', `${from} is a directory (not copied)`, from);
    yield* copyFolder(from, to, source, options);
  } else if (source.isSymbolicLink()) copyLink(from, to, options);
  else copyOneFile(from, to, source, options);
}

function* copyFolder(from: string, to: string, source: fs.Stats, options: CopyOptions): Copying {
  const isNew = !fs.existsSync(to);
  if (isNew) fs.mkdirSync(to);
  for (const name of fs.readdirSync(from)) {
    const [below, above] = [path.join(from, name), path.join(to, name)];
    if (options.filter !== undefined && !(yield options.filter(below, above))) continue;
    check(below, above, options);
    yield* copyEntry(below, above, options);
  }
  if (isNew) fs.chmodSync(to, source.mode);
}

function copyOneFile(from: string, to: string, source: fs.Stats, options: CopyOptions): void {
  if (fs.lstatSync(to, { throwIfNoEntry: false }) !== undefined) {
    if (options.force !== true) {
      if (options.errorOnExist === true) throw copyError('ERR_FS_CP_EEXIST', `${to} already exists`, to);
      return;
    }
    fs.unlinkSync(to);
  }
  fs.copyFileSync(from, to, options.mode);
  if (options.preserveTimestamps === true) {
    const { atime, mtime } = fs.statSync(from);
    fs.utimesSync(to, atime, mtime);
  }
  fs.chmodSync(to, source.mode);
}

function copyLink(from: string, to: string, options: CopyOptions): void {
  const target = fs.readlinkSync(from);
  const resolved = options.verbatimSymlinks === true ? target : path.resolve(path.dirname(from), target);
  const known = fs.lstatSync(to, { throwIfNoEntry: false });
  if (known?.isSymbolicLink() === true) fs.unlinkSync(to);
  fs.symlinkSync(resolved, to);
}

function check(from: string, to: string, options: CopyOptions): fs.Stats {
  const look = options.dereference === true ? fs.statSync : fs.lstatSync;
  const source = look(from);
  const target = look(to, { throwIfNoEntry: false });
  if (target !== undefined) {
    if (target.ino === source.ino && target.dev === source.dev)
      throw copyError('ERR_FS_CP_EINVAL', 'src and dest cannot be the same', to);
    if (source.isDirectory() && !target.isDirectory()) {
      const text = `cannot overwrite non-directory ${to} with directory ${from}`;
      throw copyError('ERR_FS_CP_DIR_TO_NON_DIR', text, to);
    }
    if (!source.isDirectory() && target.isDirectory()) {
      const text = `cannot overwrite directory ${to} with non-directory ${from}`;
      throw copyError('ERR_FS_CP_NON_DIR_TO_DIR', text, to);
    }
  }
  if (source.isDirectory() && isWithin(path.resolve(to), path.resolve(from))) throw intoItself(from, to);
  return source;
}

/** A folder above the target may be the source under another name. */
function checkParents(from: string, source: fs.Stats, to: string): void {
  const above = path.resolve(path.dirname(from));
  for (let folder = path.resolve(path.dirname(to)); ; folder = path.dirname(folder)) {
    if (folder === above || folder === path.parse(folder).root) return;
    if (fs.statSync(folder, { throwIfNoEntry: false })?.ino === source.ino) throw intoItself(from, to);
  }
}

function intoItself(from: string, to: string): Error {
  return copyError('ERR_FS_CP_EINVAL', `cannot copy ${from} to a subdirectory of self ${to}`, to);
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer + path.sep);
}
