// Random operations and power losses on the files of a host, held against the reference of what POSIX allows.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { KeyedRandom } from '../../src/random/keyed.ts';
import { drawLosses } from '../../src/storage/cache-loss.ts';
import { HostFiles, isFolder } from '../../src/storage/host-files.ts';
import { OpenFiles } from '../../src/storage/open-files.ts';
import type { Loss } from '../../src/storage/pending.ts';
import { ProjectFiles } from '../../src/storage/project-files.ts';
import { ReferenceDisk, type SeenDisk, type Target } from './reference-disk.ts';

const { O_CREAT, O_RDONLY, O_RDWR, O_TRUNC } = fs.constants;
const ROOT = '/tmp';
const FOLDER = `${ROOT}/d`;
const NAMES = [
  FOLDER,
  ...[ROOT, FOLDER].flatMap((folder) => ['a', 'b', 'c'].map((name) => `${folder}/${name}`)),
];
const FILES = NAMES.slice(1);

/** The disk under test, as the commands use it. */
class RealDisk implements SeenDisk {
  readonly disk: HostFiles;
  #files: OpenFiles;

  constructor() {
    const outside = <Result>(run: () => Result): Result => run();
    const project = new ProjectFiles(outside, '/nowhere/project');
    const interference = {
      fills: new Set<() => void>(),
      befall: () => undefined,
      delayUs: () => 0,
      losses: () => [],
    };
    this.disk = new HostFiles({ outside, projectTimeMs: 0, project, interference });
    this.#files = this.#open();
  }

  target(name: string): Target {
    const stat = this.#look(name);
    return stat === undefined || isFolder(stat) ? stat && 'folder' : stat.ino;
  }

  content(name: string): Buffer {
    return this.with(name, O_RDONLY, (fd) => {
      const buffer = Buffer.alloc(10_000);
      const length = this.#files.read(fd, { buffer, offset: 0, length: buffer.length, position: 0 });
      return buffer.subarray(0, length);
    });
  }

  with<Result>(name: string, flags: number, use: (fd: number) => Result): Result {
    const fd = this.#files.open(name, flags, 0o666);
    try {
      return use(fd);
    } finally {
      this.#files.close(fd);
    }
  }

  write(name: string, { at, bytes, flags }: { at: number; bytes: Buffer; flags: number }): void {
    this.with(name, O_RDWR | O_CREAT | flags, (fd) => {
      this.#files.write(fd, { buffer: bytes, offset: 0, length: bytes.length, position: at });
    });
  }

  truncate(name: string, length: number): void {
    this.with(name, O_RDWR, (fd) => this.#files.truncate(fd, length));
  }

  sync(name: string): void {
    this.with(name, O_RDONLY, (fd) => this.#files.sync(fd));
  }

  losePower(seed: number): void {
    const random = new KeyedRandom(seed);
    let drawn: readonly Loss[] = [];
    const lost = this.disk.losePower((pending) => (drawn = drawLosses(pending, random, 1)));
    assert.deepEqual(lost, drawn, 'something was drawn that cannot be lost');
    this.#files = this.#open();
  }

  #open(): OpenFiles {
    return new OpenFiles(this.disk, () => {});
  }

  #look(name: string) {
    try {
      return this.disk.find(name, { followsLast: false }).stat;
    } catch {
      return undefined;
    }
  }
}

type Command = fc.Command<ReferenceDisk, RealDisk>;

function command(text: string, check: (model: ReferenceDisk) => boolean, run: Command['run']): Command {
  return { check, run, toString: () => text };
}

const canHold = (model: ReferenceDisk, name: string): boolean => model.isFolder(path.dirname(name));

function write(name: string, at: number, length: number, fill: number, isTruncated: boolean): Command {
  const bytes = Buffer.alloc(length, fill);
  return command(
    `write(${name}, ${at}, ${length}${isTruncated ? ', truncated' : ''})`,
    (model) => canHold(model, name),
    (model, real) => {
      real.write(name, { at, bytes, flags: isTruncated ? O_TRUNC : 0 });
      if (!model.isFile(name)) model.names(name, real.target(name));
      if (isTruncated) model.changes(name, Buffer.alloc(0));
      const old = model.content(name);
      const next = Buffer.alloc(Math.max(old.length, at + length));
      old.copy(next);
      bytes.copy(next, at);
      model.changes(name, next);
      assert.deepEqual(real.content(name), next);
    },
  );
}

function truncate(name: string, length: number): Command {
  return command(
    `truncate(${name}, ${length})`,
    (model) => model.isFile(name),
    (model, real) => {
      const next = Buffer.alloc(length);
      model.content(name).copy(next);
      real.truncate(name, length);
      model.changes(name, next);
    },
  );
}

function rename(from: string, to: string): Command {
  return command(
    `rename(${from}, ${to})`,
    (model) => from !== to && model.isFile(from) && canHold(model, to),
    (model, real) => {
      real.disk.rename(from, to);
      model.renames(from, to);
    },
  );
}

const sync = (name: string): Command =>
  command(
    `sync(${name})`,
    (model) => model.isFile(name),
    (model, real) => {
      real.sync(name);
      model.syncs(name);
    },
  );

const syncFolder = (folder: string): Command =>
  command(
    `sync(${folder}/)`,
    (model) => model.isFolder(folder),
    (model, real) => {
      real.sync(folder);
      model.syncsFolder(folder);
    },
  );

const unlink = (name: string): Command =>
  command(
    `unlink(${name})`,
    (model) => model.isFile(name),
    (model, real) => {
      real.disk.removeFile(name);
      model.removes(name);
    },
  );

const makeFolder: Command = command(
  `mkdir(${FOLDER})`,
  (model) => !model.isFolder(FOLDER),
  (model, real) => {
    real.disk.makeFolder(FOLDER, 0o777);
    model.names(FOLDER, 'folder');
  },
);

const removeFolder: Command = command(
  `rmdir(${FOLDER})`,
  (model) =>
    model.isFolder(FOLDER) && FILES.every((name) => !name.startsWith(`${FOLDER}/`) || !model.isFile(name)),
  (model, real) => {
    real.disk.removeFolder(FOLDER);
    model.names(FOLDER, undefined);
  },
);

const losePower = (seed: number): Command =>
  command(
    `losePower(${seed})`,
    () => true,
    (model, real) => {
      real.losePower(seed);
      model.losesPower(real);
    },
  );

const name = fc.constantFrom(...FILES);
const length = fc.integer({ min: 1, max: 1_500 });
const commands = [
  fc
    .tuple(name, fc.nat(2_000), length, fc.integer({ min: 1, max: 255 }), fc.boolean())
    .map((of) => write(...of)),
  fc.tuple(name, fc.nat(2_000)).map((of) => truncate(...of)),
  fc.tuple(name, name).map((of) => rename(...of)),
  name.map(sync),
  fc.constantFrom(ROOT, FOLDER).map(syncFolder),
  name.map(unlink),
  fc.constant(makeFolder),
  fc.constant(removeFolder),
  fc.nat(1_000_000).map(losePower),
];

const RUNS = Number(process.env['WAVETANK_SEEDS'] ?? 300);

test('after a power loss the files are what POSIX allows, over random operations', () => {
  fc.assert(
    fc.property(fc.commands(commands, { size: 'max', maxCommands: 60 }), (sequence) => {
      fc.modelRun(() => ({ model: new ReferenceDisk(NAMES), real: new RealDisk() }), sequence);
    }),
    { numRuns: RUNS, seed: 1, includeErrorInReport: true },
  );
});
