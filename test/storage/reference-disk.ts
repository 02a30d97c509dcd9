// What POSIX lets a disk be after a power loss, as simply as it can be said: a name leads to what it led to
// when its folder was last synced or at any time since; a sector of a file holds what it held when the file
// was last synced or at any time since, or zeros. It knows nothing of how the simulated disk works.

import assert from 'node:assert/strict';
import path from 'node:path';

const SECTOR_BYTES = 512;

/** The number of a file, or what else a name may lead to. */
export type Target = number | 'folder' | undefined;

/** What a disk is seen to be. */
export interface SeenDisk {
  target(name: string): Target;
  content(name: string): Buffer;
}

export class ReferenceDisk {
  /** What each name leads to now. */
  readonly now: Map<string, Target>;
  /** What it may lead to after a power loss. */
  readonly #maybe = new Map<string, Set<Target>>();
  /** All contents of each file since it was last synced, the durable one first. */
  readonly #versions = new Map<number, Buffer[]>();
  /** Files that must have a name after a power loss: they had one when it was synced, and kept one. */
  readonly #mustLive = new Set<number>();

  constructor(names: readonly string[]) {
    this.now = new Map(names.map((name) => [name, undefined]));
    for (const name of names) this.#maybe.set(name, new Set([undefined]));
  }

  isFile(name: string): boolean {
    return typeof this.now.get(name) === 'number';
  }

  isFolder(name: string): boolean {
    return name === path.dirname(name) || this.now.get(name) === 'folder' || !this.now.has(name);
  }

  content(name: string): Buffer {
    return this.#versions.get(this.now.get(name) as number)?.at(-1) as Buffer;
  }

  names(name: string, target: Target): void {
    this.now.set(name, target);
    this.#maybe.get(name)?.add(target);
    if (typeof target === 'number' && !this.#versions.has(target)) {
      this.#versions.set(target, [Buffer.alloc(0)]);
    }
  }

  removes(name: string): void {
    this.#mustLive.delete(this.now.get(name) as number);
    this.names(name, undefined);
  }

  renames(from: string, to: string): void {
    this.#mustLive.delete(this.now.get(to) as number);
    const target = this.now.get(from);
    this.names(to, target);
    this.names(from, undefined);
  }

  changes(name: string, content: Buffer): void {
    this.#versions.get(this.now.get(name) as number)?.push(content);
  }

  syncs(name: string): void {
    const file = this.now.get(name) as number;
    this.#versions.set(file, [this.content(name)]);
  }

  syncsFolder(folder: string): void {
    for (const [name, target] of this.now) {
      if (path.dirname(name) !== folder) continue;
      this.#maybe.set(name, new Set([target]));
      if (typeof target === 'number' && this.#isSafe(folder)) this.#mustLive.add(target);
    }
  }

  /** @throws if the disk is not what it may be after a power loss. What it is counts from now on. */
  losesPower(seen: SeenDisk): void {
    const alive = new Map<Target, string>();
    for (const [name, maybe] of this.#maybe) {
      const target = seen.target(name);
      const isFolderGone = this.now.has(path.dirname(name)) && seen.target(path.dirname(name)) !== 'folder';
      if (!isFolderGone) assert.ok(maybe.has(target), `${name} leads to ${String(target)}`);
      if (typeof target !== 'number') continue;
      assert.ok(!alive.has(target), `${name} and ${alive.get(target)} are the same file`);
      alive.set(target, name);
      this.#checkContent(name, seen.content(name), this.#versions.get(target) as Buffer[]);
    }
    for (const file of this.#mustLive) assert.ok(alive.has(file), `file ${file} has no name any more`);
    this.#adopt(seen);
  }

  #isSafe(folder: string): boolean {
    return !this.now.has(folder) || this.#maybe.get(folder)?.size === 1;
  }

  #checkContent(name: string, content: Buffer, versions: readonly Buffer[]): void {
    const sizes = versions.map(({ length }) => length);
    if (versions.length === 1) {
      assert.ok(versions[0]?.equals(content) === true, `${name} was synced and has changed`);
      return;
    }
    assert.ok(content.length >= Math.min(...sizes), `${name} is shorter than it ever was`);
    assert.ok(content.length <= Math.max(...sizes), `${name} is longer than it ever was`);
    for (let from = 0; from < content.length; from += SECTOR_BYTES) {
      const sector = content.subarray(from, from + SECTOR_BYTES);
      const isKnown = versions.some((version) => sectorOf(version, from, sector.length).equals(sector));
      assert.ok(isKnown, `${name} holds at ${from} what it never held`);
    }
  }

  #adopt(seen: SeenDisk): void {
    this.#mustLive.clear();
    for (const name of this.now.keys()) {
      const target = seen.target(name);
      this.now.set(name, target);
      this.#maybe.set(name, new Set([target]));
      if (typeof target !== 'number') continue;
      this.#versions.set(target, [seen.content(name)]);
      this.#mustLive.add(target);
    }
  }
}

function sectorOf(version: Buffer, from: number, length: number): Buffer {
  const sector = Buffer.alloc(length);
  version.subarray(from, from + length).copy(sector);
  return sector;
}
