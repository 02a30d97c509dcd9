import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { HostFiles } from '../../src/storage/host-files.ts';
import { OpenFiles } from '../../src/storage/open-files.ts';
import { ProjectFiles } from '../../src/storage/project-files.ts';

const root = fs.realpathSync(fs.mkdtempSync(join(os.tmpdir(), 'wavetank-project-')));
const { O_APPEND, O_CREAT, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = fs.constants;
const PROJECT_TIME_MS = 1_700_000_000_000;

after(() => fs.rmSync(root, { recursive: true, force: true }));

beforeEach(() => {
  fs.rmSync(root, { recursive: true, force: true });
  fs.mkdirSync(join(root, 'app/config'), { recursive: true });
  fs.mkdirSync(join(root, 'node_modules/lib'), { recursive: true });
  fs.mkdirSync(join(root, 'private'));
  fs.writeFileSync(join(root, 'app/package.json'), '{}');
  fs.writeFileSync(join(root, 'app/config/port'), '3000');
  fs.writeFileSync(join(root, 'app/config/run.sh'), '#!', { mode: 0o777 });
  fs.symlinkSync('config', join(root, 'app/link'));
  fs.writeFileSync(join(root, 'node_modules/lib/index.js'), 'lib');
  fs.writeFileSync(join(root, 'private/secret'), 'secret');
});

const app = (at: string): string => join(root, 'app', at);

interface Disk {
  readonly disk: HostFiles;
  readonly files: OpenFiles;
}

function newDisk(): Disk {
  const outside = <Result>(run: () => Result): Result => run();
  const project = new ProjectFiles(outside, app('config'));
  const disk = new HostFiles({ outside, projectTimeMs: PROJECT_TIME_MS, project });
  return { disk, files: new OpenFiles(disk, (bytes) => bytes.fill(7)) };
}

function read({ files }: Disk, at: string): string {
  const fd = files.open(at, O_RDONLY, 0);
  const buffer = Buffer.alloc(100);
  const length = files.read(fd, { buffer, offset: 0, length: 100, position: undefined });
  files.close(fd);
  return buffer.toString('utf8', 0, length);
}

function write({ files }: Disk, at: string, text: string, flags: number = O_TRUNC): void {
  const fd = files.open(at, O_WRONLY | O_CREAT | flags, 0o666);
  files.write(fd, { buffer: Buffer.from(text), offset: 0, length: text.length, position: undefined });
  files.close(fd);
}

function namesIn({ disk }: Disk, at: string): string[] {
  return disk.list(at).map(([name]) => name);
}

/** The real project as one string, with times: any write to it shows. */
function realProject(): string {
  return fs
    .readdirSync(root, { recursive: true })
    .map(String)
    .toSorted()
    .map((at) => {
      const stat = fs.lstatSync(join(root, at));
      const content = stat.isFile() ? fs.readFileSync(join(root, at), 'utf8') : '';
      return `${at} ${stat.mode} ${stat.mtimeMs} ${content}`;
    })
    .join('\n');
}

const codeOf = (body: () => unknown): unknown => {
  try {
    body();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
};

test('the project is read through the disk, links and packages above it as well', () => {
  const host = newDisk();
  assert.equal(read(host, app('config/port')), '3000');
  assert.equal(read(host, app('link/port')), '3000');
  assert.equal(read(host, join(root, 'node_modules/lib/index.js')), 'lib');
  assert.deepEqual(namesIn(host, app('.')), ['config', 'link', 'package.json']);
});

test('what lies outside of the project does not exist', () => {
  const host = newDisk();
  for (const at of [join(root, 'private/secret'), '/etc/hosts', '/proc/self/status', os.userInfo().homedir]) {
    assert.equal(
      codeOf(() => read(host, at)),
      'ENOENT',
      at,
    );
  }
  assert.deepEqual(
    namesIn(host, '/'),
    [...new Set(['dev', 'home', 'tmp', root.split('/')[1] ?? ''])].toSorted((left, right) =>
      left < right ? -1 : 1,
    ),
  );
});

test('the real project is never written, whatever a host does to it', () => {
  const before = realProject();
  const host = newDisk();
  write(host, app('config/port'), '4000');
  write(host, app('package.json'), ' ', O_APPEND);
  write(host, app('new'), 'new');
  host.disk.makeFolder(app('config/made'), 0o777);
  host.disk.removeFile(app('config/run.sh'));
  host.disk.rename(app('config'), app('moved'));
  host.disk.link(app('moved/port'), app('hard'));
  host.disk.volume.chmodSync(app('moved/port'), 0o600);
  write(host, join(root, 'node_modules/lib/index.js'), 'patched');
  assert.equal(read(host, app('moved/port')), '4000');
  assert.equal(realProject(), before);
});

test('what is written over the project stays on the disk that wrote it', () => {
  const [one, other] = [newDisk(), newDisk()];
  write(one, app('config/port'), '4000');
  write(one, app('package.json'), '!', O_APPEND);
  assert.deepEqual([read(one, app('config/port')), read(one, app('package.json'))], ['4000', '{}!']);
  assert.deepEqual([read(other, app('config/port')), read(other, app('package.json'))], ['3000', '{}']);
});

test('what is removed does not show through again', () => {
  const host = newDisk();
  host.disk.removeFile(app('config/port'));
  assert.equal(
    codeOf(() => read(host, app('config/port'))),
    'ENOENT',
  );
  assert.deepEqual(namesIn(host, app('config')), ['run.sh']);
  host.disk.removeFile(app('config/run.sh'));
  host.disk.removeFolder(app('config'));
  assert.deepEqual(namesIn(host, app('.')), ['link', 'package.json']);
  host.disk.makeFolder(app('config'), 0o777);
  assert.deepEqual(namesIn(host, app('config')), []);
  write(host, app('config/port'), 'back');
  assert.equal(read(host, app('config/port')), 'back');
});

test('a folder of the project that is moved takes along what was never looked at', () => {
  const host = newDisk();
  host.disk.rename(app('config'), '/tmp/config');
  assert.deepEqual(
    [read(host, '/tmp/config/port'), namesIn(host, '/tmp/config')],
    ['3000', ['port', 'run.sh']],
  );
  assert.equal(
    codeOf(() => host.disk.existing(app('config'), { followsLast: true })),
    'ENOENT',
  );
});

test('files of the project carry one time, one owner and an inode number of their path', () => {
  const [one, other] = [newDisk(), newDisk()];
  namesIn(other, app('.'));
  write(other, '/tmp/first', '');
  const look = ({ disk }: Disk, at: string): unknown => disk.existing(app(at), { followsLast: true }).stat;
  for (const at of ['config', 'config/port', 'config/run.sh'])
    assert.deepEqual(look(one, at), look(other, at));
  const { mtimeMs, ctimeMs, birthtimeMs, size, uid, mode } = one.disk.existing(app('config/port'), {
    followsLast: true,
  }).stat;
  assert.deepEqual([mtimeMs, ctimeMs, birthtimeMs], [PROJECT_TIME_MS, PROJECT_TIME_MS, PROJECT_TIME_MS]);
  assert.deepEqual([size, uid, mode & 0o777], [4, 1000, 0o644]);
});

test('a look leaves no trace: the file and the folder above keep their times', () => {
  const host = newDisk();
  const look = (): unknown =>
    ['config', 'config/port'].map((at) => host.disk.existing(app(at), { followsLast: true }).stat);
  const before = look();
  read(host, app('config/port'));
  assert.deepEqual(look(), before);
});

test('inode numbers tell files apart, in whatever order names come and go', () => {
  const host = newDisk();
  const inode = (at: string): number | undefined => host.disk.existing(at, { followsLast: false }).stat.ino;
  write(host, '/tmp/log', 'old');
  const first = inode('/tmp/log');
  host.disk.rename('/tmp/log', '/tmp/log.1');
  write(host, '/tmp/log', 'new');
  assert.equal(inode('/tmp/log.1'), first);
  assert.notEqual(inode('/tmp/log'), first);
  host.disk.removeFile('/tmp/log.1');
  write(host, '/tmp/other', '');
  assert.notEqual(inode('/tmp/other'), inode('/tmp/log'));
});

test('open files are closed when the next incarnation opens the disk, and the files stay', () => {
  const host = newDisk();
  const fd = host.files.open('/tmp/a', O_RDWR | O_CREAT, 0o666);
  host.files.write(fd, { buffer: Buffer.from('kept'), offset: 0, length: 4, position: undefined });
  const files = new OpenFiles(host.disk, () => {});
  assert.equal(
    codeOf(() => host.files.stat(fd)),
    'EBADF',
  );
  assert.equal(
    codeOf(() => files.stat(fd)),
    'EBADF',
  );
  assert.equal(read({ disk: host.disk, files }, '/tmp/a'), 'kept');
  assert.equal(files.open('/tmp/a', O_RDONLY, 0), fd);
});

test('devices swallow, give nothing, zeros and random bytes', () => {
  const host = newDisk();
  write(host, '/dev/null', 'swallowed');
  assert.equal(read(host, '/dev/null'), '');
  assert.equal(read(host, '/dev/zero'), '\0'.repeat(100));
  assert.equal(read(host, '/dev/urandom'), '\x07'.repeat(100));
});

test('a monorepo is one project', () => {
  fs.writeFileSync(join(root, 'package.json'), '{"workspaces":["app","private"]}');
  assert.equal(read(newDisk(), join(root, 'private/secret')), 'secret');
});

test('packages are found where the folder of packages is a link', () => {
  fs.mkdirSync(join(root, 'store/node_modules/far'), { recursive: true });
  fs.writeFileSync(join(root, 'store/node_modules/far/index.js'), 'far');
  fs.symlinkSync(join(root, 'store/node_modules'), join(root, 'app/node_modules'));
  const host = newDisk();
  const { at } = host.disk.existing(app('node_modules/far/index.js'), { followsLast: true });
  assert.deepEqual([at, read(host, at)], [join(root, 'store/node_modules/far/index.js'), 'far']);
});
