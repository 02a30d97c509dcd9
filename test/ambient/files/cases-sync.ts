// What a program does with files and at once, for both arms of the comparison: each case has a folder to
// itself, and gives what it saw.

import fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shownError } from './outcome.ts';

/** One thing that a program does in an empty folder. */
export type FileCase = (folder: string) => unknown;

const errorOf = (body: () => unknown): unknown => {
  try {
    return { value: body() };
  } catch (error) {
    return shownError(error);
  }
};

const kinds = (stat: fs.Stats): unknown => [
  stat instanceof fs.Stats,
  stat.isFile(),
  stat.isDirectory(),
  stat.isSymbolicLink(),
  stat.nlink,
  stat.isDirectory() ? 0 : stat.size,
  (stat.mode & 0o777).toString(8),
];

/** Content. */
const content: Record<string, FileCase> = {
  'writes and reads text': (folder) => {
    fs.writeFileSync(join(folder, 'a'), 'grüße');
    return [fs.readFileSync(join(folder, 'a'), 'utf8'), fs.readFileSync(join(folder, 'a')).toString('hex')];
  },
  'reads in other encodings': (folder) => {
    fs.writeFileSync(join(folder, 'a'), Buffer.from([1, 2, 255]));
    return (['hex', 'base64', 'latin1'] as const).map((each) => fs.readFileSync(join(folder, 'a'), each));
  },
  appends: (folder) => {
    fs.appendFileSync(join(folder, 'a'), 'one');
    fs.appendFileSync(join(folder, 'a'), Buffer.from('two'));
    return fs.readFileSync(join(folder, 'a'), 'utf8');
  },
  'writes with flags': (folder) => {
    fs.writeFileSync(join(folder, 'a'), 'first');
    return [
      errorOf(() => fs.writeFileSync(join(folder, 'a'), 'x', { flag: 'wx' })),
      errorOf(() => fs.writeFileSync(join(folder, 'a'), 'r+', { flag: 'r+' })),
      errorOf(() => fs.writeFileSync(join(folder, 'b'), 'r+', { flag: 'r+' })),
      fs.readFileSync(join(folder, 'a'), 'utf8'),
    ];
  },
  'reads an empty file': (folder) => {
    fs.writeFileSync(join(folder, 'a'), '');
    return [fs.readFileSync(join(folder, 'a'), 'utf8'), fs.readFileSync(join(folder, 'a')).length];
  },
  'reads a large file': (folder) => {
    fs.writeFileSync(join(folder, 'a'), Buffer.alloc(300_000, 'abc'));
    return [fs.readFileSync(join(folder, 'a')).length, fs.readFileSync(join(folder, 'a'), 'utf8').slice(-5)];
  },
  truncates: (folder) => {
    fs.writeFileSync(join(folder, 'a'), '0123456789');
    fs.truncateSync(join(folder, 'a'), 4);
    const short = fs.readFileSync(join(folder, 'a'), 'utf8');
    fs.truncateSync(join(folder, 'a'), 6);
    return [short, fs.readFileSync(join(folder, 'a')).toString('hex')];
  },
  copies: (folder) => {
    fs.writeFileSync(join(folder, 'a'), 'copy', { mode: 0o600 });
    fs.copyFileSync(join(folder, 'a'), join(folder, 'b'));
    return [
      fs.readFileSync(join(folder, 'b'), 'utf8'),
      kinds(fs.statSync(join(folder, 'b'))),
      errorOf(() => fs.copyFileSync(join(folder, 'a'), join(folder, 'b'), fs.constants.COPYFILE_EXCL)),
      errorOf(() => fs.copyFileSync(join(folder, 'none'), join(folder, 'c'))),
      errorOf(() => fs.copyFileSync(join(folder, 'a'), folder)),
    ];
  },
};

