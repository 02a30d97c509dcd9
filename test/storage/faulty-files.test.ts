// What befalls single operations on the files of a host, and what their syncs are worth.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { loseAll } from '../../src/storage/cache-loss.ts';
import { HostFiles } from '../../src/storage/host-files.ts';
import type { DiskCall, DiskVerdict, Interference } from '../../src/storage/interference.ts';
import { OpenFiles } from '../../src/storage/open-files.ts';
import type { Loss } from '../../src/storage/pending.ts';
import { ProjectFiles } from '../../src/storage/project-files.ts';

const { O_APPEND, O_CREAT, O_DSYNC, O_RDONLY, O_RDWR, O_TRUNC } = fs.constants;
const AT = '/tmp/file';

type Plain<Verdict> = Verdict extends DiskVerdict ? Omit<Verdict, 'struck'> : never;

/** A disk on which a test decides what goes wrong next. */
class TestDisk implements Interference {
  readonly fills = new Set<() => void>();
  readonly struck: string[] = [];
  readonly disk: HostFiles;
  files: OpenFiles;
  #next: { operation: string; verdict: Plain<DiskVerdict> } | undefined;

  constructor() {
    const outside = <Result>(run: () => Result): Result => run();
    const project = new ProjectFiles(outside, '/nowhere/project');
    this.disk = new HostFiles({ outside, projectTimeMs: 0, project, interference: this });
    this.files = new OpenFiles(this.disk, () => {});
  }

  /** What befalls the next operation of that kind. */
  next(operation: string, verdict: Plain<DiskVerdict>): void {
    this.#next = { operation, verdict };
  }

  befall({ operation, path: at, nth }: DiskCall): DiskVerdict | undefined {
    if (this.#next?.operation !== operation) return undefined;
    const { verdict } = this.#next;
    this.#next = undefined;
    return { ...verdict, struck: () => this.struck.push(`${operation} ${at} #${nth}`) };
  }

  delayUs(): number {
    return 0;
  }

  losses(): Loss[] {
    return [];
  }

  write(text: string, flags = 0, position?: number): number {
    return this.#with(O_RDWR | O_CREAT | flags, (fd) => {
      const buffer = Buffer.from(text);
      return this.files.write(fd, { buffer, offset: 0, length: buffer.length, position });
    });
  }

  read(at: string = AT): string {
    return this.#with(
      O_RDONLY,
      (fd) => {
        const buffer = Buffer.alloc(2_000);
        const length = this.files.read(fd, { buffer, offset: 0, length: buffer.length, position: undefined });
        return buffer.toString('latin1', 0, length);
      },
      at,
    );
  }

  sync(at: string = AT): void {
    this.#with(O_RDONLY, (fd) => this.files.sync(fd), at);
  }

  /** Loses all that is not durable. */
  losePower(): readonly Loss[] {
    const lost = this.disk.losePower(loseAll);
    this.files = new OpenFiles(this.disk, () => {});
    return lost;
  }

  #with<Result>(flags: number, use: (fd: number) => Result, at: string = AT): Result {
    const fd = this.files.open(at, flags, 0o666);
    try {
      return use(fd);
    } finally {
      this.files.close(fd);
    }
  }
}

/** A disk with a durable file. */
function diskWith(text: string): TestDisk {
  const disk = new TestDisk();
  disk.write(text);
  disk.sync();
  disk.sync('/tmp');
  return disk;
}

test('what was written is there until a power loss, and after it if it was synced', () => {
  const disk = diskWith('one');
  disk.write(' two', O_APPEND);
  assert.equal(disk.read(), 'one two');
  const lost = disk.losePower();
  assert.deepEqual(lost, [{ operation: 'write', path: AT, nth: 2, fromByte: 3, toByte: 7 }]);
  assert.equal(disk.read(), 'one');
  disk.write(' three', O_APPEND);
  disk.sync();
  assert.deepEqual(disk.losePower(), []);
  assert.equal(disk.read(), 'one three');
});

test('a file opened with O_DSYNC is synced by each write, and O_TRUNC is a change like others', () => {
  const disk = diskWith('one');
  disk.write('two', O_TRUNC | O_DSYNC);
  assert.deepEqual(disk.losePower(), []);
  assert.equal(disk.read(), 'two');
  disk.write('three', O_TRUNC);
  disk.losePower();
  assert.equal(disk.read(), 'two');
});

test('the sync of a file keeps its bytes, the sync of its folder its name', () => {
  const disk = new TestDisk();
  disk.write('one');
  disk.sync();
  assert.deepEqual(disk.losePower(), [{ operation: 'create', path: AT, nth: 1 }]);
  assert.throws(() => disk.read(), { code: 'ENOENT' });
  disk.write('two');
  disk.sync('/tmp');
  disk.losePower();
  assert.equal(disk.read(), '');
});

test('an unsynced rename is undone as one, and what it replaced is back', () => {
  const disk = diskWith('old');
  disk.disk.rename(AT, '/tmp/kept');
  disk.sync('/tmp');
  disk.write('new');
  disk.sync();
  disk.sync('/tmp');
  disk.disk.rename(AT, '/tmp/kept');
  assert.equal(disk.read('/tmp/kept'), 'new');
  disk.losePower();
  assert.deepEqual([disk.read(), disk.read('/tmp/kept')], ['new', 'old']);
});

