// Compression on a host: the same bytes, events and errors as Node.js', in virtual time.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { isAlike, rejectionOf } from './alike.ts';
import { onHost } from './fake-host.ts';

const text = 'all work and no play '.repeat(5_000);

const pairs: Record<string, [keyof typeof zlib, keyof typeof zlib]> = {
  gzip: ['gzip', 'gunzip'],
  deflate: ['deflate', 'inflate'],
  deflateRaw: ['deflateRaw', 'inflateRaw'],
  brotli: ['brotliCompress', 'brotliDecompress'],
  ...('zstdCompress' in zlib && { zstd: ['zstdCompress' as 'gzip', 'zstdDecompress' as 'gunzip'] }),
};

function bytesBy(key: keyof typeof zlib): (data: Uint8Array | string) => Promise<Buffer> {
  return promisify(zlib[key] as (data: unknown, done: (error: Error | null, bytes: Buffer) => void) => void);
}

for (const [name, [pack, unpack]] of Object.entries(pairs)) {
  test(`${name} and back gives the bytes of Node.js, and takes virtual time`, async () => {
    await isAlike(async () => {
      const packed = await bytesBy(pack)(text);
      return [packed, String(await bytesBy(unpack)(packed)) === text];
    });
    const { engine } = await onHost(() => bytesBy(pack)(text));
    assert.ok(engine.nowUs > 2_000, `${engine.nowUs} µs`);
  });
}

test('the streams have the same chunks and events', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const gzip = zlib.createGzip({ chunkSize: 64 });
    for (const name of ['data', 'end', 'finish', 'close', 'drain'])
      gzip.on(name, (chunk?: Buffer) => log.push([name, chunk?.toString('hex')]));
    log.push(gzip.write(text));
    gzip.flush(() => log.push('flushed'));
    gzip.end('the end');
    await once(gzip, 'close');
    return [log, gzip.bytesWritten];
  }));

test('a pipeline through compression and back gives what was put in', async () => {
  const { value } = await onHost(async () => {
    let read = '';
    const source = Readable.from([text, text]);
    await pipeline(source, zlib.createGzip(), zlib.createGunzip(), async (chunks) => {
      for await (const chunk of chunks as AsyncIterable<Buffer>) read += chunk.toString();
    });
    return read === text + text;
  });
  assert.equal(value, true);
});

test('CompressionStream and DecompressionStream work in virtual time', () =>
  isAlike(async () => {
    const blob = new Blob([text]);
    const packed = blob.stream().pipeThrough(new CompressionStream('gzip') as never);
    const unpacked = (packed as ReadableStream).pipeThrough(new DecompressionStream('gzip') as never);
    return (await new Response(unpacked as ReadableStream).text()) === text;
  }));

test('what is damaged fails as in Node.js', () =>
  isAlike(() =>
    Promise.all([
      rejectionOf(bytesBy('gunzip')(Buffer.from('no gzip'))),
      rejectionOf(bytesBy('inflate')(zlib.deflateSync(text).subarray(0, 20))),
      rejectionOf(bytesBy('brotliDecompress')(Buffer.from('nothing'))),
      rejectionOf(
        promisify((done: (error: Error) => void) => zlib.createGunzip().on('error', done).end('x'))(),
      ),
    ]),
  ));

test('a stream that is closed while it works says nothing more', () =>
  isAlike(async () => {
    const log: string[] = [];
    const gzip = zlib.createGzip();
    gzip.on('data', () => log.push('data'));
    gzip.write(text);
    gzip.close(() => log.push('closed'));
    await once(gzip, 'close');
    return log;
  }));

test('a failure comes after everything that the write caused, as from a thread', () =>
  isAlike(async () => {
    const log: string[] = [];
    const gunzip = zlib.createGunzip();
    const failed = once(gunzip, 'close').catch(() => {});
    gunzip.on('error', () => log.push('error'));
    gunzip.write('no gzip');
    for (let turn = 0; turn < 5; turn++) {
      await new Promise((resolve) => process.nextTick(resolve));
      await Promise.resolve();
      log.push('turn');
    }
    await failed;
    return log;
  }));
