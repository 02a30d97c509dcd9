// The watch names what patches and traps missed: here, functions that were taken before wavetank came.

import assert from 'node:assert/strict';
import { AsyncResource } from 'node:async_hooks';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { simulate } from '../../src/scenario/simulate.ts';
import type { RunResult } from '../../src/scenario/result.ts';
import { scenarioOf, serving } from '../scenario/driven.ts';

const { readFile } = fs;
const { pbkdf2, pbkdf2Sync, randomBytes } = crypto;
const compile = (bytes: Uint8Array): unknown =>
  (globalThis as unknown as { WebAssembly: { compile(bytes: Uint8Array): unknown } }).WebAssembly.compile(
    bytes,
  );
const real = { setTimeout, setImmediate };

/** Makes a run in which a host serves one request by a body. */
function runOf(body: () => unknown, record = true): Promise<RunResult> {
  const server = serving(async () => {
    await body();
    return new Response('done');
  });
  const scenario = scenarioOf({ hosts: { server } }, (world) =>
    world.client('guest', async () => {
      await (await fetch('http://server/')).text();
    }),
  );
  return simulate(scenario, { record });
}

const missed: Record<string, () => unknown> = {
  PBKDF2REQUEST: () => pbkdf2('a', 'b', 1, 8, 'sha1', () => {}),
  RANDOMBYTESREQUEST: () => randomBytes(8, () => {}),
  Timeout: () => real.setTimeout(() => {}, 1),
  Immediate: () => real.setImmediate(() => {}),
};

for (const [type, body] of Object.entries(missed)) {
  test(`a ${type} that a host makes past the patches fails the run, with its place`, async () => {
    const { violations } = await runOf(body);
    const [violation] = violations;
    assert.deepEqual([violation?.code, violation?.name], ['WT_ESCAPE', `a native ${type}`]);
    const said = new RegExp(
      `^host \`server\` made a native ${type}, which wavetank cannot make deterministic\\.\n` +
        '  at test/ambient/watch\\.test\\.ts:\\d+:\\d+, virtual time \\d+(\\.\\d+)? ms\n' +
        '  .*--import wavetank/register',
    );
    assert.match(violation?.message ?? '', said);
  });
}

test('without recording nobody watches', async () => {
  const { violations } = await runOf(missed['RANDOMBYTESREQUEST'] as () => void, false);
  assert.deepEqual(violations, []);
});

test('what is virtual, synchronous or in memory is no escape', async () => {
  const { violations } = await runOf(async () => {
    const aes = { name: 'AES-GCM', length: 128 };
    await crypto.subtle.generateKey(aes, true, ['encrypt']);
    await new Promise((resolve) => zlib.gzip('text', resolve));
    await new Response(new Blob(['text'])).text();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => crypto.scrypt('a', 'b', 8, resolve));
    await compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    pbkdf2Sync('a', 'b', 1, 8, 'sha1');
    crypto.generateKeyPairSync('ed25519');
    structuredClone({ a: new Map() });
    randomBytes(8);
    crypto.randomUUID();
    fs.readFileSync(import.meta.filename);
    await new Promise((resolve) => readFile(import.meta.filename, resolve));
    await new Promise((resolve) => fs.stat(import.meta.filename, resolve));
    for await (const chunk of fs.createReadStream(import.meta.filename)) void chunk;
    new AsyncResource('Timeout').emitDestroy();
    new AsyncResource('TCPWRAP').emitDestroy();
  });
  assert.deepEqual(violations, []);
});

test('what the test itself does meanwhile is nobody’s escape', async () => {
  const server = net.createServer().listen(0);
  const timer = setInterval(() => {
    fs.readFile(import.meta.filename, () => {});
  }, 1);
  try {
    const { verdict } = await runOf(() => new Promise((resolve) => setTimeout(resolve, 60_000)));
    assert.equal(verdict, 'ok');
  } finally {
    clearInterval(timer);
    server.close();
  }
});

test('an escape that the watch sees does not depend on what the code does', async () => {
  const body = (): void => {
    try {
      randomBytes(8, () => {});
    } catch {
      // Nothing is thrown; the run fails all the same.
    }
  };
  const [first, second] = [await runOf(body), await runOf(body)];
  assert.equal(first.hash, second.hash);
  assert.equal(first.verdict, 'illegal');
});
