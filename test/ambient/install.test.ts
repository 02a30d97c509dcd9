import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import crypto, * as cryptoNames from 'node:crypto';
import * as timerNames from 'node:timers';
import * as timerPromiseNames from 'node:timers/promises';
import timerPromises from 'node:timers/promises';
import timers from 'node:timers';
import { mock, test } from 'node:test';
import { install } from '@sinonjs/fake-timers';
import { acquireAmbient, patchedProperties } from '../../src/ambient/install.ts';
import { applyPatches, patchValue, restorePatches } from '../../src/ambient/patch.ts';
import { ambientPatches } from '../../src/ambient/patches.ts';
import { hostStorage } from '../../src/ambient/registry.ts';
import { FakeWorld } from './fake-host.ts';

type Place = readonly [name: string, target: object, key: PropertyKey];

const places: readonly Place[] = ambientPatches().map(({ name, target, key }) => [name, target, key]);

/** Everything about the properties that a restoration could get wrong. */
function snapshot(): unknown[] {
  // The descriptors come first: reading some of Node.js' accessors replaces them.
  const descriptors = places.map(([, target, key]) => Object.getOwnPropertyDescriptor(target, key));
  return places.map(([name, target, key], at) => {
    const keys = Reflect.ownKeys(target).filter((each) => each === key);
    const isGetter = descriptors[at]?.get !== undefined;
    return {
      name,
      keys,
      descriptor: descriptors[at],
      value: isGetter ? undefined : Reflect.get(target, key),
    };
  });
}

function assertSame(after: unknown[], before: unknown[]): void {
  for (const [at, each] of after.entries()) {
    const [left, right] = [each, before[at]] as {
      name: string;
      descriptor: PropertyDescriptor;
      value: unknown;
    }[];
    assert.ok(left && right);
    assert.deepEqual(left.descriptor, right.descriptor, left.name);
    assert.equal(left.descriptor?.value, right.descriptor?.value, left.name);
    assert.equal(left.value, right.value, left.name);
  }
  assert.deepEqual(after, before);
}

test('every patched property is replaced while installed, and restored exactly', () => {
  const before = snapshot();
  const release = acquireAmbient();
  assert.equal(patchedProperties().length, places.length);
  for (const { name, target, key, before: own } of patchedProperties()) {
    const now = Object.getOwnPropertyDescriptor(target, key);
    assert.ok(now?.value !== own?.value || now?.get !== own?.get, `${name} is not patched`);
    if (own !== undefined) assert.equal(now?.enumerable, own.enumerable, name);
  }
  release();
  assert.deepEqual(patchedProperties(), []);
  assertSame(snapshot(), before);
});

test('a patched method keeps the name and the length of the original', () => {
  const shapes = (): unknown[] =>
    ambientPatches().map(({ name, target, key, part }) => {
      const value = part === 'get' ? undefined : (Reflect.get(target, key) as (() => void) | undefined);
      return [name, value?.name, value?.length];
    });
  const before = shapes();
  const release = acquireAmbient();
  const during = shapes();
  release();
  assert.deepEqual(during, before);
});

test('the last of two holders restores, each at most once', () => {
  const before = snapshot();
  const first = acquireAmbient();
  const second = acquireAmbient();
  first();
  first();
  assert.notEqual(patchedProperties().length, 0);
  second();
  assert.deepEqual(patchedProperties(), []);
  assertSame(snapshot(), before);
});

test('a failure midway restores what was patched before it, and says what it was', () => {
  const before = snapshot();
  const frozen = Object.freeze({ now: 1 });
  const patches = ambientPatches();
  patches.splice(patches.length / 2, 0, patchValue('frozen.now', frozen, 'now', 2));
  assert.throws(() => applyPatches(patches), { code: 'WT_ENVIRONMENT', message: /`frozen\.now`.*redefine/s });
  assertSame(snapshot(), before);
});

