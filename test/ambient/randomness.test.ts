import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import nodeCrypto, * as named from 'node:crypto';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { drawInteger } from '../../src/ambient/random-values.ts';
import type { HostContext } from '../../src/ambient/context.ts';
import { isAlike, methodOf, thrownBy } from './alike.ts';
import { onHost } from './fake-host.ts';

type Maker = () => unknown;

const hex = (bytes: ArrayBufferView): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
const extra = nodeCrypto as typeof nodeCrypto &
  Record<'prng' | 'rng' | 'randomUUIDv7', (size?: number) => unknown>;

const makers: Record<string, Maker> = {
  'Math.random': () => Math.random(),
  randomUUID: () => named.randomUUID(),
  'randomUUID without cache': () => named.randomUUID({ disableEntropyCache: true }),
  randomBytes: () => hex(named.randomBytes(16)),
  'randomBytes with a callback': async () => hex(await promisify(named.randomBytes)(16)),
  pseudoRandomBytes: () => hex(extra.pseudoRandomBytes(16)),
  prng: () => hex(extra.prng(16) as Buffer),
  rng: () => hex(extra.rng(16) as Buffer),
  randomInt: () => named.randomInt(1_000_000_000),
  'randomInt from a wide range': () => named.randomInt(-5, 2 ** 47),
  'randomInt with a callback': () => promisify<number, number>(named.randomInt)(1_000_000_000),
  randomFillSync: () => hex(named.randomFillSync(new Uint8Array(16))),
  randomFill: () => promisify(named.randomFill)(new Uint8Array(16)).then((bytes) => hex(bytes as Uint8Array)),
  'global crypto.getRandomValues': () => hex(crypto.getRandomValues(new Uint32Array(4))),
  'node:crypto getRandomValues': () => hex(named.getRandomValues(new Uint8Array(16))),
  'webcrypto.getRandomValues': () => hex(named.webcrypto.getRandomValues(new Int16Array(8))),
  'global crypto.randomUUID': () => crypto.randomUUID(),
  'captured web randomUUID': () => Reflect.apply(methodOf(crypto, 'randomUUID'), named.webcrypto, []),
  ...('randomUUIDv7' in nodeCrypto && { randomUUIDv7: () => extra.randomUUIDv7() }),
};

for (const [name, make] of Object.entries(makers)) {
  test(`${name} is a function of the seed on a host, and random outside`, async () => {
    const run = async (seed: number): Promise<unknown[]> =>
      (await onHost(async () => [await make(), await make()], { seed })).value;
    const first = await run(7);
    assert.deepEqual(await run(7), first);
    assert.notEqual(first[0], first[1]);
    const other = await run(8);
    assert.notEqual(other[0], first[0]);
    assert.notEqual(other[1], first[1]);
    assert.notDeepEqual([await make(), await make()], first);
  });
}

