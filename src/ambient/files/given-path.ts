// The path that a program gave to a function of node:fs.

import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The path as a string; undefined where Node.js would not accept it, and should say so by itself. */
export function givenPath(given: unknown): string | undefined {
  const isPath = typeof given === 'string' || Buffer.isBuffer(given) || given instanceof URL;
  if (!isPath || (given instanceof URL && given.protocol !== 'file:')) return undefined;
  const shown = given instanceof URL ? fileURLToPath(given) : pathText(given);
  return shown === '' || shown.includes('\0') ? undefined : shown;
}

/** An absolute path, resolved as the operating system does: what follows a link's name is not folded. */
export function absolute(given: string): string {
  return path.isAbsolute(given) ? given : `${process.cwd()}/${given}`;
}

/** A path as a string, however the program gave it. */
export function pathText(given: unknown): string {
  return typeof given === 'string' ? given : Buffer.from(given as Uint8Array).toString();
}