test('a property patched twice is restored to what it was first', () => {
  const target = { key: 'original' };
  const patches = [1, 2].map((value) => patchValue('target.key', target, 'key', value));
  const applied = applyPatches(patches);
  assert.equal(target.key, 2);
  restorePatches(applied);
  assert.equal(target.key, 'original');
});

test('a property that somebody patched over is left to them', () => {
  const target = { key: 'original' };
  const applied = applyPatches([patchValue('target.key', target, 'key', 'ours')]);
  target.key = 'theirs';
  restorePatches(applied);
  assert.equal(target.key, 'theirs');
});

test('named imports of built-in modules follow, and follow back', () => {
  const pairs = (): unknown[] => [
    [timerNames.setTimeout, timers.setTimeout],
    [timerPromiseNames.setTimeout, timerPromises.setTimeout],
    [cryptoNames.randomUUID, crypto.randomUUID],
  ];
  const before = pairs().flat();
  const release = acquireAmbient();
  const during = pairs();
  release();
  for (const [named, property] of during as [unknown, unknown][]) {
    assert.equal(named, property);
    assert.equal(before.includes(named), false);
  }
  assert.deepEqual(pairs().flat(), before);
});

test('setTimeout of node:timers stays the global one', () => {
  const release = acquireAmbient();
  const same =
    timers.setTimeout === globalThis.setTimeout && timers.clearImmediate === globalThis.clearImmediate;
  release();
  assert.ok(same);
});

test('other fake timers are refused', () => {
  const clock = install();
  try {
    assert.throws(() => acquireAmbient(), { code: 'WT_ENVIRONMENT', message: /got fake ones/ });
  } finally {
    clock.uninstall();
  }
  for (const apis of [['Date'], ['setTimeout']] as const) {
    mock.timers.enable({ apis: [...apis] });
    try {
      assert.throws(() => acquireAmbient(), { code: 'WT_ENVIRONMENT' }, apis[0]);
    } finally {
      mock.timers.reset();
    }
  }
  assert.deepEqual(patchedProperties(), []);
  acquireAmbient()();
});

test('the storage is off once the last holder released', async () => {
  const release = acquireAmbient();
  const world = new FakeWorld();
  const host = world.host('alpha');
  await world.run(() => {
    host.run(() => {
      assert.equal(hostStorage().getStore(), host);
      release();
      assert.equal(hostStorage().getStore(), undefined);
    });
  });
  assert.deepEqual(host.uncaughts, []);
});

test('code outside a host keeps real time, real timers and real randomness while installed', async () => {
  const RealDate = Date;
  const realNow = Date.now();
  const release = acquireAmbient();
  try {
    assert.ok(Math.abs(Date.now() - realNow) < 60_000);
    assert.ok(Math.abs(new Date().getTime() - realNow) < 60_000);
    assert.ok(new Date() instanceof RealDate);
    const timer = setTimeout(() => {}, 1);
    assert.equal(timer.constructor.name, 'Timeout');
    assert.equal('_onTimeout' in timer, true);
    clearTimeout(timer);
    await new Promise((resolve) => setTimeout(resolve, 1));
    await timerPromiseNames.setTimeout(1);
    assert.notEqual(cryptoNames.randomUUID(), cryptoNames.randomUUID());
    assert.equal(new MessageChannel().port1.constructor.name, 'MessagePort');
  } finally {
    release();
  }
});

test('register installs for good', () => {
  const register = new URL('../../src/register.ts', import.meta.url).href;
  const script = `
    const before = setTimeout;
    await import(${JSON.stringify(register)});
    console.log(setTimeout !== before, globalThis[Symbol.for('wavetank')].holders);`;
  const parameters = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const child = spawnSync(process.execPath, parameters, {
    encoding: 'utf8',
    env: { ...process.env, NODE_TEST_CONTEXT: '' },
  });
  assert.equal(child.stdout.trim(), 'true 1', child.stderr);
});