test('the values have the form of the real ones', async () => {
  const { value } = await onHost(() => ({
    float: Array.from({ length: 100 }, () => Math.random()),
    uuids: [named.randomUUID(), crypto.randomUUID()],
    distinct: new Set(named.randomBytes(64)).size,
    bytes: [named.randomBytes(0).length, named.randomBytes(7), named.randomBytes(1.5).length],
    ints: Array.from({ length: 300 }, () => named.randomInt(3, 6)),
  }));
  assert.ok(value.float.every((each) => each >= 0 && each < 1));
  for (const uuid of value.uuids) {
    assert.match(uuid, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  }
  assert.ok(value.distinct > 32);
  assert.deepEqual(value.bytes[0], 0);
  assert.ok(Buffer.isBuffer(value.bytes[1]) && value.bytes[1].length === 7);
  assert.equal(value.bytes[2], 1);
  assert.deepEqual(
    [...new Set(value.ints)].toSorted((left, right) => left - right),
    [3, 4, 5],
  );
});

test(
  'a UUID of version 7 begins with the wall clock of the host',
  { skip: !('randomUUIDv7' in nodeCrypto) && 'no randomUUIDv7 here' },
  async () => {
    const { value } = await onHost(() => String(extra.randomUUIDv7()));
    assert.equal(Number.parseInt(value.replace('-', '').slice(0, 12), 16), 1_704_067_200_000);
    assert.match(value, /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  },
);

test('randomInt repeats a draw that would favour the low values', () => {
  const drawsOf = (...draws: number[]): HostContext =>
    ({ random: { uint32: () => draws.shift() } }) as unknown as HostContext;
  // 2^32 mod 3 is 1: the highest draw stands for nobody.
  assert.equal(drawInteger(drawsOf(2 ** 32 - 1, 4), 3), 1);
  assert.equal(drawInteger(drawsOf(2 ** 32 - 2), 3), 2);
  assert.equal(drawInteger(drawsOf(2 ** 32 - 1, 2 ** 32 - 1, 0, 5 * 2 ** 16), 2 ** 47 + 1), 5);
  assert.equal(drawInteger(drawsOf(1, 2 ** 16), 2 ** 33), 2 ** 16 + 1);
});

test('filling respects offset and size, in elements', async () => {
  const { value } = await onHost(async () => {
    const words = named.randomFillSync(new Uint16Array(6), 1, 2);
    const rest = named.randomFillSync(Buffer.alloc(8), 5);
    const view = named.randomFillSync(new DataView(new ArrayBuffer(8), 2, 4));
    const memory = named.randomFillSync(new ArrayBuffer(4) as never);
    const filled = await new Promise<Uint16Array>((resolve, reject) => {
      named.randomFill(new Uint16Array(6), 4, 1, (error, buffer) =>
        error === null ? resolve(buffer) : reject(error),
      );
    });
    const isSet = (list: Iterable<number>): boolean[] => [...list].map((each) => each !== 0);
    const around = [...new Uint8Array(view.buffer)];
    return [
      isSet(words),
      isSet(rest),
      isSet(filled),
      around[1],
      around[6],
      isSet(new Uint8Array(memory)).length,
    ];
  });
  assert.deepEqual(value, [
    [false, true, true, false, false, false],
    [false, false, false, false, false, true, true, true],
    [false, false, false, false, true, false],
    0,
    0,
    4,
  ]);
});

test('callbacks come in a later event, those of randomInt in a tick', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const note = (name: string, done: () => void) => (error: unknown, value: unknown) => {
      log.push([name, error, typeof value]);
      done();
    };
    const waits = [
      new Promise<void>((resolve) => named.randomBytes(2, note('bytes', resolve))),
      new Promise<void>((resolve) => named.randomFill(Buffer.alloc(2), note('fill', resolve))),
      new Promise<void>((resolve) => named.randomInt(1, note('int', resolve))),
    ];
    log.push('called');
    await Promise.resolve();
    log.push('microtask');
    await Promise.all(waits);
    return [...log.slice(0, 3), ...log.slice(3).map(String).toSorted()];
  }));

test('callbacks keep the context of the call', async () => {
  const storage = new AsyncLocalStorage<string>();
  const { value } = await onHost(() =>
    storage.run('user', async () => {
      const seen: unknown[] = [];
      await new Promise<void>((resolve) => {
        named.randomBytes(2, () => {
          seen.push(storage.getStore());
          resolve();
        });
      });
      return seen;
    }),
  );
  assert.deepEqual(value, ['user']);
});

test('wrong arguments are refused as by Node.js', () =>
  isAlike(() => {
    const functions = named as unknown as Record<string, (...args: unknown[]) => unknown>;
    const wrong: [string, ...unknown[]][] = [
      ['randomBytes'],
      ['randomBytes', -1],
      ['randomBytes', '5'],
      ['randomBytes', 2 ** 31],
      ['randomBytes', Number.NaN],
      ['randomBytes', 5, 'no function'],
      ['randomBytes', -1, () => {}],
      ['randomInt'],
      ['randomInt', 0],
      ['randomInt', 1.5],
      ['randomInt', 5, 5],
      ['randomInt', 0, 2 ** 48],
      ['randomInt', 1, 2, 'no function'],
      ['randomInt', () => {}],
      ['randomUUID', 5],
      ['randomUUID', { disableEntropyCache: 1 }],
      ['randomFillSync', 'x'],
      ['randomFillSync', Buffer.alloc(4), 5],
      ['randomFillSync', Buffer.alloc(4), 1, 4],
      ['randomFillSync', Buffer.alloc(4), 'x'],
      ['randomFill', Buffer.alloc(4)],
      ['randomFill', Buffer.alloc(4), 1],
      ['randomFill', Buffer.alloc(4), 5, () => {}],
      ['randomFill', Buffer.alloc(4), 0, 5, () => {}],
      ['randomFill', 'x', () => {}],
      ['getRandomValues', new Float64Array(2)],
      ['getRandomValues', new Uint8Array(65_537)],
      ['getRandomValues'],
    ];
    const errors = wrong.map(([key, ...args]) =>
      thrownBy(() => (functions[key] as () => unknown)(...(args as []))),
    );
    return [...errors, thrownBy(() => Reflect.apply(methodOf(crypto, 'randomUUID'), {}, []))];
  }));
