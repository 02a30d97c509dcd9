import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type * as registryModule from '../../src/ambient/registry.ts';
import { REGISTRY_VERSION, ambientRegistry, currentHost } from '../../src/ambient/registry.ts';
import { onHost } from './fake-host.ts';

const KEY = Symbol.for('wavetank');

type RegistryModule = typeof registryModule;

/** Loads a second copy of the module, as a CommonJS build beside the ES module would be. */
function secondCopy(name: string): Promise<RegistryModule> {
  return import(`../../src/ambient/registry.ts?copy=${name}`) as Promise<RegistryModule>;
}

test('the registry has the version of the package', () => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  assert.equal(REGISTRY_VERSION, (JSON.parse(manifest) as { version: string }).version);
});

test('no host runs outside a simulation', () => {
  assert.equal(currentHost(), undefined);
});

test('a second copy of the same version shares the registry and sees the same host', async () => {
  const copy = await secondCopy('same');
  assert.notEqual(copy.currentHost, currentHost);
  assert.equal(copy.ambientRegistry(), ambientRegistry());
  const { value } = await onHost((host) => [copy.currentHost() === host, currentHost() === host]);
  assert.deepEqual(value, [true, true]);
});

test('a copy of another version refuses, naming both', async () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, KEY);
  assert.ok(own);
  Object.defineProperty(globalThis, KEY, { ...own, value: { ...ambientRegistry(), version: '9.9.9' } });
  try {
    const copy = await secondCopy('other');
    assert.throws(() => copy.ambientRegistry(), {
      code: 'WT_ENVIRONMENT',
      message: new RegExp(`${REGISTRY_VERSION.replaceAll('.', '\\.')} beside 9\\.9\\.9`),
    });
    assert.throws(() => copy.hostStorage(), { code: 'WT_ENVIRONMENT' });
    assert.equal(copy.currentHost(), undefined);
  } finally {
    Object.defineProperty(globalThis, KEY, own);
  }
});
