import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acquireAmbient } from '../../src/ambient/install.ts';
import { enableSourceMaps } from '../../src/ambient/source-maps.ts';

function areEnabled(): unknown {
  return Reflect.get(process, 'sourceMapsEnabled');
}

test('source maps are on while somebody needs them, and as before afterwards', () => {
  const before = areEnabled() === true;
  const seen: unknown[] = [];
  for (const isOn of [false, true]) {
    process.setSourceMapsEnabled(isOn);
    const release = acquireAmbient();
    enableSourceMaps();
    enableSourceMaps();
    seen.push(areEnabled());
    release();
    seen.push(areEnabled());
  }
  process.setSourceMapsEnabled(before);
  assert.deepEqual(seen, [true, false, true, true]);
});
