import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acquireAmbient } from '../../src/ambient/install.ts';
import { onHost } from './fake-host.ts';

test('fetch of a host goes to the network of the host', async () => {
  const { value } = await onHost(async () => (await fetch('http://payments:4000/charge')).text());
  assert.equal(value, 'alpha fetched http://payments:4000/charge');
});

test('fetch outside a host is the real one', async () => {
  const release = acquireAmbient();
  assert.equal(await (await fetch('data:text/plain,real')).text(), 'real');
  release();
});
