// Garbage is never collected, as far as a host can tell: references keep, and registries stay silent.

import assert from 'node:assert/strict';
import { setTimeout as later } from 'node:timers/promises';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isAlike, methodOf, thrownBy } from './alike.ts';
import { onHost } from './fake-host.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Lets V8 collect what it can, over some turns of the real loop. */
async function collectAll(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await later(1);
    collect();
  }
}

test('a reference that a host made keeps its target', async () => {
  const outside = new WeakRef({ made: 'outside' });
  const { value: kept } = await onHost(() => new WeakRef({ made: 'on a host' }));
  await collectAll();
  assert.deepEqual(kept.deref(), { made: 'on a host' });
  assert.equal(outside.deref(), undefined, 'garbage was not collected: the test shows nothing');
});

test('a reference and its target are collected together', async () => {
  const collected: string[] = [];
  const registry = new FinalizationRegistry((name: string) => collected.push(name));
  await onHost(() => {
    const target: { back?: object } = {};
    const reference = new WeakRef(target);
    target.back = reference;
  });
  await (async () => {
    const { value } = await onHost(() => {
      const target: { back?: object } = {};
      target.back = new WeakRef(target);
      return target;
    });
    registry.register(value, 'target');
  })();
  await collectAll();
  assert.deepEqual(collected, ['target']);
});

test('no callback of a registry comes to a host', async () => {
  const collected: string[] = [];
  const outside = new FinalizationRegistry((name: string) => collected.push(name));
  await onHost(() => {
    const own = new FinalizationRegistry((name: string) => collected.push(name));
    own.register({}, 'own');
    outside.register({}, 'from a host');
    return own;
  });
  outside.register({}, 'outside');
  await collectAll();
  assert.deepEqual(collected, ['outside']);
});

test('both look and judge as in Node.js', () =>
  isAlike(() => {
    class Own extends WeakRef<object> {}
    const reference = new WeakRef({});
    const own = new Own({ a: 1 });
    const registry = new FinalizationRegistry(() => {});
    const token = {};
    const any = registry as unknown as {
      register(...args: unknown[]): void;
      unregister(token: unknown): boolean;
    };
    return [
      [reference instanceof WeakRef, own instanceof Own, own instanceof WeakRef, own.deref()],
      [reference.constructor === WeakRef, Object.prototype.toString.call(reference), WeakRef.name],
      [registry.register({}, 1, token), registry.unregister(token), registry.unregister(token)],
      thrownBy(() => new WeakRef(5 as never)),
      thrownBy(() => (WeakRef as unknown as () => void)()),
      thrownBy(() => any.register(5, 1)),
      thrownBy(() => any.register(token, token)),
      thrownBy(() => any.register({}, 1, 5)),
      thrownBy(() => any.unregister(5)),
      thrownBy(() => Reflect.apply(methodOf(registry, 'register'), {}, [{}, 1])),
    ];
  }));