/** Descriptors. */
const descriptors: Record<string, FileCase> = {
  'reads and writes by position': (folder) => {
    const fd = fs.openSync(join(folder, 'a'), 'w+');
    const buffer = Buffer.alloc(8);
    const seen = [
      fs.writeSync(fd, 'abcdef'),
      fs.writeSync(fd, Buffer.from('XY'), 0, 2, 1),
      fs.readSync(fd, buffer, 0, 8, 0),
      buffer.toString(),
      fs.readSync(fd, buffer, 0, 8, null),
      fs.writeSync(fd, 'g', 10),
      fs.fstatSync(fd).size,
      fs.writevSync(fd, [Buffer.from('1'), Buffer.from('23')], 0),
      fs.readvSync(fd, [Buffer.alloc(2), Buffer.alloc(20)], 0),
    ];
    fs.ftruncateSync(fd, 3);
    fs.fsyncSync(fd);
    fs.fdatasyncSync(fd);
    fs.closeSync(fd);
    return [seen, fs.readFileSync(join(folder, 'a'), 'utf8'), errorOf(() => fs.closeSync(fd))];
  },
  'appends by descriptor whatever the position': (folder) => {
    fs.writeFileSync(join(folder, 'a'), 'base-');
    const fd = fs.openSync(join(folder, 'a'), 'a+');
    fs.writeSync(fd, 'one', 0);
    fs.writeSync(fd, 'two');
    fs.closeSync(fd);
    return fs.readFileSync(join(folder, 'a'), 'utf8');
  },
  'refuses what a descriptor was not opened for': (folder) => {
    fs.writeFileSync(join(folder, 'a'), 'x');
    const reader = fs.openSync(join(folder, 'a'), 'r');
    const writer = fs.openSync(join(folder, 'a'), 'w');
    const found = [
      errorOf(() => fs.writeSync(reader, 'x')),
      errorOf(() => fs.readSync(writer, Buffer.alloc(1))),
      errorOf(() => fs.ftruncateSync(reader, 0)),
      errorOf(() => fs.fstatSync(99_999)),
      errorOf(() => fs.readFileSync(99_999)),
      errorOf(() => fs.writeFileSync(99_999, 'x')),
    ];
    fs.closeSync(reader);
    fs.closeSync(writer);
    return found;
  },
  'reads on after the name is gone': (folder) => {
    fs.writeFileSync(join(folder, 'a'), 'still here');
    const fd = fs.openSync(join(folder, 'a'), 'r+');
    fs.unlinkSync(join(folder, 'a'));
    fs.writeFileSync(join(folder, 'a'), 'another');
    const seen = [fs.readFileSync(fd, 'utf8'), fs.fstatSync(fd).nlink];
    fs.closeSync(fd);
    return [seen, fs.readFileSync(join(folder, 'a'), 'utf8')];
  },
  'opens with numbers for flags': (folder) => {
    const { O_CREAT, O_EXCL, O_RDWR, O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = fs.constants;
    fs.closeSync(fs.openSync(join(folder, 'a'), O_CREAT | O_EXCL | O_RDWR, 0o640));
    fs.symlinkSync('a', join(folder, 'link'));
    return [
      kinds(fs.statSync(join(folder, 'a'))),
      errorOf(() => fs.openSync(join(folder, 'a'), O_CREAT | O_EXCL | O_RDWR)),
      errorOf(() => fs.openSync(join(folder, 'a'), O_DIRECTORY)),
      errorOf(() => fs.openSync(join(folder, 'link'), O_RDONLY | O_NOFOLLOW)),
      errorOf(() => fs.openSync(folder, 'w')),
      errorOf(() => fs.openSync(folder, 'r+')),
    ];
  },
};

/** Names. */
const names: Record<string, FileCase> = {
  'lists a folder': (folder) => {
    fs.mkdirSync(join(folder, 'sub/deep'), { recursive: true });
    fs.writeFileSync(join(folder, 'file'), '');
    fs.symlinkSync('file', join(folder, 'link'));
    fs.writeFileSync(join(folder, 'sub/deep/leaf'), '');
    return [
      fs.readdirSync(folder).toSorted(),
      fs
        .readdirSync(folder, { withFileTypes: true })
        .map((entry) => [entry.name, entry.isFile(), entry.isDirectory(), entry.isSymbolicLink()].join())
        .toSorted(),
      fs.readdirSync(folder, { recursive: true }).map(String).toSorted(),
      fs
        .readdirSync(folder, { recursive: true, withFileTypes: true })
        .map((entry) => join(entry.parentPath, entry.name))
        .toSorted(),
      fs.readdirSync(join(folder, 'sub'), 'buffer').map(String),
      errorOf(() => fs.readdirSync(join(folder, 'file'))),
      errorOf(() => fs.readdirSync(join(folder, 'none'))),
    ];
  },
  'makes folders': (folder) => [
    errorOf(() => fs.mkdirSync(join(folder, 'a'))),
    errorOf(() => fs.mkdirSync(join(folder, 'a'))),
    errorOf(() => fs.mkdirSync(join(folder, 'b/c'))),
    errorOf(() => fs.mkdirSync(join(folder, 'b/c/d'), { recursive: true })),
    errorOf(() => fs.mkdirSync(join(folder, 'b/c/d'), { recursive: true })),
    errorOf(() => fs.writeFileSync(join(folder, 'file'), '')),
    errorOf(() => fs.mkdirSync(join(folder, 'file'), { recursive: true })),
    errorOf(() => fs.mkdirSync(join(folder, 'file/below'))),
    String(kinds(fs.statSync(join(folder, 'b')))).replace(/,\d+,0,/, ',n,0,'),
  ],
  'removes folders': (folder) => {
    fs.mkdirSync(join(folder, 'full/inner'), { recursive: true });
    fs.writeFileSync(join(folder, 'file'), '');
    return [
      errorOf(() => fs.rmdirSync(join(folder, 'full'))),
      errorOf(() => fs.rmdirSync(join(folder, 'none'))),
      errorOf(() => fs.rmdirSync(join(folder, 'file'))),
      errorOf(() => fs.rmdirSync(join(folder, 'full/inner'))),
      errorOf(() => fs.rmdirSync(join(folder, 'full'))),
      fs.readdirSync(folder),
    ];
  },
  'removes files and trees': (folder) => {
    fs.mkdirSync(join(folder, 'tree/inner'), { recursive: true });
    fs.writeFileSync(join(folder, 'tree/inner/leaf'), '');
    fs.writeFileSync(join(folder, 'file'), '');
    return [
      errorOf(() => fs.unlinkSync(join(folder, 'none'))),
      errorOf(() => fs.rmSync(join(folder, 'none'))),
      errorOf(() => fs.rmSync(join(folder, 'none'), { force: true })),
      errorOf(() => fs.rmSync(join(folder, 'tree'))),
      errorOf(() => fs.rmSync(join(folder, 'tree'), { recursive: true })),
      errorOf(() => fs.rmSync(join(folder, 'file'))),
      fs.readdirSync(folder),
    ];
  },
  renames: (folder) => {
    fs.writeFileSync(join(folder, 'a'), 'a');
    fs.writeFileSync(join(folder, 'b'), 'b');
    fs.mkdirSync(join(folder, 'full/inner'), { recursive: true });
    fs.mkdirSync(join(folder, 'empty'));
    fs.writeFileSync(join(folder, 'full/inner/leaf'), 'leaf');
    const rename = (from: string, to: string): unknown =>
      errorOf(() => fs.renameSync(join(folder, from), join(folder, to)));
    return [
      rename('a', 'b'),
      fs.readFileSync(join(folder, 'b'), 'utf8'),
      rename('none', 'x'),
      rename('b', 'empty'),
      rename('empty', 'b'),
      rename('empty', 'full'),
      rename('full', 'full/inner/below'),
      rename('full', 'empty'),
      rename('b', 'missing/b'),
      rename('b', 'b'),
      fs.readFileSync(join(folder, 'empty/inner/leaf'), 'utf8'),
      fs.readdirSync(folder).toSorted(),
    ];
  },
  'has hard links': (folder) => {
    fs.writeFileSync(join(folder, 'a'), 'one');
    fs.linkSync(join(folder, 'a'), join(folder, 'b'));
    fs.writeFileSync(join(folder, 'b'), 'two');
    const linked = [fs.statSync(join(folder, 'a')).nlink, fs.readFileSync(join(folder, 'a'), 'utf8')];
    fs.unlinkSync(join(folder, 'a'));
    return [
      linked,
      fs.statSync(join(folder, 'b')).nlink,
      errorOf(() => fs.linkSync(join(folder, 'none'), join(folder, 'c'))),
      errorOf(() => fs.linkSync(join(folder, 'b'), join(folder, 'b'))),
    ];
  },
  'has symbolic links': (folder) => {
    fs.mkdirSync(join(folder, 'real'));
    fs.writeFileSync(join(folder, 'real/file'), 'through');
    fs.symlinkSync('real', join(folder, 'way'));
    fs.symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
    fs.symlinkSync('loop', join(folder, 'loop'));
    fs.writeFileSync(join(folder, 'way/new'), 'made through the link');
    fs.mkdirSync(join(folder, 'way/sub'));
    fs.renameSync(join(folder, 'way/new'), join(folder, 'way/newer'));
    fs.writeFileSync(join(folder, 'dangling'), 'makes its target');
    fs.renameSync(join(folder, 'dangling'), join(folder, 'moved'));
    return [
      fs.readFileSync(join(folder, 'way/file'), 'utf8'),
      fs.readdirSync(join(folder, 'real')).toSorted(),
      fs.readlinkSync(join(folder, 'way')),
      fs.readlinkSync(join(folder, 'moved')) === join(folder, 'nowhere'),
      fs.readFileSync(join(folder, 'nowhere'), 'utf8'),
      fs.realpathSync(join(folder, 'way/file')) === join(fs.realpathSync(folder), 'real/file'),
      fs.realpathSync.native(join(folder, 'way')) === join(fs.realpathSync(folder), 'real'),
      kinds(fs.lstatSync(join(folder, 'way'))),
      fs.statSync(join(folder, 'way')).isDirectory(),
      errorOf(() => fs.readFileSync(join(folder, 'loop'))),
      errorOf(() => fs.readlinkSync(join(folder, 'real'))),
      errorOf(() => fs.symlinkSync('x', join(folder, 'way'))),
      errorOf(() => fs.realpathSync(join(folder, 'none'))),
      errorOf(() => fs.unlinkSync(join(folder, 'way'))),
      fs.existsSync(join(folder, 'real/file')),
    ];
  },
  'keeps the names of temporary folders to itself': (folder) => {
    const made = fs.mkdtempSync(join(folder, 'tmp-'));
    return [
      made.startsWith(join(folder, 'tmp-')),
      made.length - join(folder, 'tmp-').length,
      (fs.statSync(made).mode & 0o777).toString(8),
      errorOf(() => fs.mkdtempSync(join(folder, 'none/tmp-'))),
    ];
  },
};

/** What is known of files. */
const knowledge: Record<string, FileCase> = {
  stats: (folder) => {
    fs.writeFileSync(join(folder, 'a'), 'seven b');
    const big = fs.statSync(join(folder, 'a'), { bigint: true });
    return [
      kinds(fs.statSync(join(folder, 'a'))),
      typeof big.mtimeNs,
      big.size === 7n,
      fs.statSync(join(folder, 'none'), { throwIfNoEntry: false }) ?? 'undefined',
      fs.lstatSync(join(folder, 'none'), { throwIfNoEntry: false }) ?? 'undefined',
      errorOf(() => fs.statSync(join(folder, 'none'))),
      errorOf(() => fs.lstatSync(join(folder, 'a/below'))),
      errorOf(() => fs.statSync(join(folder, 'a/'))),
      typeof fs.statfsSync(folder).bsize,
    ];
  },
  'checks access and existence': (folder) => {
    fs.writeFileSync(join(folder, 'a'), '');
    return [
      errorOf(() => fs.accessSync(join(folder, 'a'), fs.constants.R_OK | fs.constants.W_OK)),
      errorOf(() => fs.accessSync(join(folder, 'a'), fs.constants.X_OK)),
      errorOf(() => fs.accessSync(join(folder, 'none'))),
      fs.existsSync(join(folder, 'a')),
      fs.existsSync(join(folder, 'none')),
      fs.existsSync(join(folder, 'a/below')),
    ];
  },
  'sets modes and times': (folder) => {
    fs.writeFileSync(join(folder, 'a'), '');
    fs.chmodSync(join(folder, 'a'), 0o604);
    fs.utimesSync(join(folder, 'a'), 1000.5, new Date(2_000_250));
    const { atimeMs, mtimeMs, mtime, mode } = fs.statSync(join(folder, 'a'));
    const fd = fs.openSync(join(folder, 'a'), 'r+');
    fs.fchmodSync(fd, 0o640);
    fs.futimesSync(fd, 5, 6);
    const after = fs.fstatSync(fd);
    fs.closeSync(fd);
    return [
      [atimeMs, mtimeMs, mtime.toISOString(), (mode & 0o777).toString(8)],
      [after.atimeMs, after.mtimeMs, (after.mode & 0o777).toString(8)],
      errorOf(() => fs.chmodSync(join(folder, 'none'), 0o600)),
      errorOf(() => fs.utimesSync(join(folder, 'none'), 1, 1)),
    ];
  },
  'says what is missing, and where': (folder) => [
    errorOf(() => fs.readFileSync(join(folder, 'none'))),
    errorOf(() => fs.readFileSync(join(folder, 'none'), 'utf8')),
    errorOf(() => fs.writeFileSync(join(folder, 'none/x'), '')),
    errorOf(() => fs.readFileSync(folder)),
    errorOf(() => fs.readFileSync(folder, 'utf8')),
    errorOf(() => fs.openSync(join(folder, 'none'), 'r')),
    errorOf(() => fs.opendirSync(join(folder, 'none'))),
    errorOf(() => fs.appendFileSync(join(folder, 'none/x'), '')),
    errorOf(() => fs.truncateSync(join(folder, 'none'))),
    errorOf(() => fs.readFileSync(join(folder, 'x/../none'))),
  ],
  'refuses wrong arguments': () => [
    errorOf(() => fs.readFileSync(1.5)),
    errorOf(() => fs.readFileSync('a\0b')),
    errorOf(() => fs.openSync('x', 'nonsense')),
    errorOf(() => fs.mkdirSync({} as never)),
    errorOf(() => fs.writeFileSync('x', {} as never)),
    errorOf(() => fs.opendirSync(5 as never)),
    errorOf(() => fs.cpSync('a', 5 as never)),
    errorOf(() => fs.watch(5 as never)),
    errorOf(() => fs.readSync(3, Buffer.alloc(1), 5, 5, 0)),
    errorOf(() => fs.readdirSync('x', 'nonsense' as never)),
  ],
  'takes URLs and buffers for paths': (folder) => {
    const at = join(folder, 'with space');
    fs.writeFileSync(pathToFileURL(at), 'by URL');
    return [fs.readFileSync(Buffer.from(at), 'utf8'), errorOf(() => fs.readFileSync(new URL('http://x/')))];
  },
};

/** Trees. */
const trees: Record<string, FileCase> = {
  'copies a tree': (folder) => {
    fs.mkdirSync(join(folder, 'from/inner'), { recursive: true });
    fs.writeFileSync(join(folder, 'from/inner/leaf'), 'leaf');
    fs.writeFileSync(join(folder, 'from/skipped'), '');
    fs.symlinkSync('inner', join(folder, 'from/link'));
    fs.cpSync(join(folder, 'from'), join(folder, 'to/there'), {
      recursive: true,
      filter: (from) => !from.endsWith('skipped'),
    });
    fs.cpSync(join(folder, 'from'), join(folder, 'plain'), { recursive: true });
    return [
      fs.readdirSync(join(folder, 'to/there')).toSorted(),
      fs.readdirSync(join(folder, 'plain'), { recursive: true }).map(String).toSorted(),
      fs.readFileSync(join(folder, 'to/there/inner/leaf'), 'utf8'),
    ];
  },
  'opens a folder': (folder) => {
    for (const name of ['a', 'b', 'c']) fs.writeFileSync(join(folder, name), '');
    const dir = fs.opendirSync(folder, { bufferSize: 2 });
    const found: string[] = [];
    for (let entry = dir.readSync(); entry !== null; entry = dir.readSync()) found.push(entry.name);
    dir.closeSync();
    return [dir instanceof fs.Dir, dir.path === folder, found.toSorted(), errorOf(() => dir.readSync())];
  },
};

/** All of them. */
export const syncCases: Record<string, FileCase> = {
  ...content,
  ...descriptors,
  ...names,
  ...knowledge,
  ...trees,
};
