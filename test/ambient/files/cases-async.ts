// What a program does with files and waits for, for both arms of the comparison.

import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { FileCase } from './cases-sync.ts';
import { shownError } from './outcome.ts';

const errorOf = async (body: () => unknown): Promise<unknown> => {
  try {
    return { value: await body() };
  } catch (error) {
    return shownError(error);
  }
};

/** Callbacks. */
const callbacks: Record<string, FileCase> = {
  'reads and writes with callbacks': async (folder) => {
    const at = join(folder, 'a');
    await promisify(fs.writeFile)(at, 'one');
    await promisify(fs.appendFile)(at, ' two');
    const fd = await promisify(fs.open)(at, 'r+');
    const buffer = Buffer.alloc(3);
    const read = await promisify(fs.read)(fd, buffer, 0, 3, 0);
    await promisify(fs.write)(fd, 'ONE', 0, 'utf8');
    await promisify(fs.fsync)(fd);
    const { size } = await promisify(fs.fstat)(fd);
    await promisify(fs.close)(fd);
    return [read.bytesRead, buffer.toString(), size, await promisify(fs.readFile)(at, 'utf8')];
  },
  'calls back with null and nothing more': (folder) =>
    new Promise((resolve) => {
      fs.mkdir(join(folder, 'a'), (...made) =>
        fs.access(join(folder, 'a'), (...found) =>
          fs.stat(join(folder, 'none'), (...missed) =>
            resolve([made, found, missed.length, shownError(missed[0])]),
          ),
        ),
      );
    }),
  'completes after the code that asked, and after ticks and promises': (folder) =>
    new Promise((resolve) => {
      const log: string[] = [];
      fs.stat(folder, () => resolve([...log, 'stat']));
      process.nextTick(() => log.push('tick'));
      Promise.resolve().then(
        () => log.push('promise'),
        () => undefined,
      );
      log.push('sync');
    }),
  'exists says yes and no': (folder) =>
    new Promise((resolve) => {
      fs.exists(folder, (yes) => fs.exists(join(folder, 'none'), (no) => resolve([yes, no])));
    }),
};

