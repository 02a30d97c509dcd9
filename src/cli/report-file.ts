// Files that reports are written to: whole or not at all, and tried before anything runs.

import { mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { EnvironmentError, OptionError } from '../errors.ts';

/** @throws {OptionError} If a file of this name cannot be written. Makes its folder. */
export function checkWritable(option: string, path: string): void {
  try {
    if (statOf(path)?.isDirectory() === true) throw new Error(`${path} is a folder`);
    if (!isDevice(path)) rmSync(beside(path, ''));
  } catch (error) {
    throw OptionError.expected(option, 'a file that can be written', path, `(${(error as Error).message})`);
  }
}

/** Writes a file: who reads it meanwhile sees the old one or the new one. @throws {EnvironmentError} */
export function writeWhole(path: string, content: string | Uint8Array): void {
  try {
    if (isDevice(path)) writeFileSync(path, content);
    else renameSync(beside(path, content), statOf(path) === undefined ? path : realpathSync(path));
  } catch (error) {
    throw new EnvironmentError(`The report ${path} cannot be written: ${(error as Error).message}.`);
  }
}

/** Writes to a file of another name in the same folder. @returns its path. */
function beside(path: string, content: string | Uint8Array): string {
  const target = statOf(path) === undefined ? path : realpathSync(path);
  mkdirSync(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return temporary;
}

/** A pipe or `/dev/stderr`: nothing that another file can take the place of. */
function isDevice(path: string): boolean {
  const stat = statOf(path);
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