test('folders, links and removals are undone, the last one first', () => {
  const disk = diskWith('one');
  const { disk: files } = disk;
  files.symlink('file', '/tmp/link');
  files.makeFolder('/tmp/gone', 0o700);
  disk.sync('/tmp');
  files.removeFolder('/tmp/gone');
  files.removeFile('/tmp/link');
  files.makeFolder('/tmp/folder', 0o777);
  files.link(AT, '/tmp/folder/hard');
  files.removeFile(AT);
  files.rename('/tmp/folder', '/tmp/moved');
  disk.losePower();
  assert.deepEqual(
    files.list('/tmp').map(([name]) => name),
    ['file', 'gone', 'link'],
  );
  assert.equal(files.existing('/tmp/gone', { followsLast: false }).stat.mode & 0o777, 0o700);
  assert.equal(disk.read('/tmp/link'), 'one');
});

test('what a kept change needs is kept, whatever the list of losses says', () => {
  const disk = new TestDisk();
  disk.disk.makeFolder('/tmp/folder', 0o777);
  disk.disk.makeFolder('/tmp/folder/inner', 0o777);
  const lost = disk.disk.losePower(() => [{ operation: 'makeFolder', path: '/tmp/folder', nth: 1 }]);
  assert.deepEqual(lost, []);
  assert.equal(disk.disk.list('/tmp/folder').length, 1);
});

test('a write that comes short says so', () => {
  const disk = diskWith('');
  disk.next('write', { kind: 'short', bytes: 2 });
  assert.equal(disk.write('four'), 2);
  assert.equal(disk.read(), 'fo');
  assert.deepEqual(disk.struck, [`write ${AT} #2`]);
});

test('operations fail with EIO and ENOSPC and change nothing', () => {
  const disk = diskWith('one');
  const failures = [
    ['write', 'ENOSPC', () => disk.write('two')],
    ['write', 'EIO', () => disk.write('two')],
    ['read', 'EIO', () => disk.read()],
    ['create', 'ENOSPC', () => disk.files.open('/tmp/other', O_CREAT, 0o666)],
    ['makeFolder', 'ENOSPC', () => disk.disk.makeFolder('/tmp/folder', 0o777)],
  ] as const;
  for (const [operation, code, run] of failures) {
    disk.next(operation, { kind: 'fail', code, drops: false });
    assert.throws(run, { code });
  }
  assert.equal(disk.read(), 'one');
  assert.deepEqual(disk.disk.list('/tmp').length, 1);
  assert.equal(disk.struck.length, failures.length);
});

test('after a failed sync a later one succeeds and does not make durable what was written before', () => {
  const disk = diskWith('one');
  disk.write('two');
  disk.next('sync', { kind: 'fail', code: 'EIO', drops: false });
  assert.throws(() => disk.sync(), { code: 'EIO' });
  disk.sync();
  assert.equal(disk.read(), 'two');
  disk.losePower();
  assert.equal(disk.read(), 'one');
});

test('a failed sync that drops the cache gives back what is on the disk, and zeros where nothing is', () => {
  const disk = diskWith('one');
  disk.write('two more');
  disk.next('sync', { kind: 'fail', code: 'EIO', drops: true });
  assert.throws(() => disk.sync(), { code: 'EIO' });
  assert.equal(disk.read(), 'one\0\0\0\0\0');
});

test('a read has a flipped bit once, and is stale once', () => {
  const disk = diskWith('a');
  disk.write('b');
  disk.next('read', { kind: 'flip', bit: 0 });
  assert.deepEqual([disk.read(), disk.read()], ['c', 'b']);
  disk.next('read', { kind: 'stale' });
  assert.deepEqual([disk.read(), disk.read()], ['a', 'b']);
  disk.write('a longer text', O_TRUNC);
  disk.next('read', { kind: 'stale' });
  assert.equal(disk.read(), 'b');
  assert.equal(disk.struck.length, 3);
});

test('a lost write changes nothing but the length', () => {
  const disk = diskWith('one');
  disk.next('write', { kind: 'lose' });
  assert.equal(disk.write('eleven'), 6);
  assert.equal(disk.read(), 'one\0\0\0');
});

test('a misdirected write is made elsewhere in the file, or not at all', () => {
  const disk = diskWith('a'.repeat(600));
  disk.next('write', { kind: 'misdirect', byBytes: 512 });
  disk.write('bb', 0, 1);
  assert.equal(disk.read(), `${'a'.repeat(513)}bb${'a'.repeat(85)}`);
  disk.next('write', { kind: 'misdirect', byBytes: -512 });
  disk.write('cc', 0, 1);
  assert.equal(disk.read().includes('c'), false);
});

test('open files go on where they were, and appending goes to the end', () => {
  const disk = diskWith('');
  const fd = disk.files.open(AT, O_RDWR, 0);
  const put = (text: string): number => {
    const buffer = Buffer.from(text);
    return disk.files.write(fd, { buffer, offset: 0, length: buffer.length, position: undefined });
  };
  put('one');
  put('two');
  disk.write('three', O_APPEND);
  put('TH');
  assert.equal(disk.read(), 'onetwoTHree');
  const rest = Buffer.alloc(3);
  disk.files.read(fd, { buffer: rest, offset: 0, length: 3, position: undefined });
  assert.equal(rest.toString(), 'ree');
  disk.files.truncate(fd, 2);
  assert.equal(disk.read(), 'on');
  disk.losePower();
  assert.equal(disk.read(), '');
});