/** Promises. */
const promises: Record<string, FileCase> = {
  'reads and writes with promises': async (folder) => {
    const at = join(folder, 'a');
    await fsp.writeFile(at, 'one');
    await fsp.appendFile(at, ' two');
    await fsp.copyFile(at, join(folder, 'b'));
    await fsp.rename(join(folder, 'b'), join(folder, 'c'));
    await fsp.symlink('c', join(folder, 'd'));
    await fsp.truncate(at, 3);
    return [
      await fsp.readFile(at, 'utf8'),
      await fsp.readFile(join(folder, 'd'), 'utf8'),
      await fsp.readlink(join(folder, 'd')),
      (await fsp.realpath(join(folder, 'd'))) === (await fsp.realpath(join(folder, 'c'))),
      (await fsp.readdir(folder)).toSorted(),
      (await fsp.stat(at)) instanceof fs.Stats,
      (await fsp.lstat(join(folder, 'd'))).isSymbolicLink(),
    ];
  },
  'rejects as Node.js does': async (folder) => [
    await errorOf(() => fsp.readFile(join(folder, 'none'))),
    await errorOf(() => fsp.readFile(folder)),
    await errorOf(() => fsp.writeFile(join(folder, 'none/x'), '')),
    await errorOf(() => fsp.mkdir(folder)),
    await errorOf(() => fsp.rmdir(join(folder, 'none'))),
    await errorOf(() => fsp.rm(join(folder, 'none'))),
    await errorOf(() => fsp.unlink(join(folder, 'none'))),
    await errorOf(() => fsp.rename(join(folder, 'none'), join(folder, 'x'))),
    await errorOf(() => fsp.access(join(folder, 'none'))),
    await errorOf(() => fsp.readdir(join(folder, 'none'))),
    await errorOf(() => fsp.opendir(join(folder, 'none'))),
    await errorOf(() => fsp.open(join(folder, 'none'))),
    await errorOf(() => fsp.readFile(5 as never)),
    await errorOf(() => fsp.stat(join(folder, 'none'))),
  ],
  'works through a file handle': async (folder) => {
    const handle = await fsp.open(join(folder, 'a'), 'w+');
    await handle.writeFile('one\ntwo\nthree\n');
    const { bytesWritten } = await handle.write('END', 0);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(5), 0, 5, 0);
    const { size } = await handle.stat();
    await handle.sync();
    await handle.datasync();
    await handle.chmod(0o600);
    await handle.truncate(8);
    await handle.close();
    const lines: string[] = [];
    for await (const line of (await fsp.open(join(folder, 'a'))).readLines()) lines.push(line);
    return [
      bytesWritten,
      bytesRead,
      buffer.toString(),
      size,
      typeof handle.fd,
      lines,
      await errorOf(() => handle.stat()),
    ];
  },
  'reads a file handle as a web stream': async (folder) => {
    await fsp.writeFile(join(folder, 'a'), 'streamed');
    const handle = await fsp.open(join(folder, 'a'));
    let text = '';
    for await (const chunk of handle.readableWebStream({ type: 'bytes' } as never))
      text += Buffer.from(chunk as Uint8Array).toString();
    await handle.close();
    return text;
  },
  'removes and copies trees': async (folder) => {
    await fsp.mkdir(join(folder, 'from/inner'), { recursive: true });
    await fsp.writeFile(join(folder, 'from/inner/leaf'), 'leaf');
    await fsp.cp(join(folder, 'from'), join(folder, 'to'), { recursive: true });
    const skipping = {
      recursive: true,
      filter: async (at: string) => Promise.resolve(!at.endsWith('inner')),
    };
    await fsp.cp(join(folder, 'from'), join(folder, 'less'), skipping);
    await promisify(fs.cp)(join(folder, 'from/inner/leaf'), join(folder, 'leaf'));
    await fsp.rm(join(folder, 'from'), { recursive: true });
    return [
      (await fsp.readdir(folder, { recursive: true })).toSorted(),
      await errorOf(() => fsp.cp(join(folder, 'to'), join(folder, 'x'))),
      await errorOf(() => fsp.cp(join(folder, 'to'), join(folder, 'to/inner/x'), { recursive: true })),
      await errorOf(() => fsp.cp(join(folder, 'leaf'), join(folder, 'leaf'))),
      await errorOf(() =>
        fsp.cp(join(folder, 'leaf'), join(folder, 'to/inner/leaf'), { force: false, errorOnExist: true }),
      ),
    ];
  },
  'lists with types and through a folder handle': async (folder) => {
    await fsp.mkdir(join(folder, 'sub'));
    await fsp.writeFile(join(folder, 'file'), '');
    const typed = await fsp.readdir(folder, { withFileTypes: true });
    const opened: string[] = [];
    for await (const entry of await fsp.opendir(folder)) opened.push(`${entry.name} ${entry.isFile()}`);
    return [
      typed.map((entry) => [entry.name, entry.isDirectory(), entry instanceof fs.Dirent].join()).toSorted(),
      opened.toSorted(),
    ];
  },
  'makes temporary folders': async (folder) => {
    const made = await fsp.mkdtemp(join(folder, 'x-'));
    return [made.length - folder.length, (await fsp.stat(made)).isDirectory()];
  },
  aborts: async (folder) => {
    await fsp.writeFile(join(folder, 'a'), 'x');
    return errorOf(() => fsp.readFile(join(folder, 'a'), { signal: AbortSignal.abort('enough') }));
  },
};

/** Streams. */
const streams: Record<string, FileCase> = {
  'streams from a file into another': async (folder) => {
    const [from, to] = [join(folder, 'a'), join(folder, 'b')];
    fs.writeFileSync(from, Buffer.alloc(200_000, 'wave'));
    await pipeline(fs.createReadStream(from), fs.createWriteStream(to));
    return [fs.statSync(to).size, fs.readFileSync(to).equals(fs.readFileSync(from))];
  },
  'streams a part of a file': async (folder) => {
    fs.writeFileSync(join(folder, 'a'), '0123456789');
    const stream = fs.createReadStream(join(folder, 'a'), { start: 2, end: 5, encoding: 'utf8' });
    let text = '';
    for await (const chunk of stream) text += chunk as string;
    return [text, stream instanceof fs.ReadStream, stream.bytesRead];
  },
  'tells of streams in order': (folder) =>
    new Promise((resolve) => {
      const log: unknown[] = [];
      const stream = fs.createWriteStream(join(folder, 'a'), { flags: 'a' });
      for (const event of ['open', 'ready', 'finish', 'close']) stream.on(event, () => log.push(event));
      stream.on('close', () =>
        resolve([log, stream.bytesWritten, fs.readFileSync(join(folder, 'a'), 'utf8')]),
      );
      stream.write('one ');
      stream.end('two');
    }),
  'tells of a stream that cannot be opened': (folder) =>
    new Promise((resolve) => {
      fs.createReadStream(join(folder, 'none')).on('error', (error) => resolve(shownError(error)));
    }),
};

/** All of them. */
export const asyncCases: Record<string, FileCase> = { ...callbacks, ...promises, ...streams };
