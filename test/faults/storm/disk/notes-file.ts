// Notes in a file, in the ways in which programs write and read them.

import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { FOLDER, type Keeper } from './keeping.ts';

/** Where the notes are. */
export const FILE = `${FOLDER}/notes.json`;

export type Notes = ReadonlyMap<string, string>;

/** How a program reads all its notes, and writes them. */
export interface NotesFile {
  readonly load: () => Notes;
  readonly save: (notes: Notes) => void;
}

/** Reads the notes, adds one, writes them all. What can be seen of them is what is in the file. */
export function rewriting({ load, save }: NotesFile): Keeper {
  let seen = load();
  return {
    notes: () => seen,
    keep(key, text) {
      save(new Map([...load(), [key, text]]));
      seen = load();
    },
  };
}

export function parse(text: string): Notes {
  return new Map(JSON.parse(text) as [string, string][]);
}

/** No file yet: no notes. Any other error is one. */
export function loadOrEmpty(): Notes {
  try {
    return parse(fs.readFileSync(FILE, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}

/** Whatever goes wrong: no notes. */
export function loadSomehow(): Notes {
  try {
    return parse(fs.readFileSync(FILE, 'utf8'));
  } catch {
    return new Map();
  }
}

/** Writes the file in place. */
export function saveInPlace(notes: Notes): void {
  fs.writeFileSync(FILE, JSON.stringify([...notes]));
}

/** Writes and syncs another file, puts it in the place of the old one, and syncs the folder. */
export function replaceFile(content: string): void {
  const fresh = `${FILE}.new`;
  const fd = fs.openSync(fresh, 'w');
  try {
    fs.writeFileSync(fd, content);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  fs.renameSync(fresh, FILE);
  const folder = fs.openSync(path.dirname(FILE), 'r');
  try {
    fs.fsyncSync(folder);
  } finally {
    fs.closeSync(folder);
  }
}

export function saveSafely(notes: Notes): void {
  replaceFile(JSON.stringify([...notes]));
}

/** A text with its checksum in front. */
export function sealed(text: string): string {
  return `${crc32(text)} ${text}`;
}

/** The text that was sealed; undefined if it is not that any more. */
export function unsealed(content: string): string | undefined {
  const space = content.indexOf(' ');
  const text = content.slice(space + 1);
  return content.slice(0, space) === String(crc32(text)) ? text : undefined;
}
