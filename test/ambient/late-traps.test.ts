// Modules that wavetank does not load itself are trapped once they are there. In a process of its own: what
// is loaded once stays.

import assert from 'node:assert/strict';
import 'node:repl';
import { test } from 'node:test';
import { acquireAmbient, patchedProperties } from '../../src/ambient/install.ts';

function isTrapped(name: string): boolean {
  return patchedProperties().some((patch) => patch.name === name);
}

test('a module that was there before is trapped while wavetank is installed', () => {
  const release = acquireAmbient();
  assert.ok(isTrapped('repl.start'));
  assert.ok(!isTrapped('wasi.WASI'));
  release();
  assert.deepEqual(patchedProperties(), []);
});

test('a module that an ES module loaded meanwhile is trapped from the next installation on', async () => {
  const release = acquireAmbient();
  const wasi = await import('node:wasi');
  assert.ok(!isTrapped('wasi.WASI'));
  const before = wasi.WASI;
  const releaseAgain = acquireAmbient();
  assert.ok(isTrapped('wasi.WASI'));
  assert.notEqual(wasi.WASI, before, 'named imports follow');
  releaseAgain();
  assert.ok(isTrapped('wasi.WASI'));
  release();
  assert.equal(wasi.WASI, before);
});
