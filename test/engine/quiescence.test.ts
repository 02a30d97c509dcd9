import assert from 'node:assert/strict';
import { test } from 'node:test';
import { macrotaskQuiescence, probeQuiescence } from '../../src/engine/quiescence.ts';

const processWithDrain = process as unknown as { _tickCallback: (() => void) | undefined };

/** Runs a body in a macrotask, where draining works. */
function inMacrotask<Value>(body: () => Value): Promise<Value> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(body());
      } catch (error) {
        reject(error);
      }
    });
  });
}

test('this Node.js drains synchronously', async () => {
  assert.equal((await inMacrotask(probeQuiescence)).name, 'synchronous');
});

test('draining runs every microtask and every tick that the event caused, however deep', async () => {
  await inMacrotask(() => {
    const { drain } = probeQuiescence();
    const log: string[] = [];
    const climb = async (): Promise<void> => {
      for (let i = 0; i < 500; i++) {
        await null;
        await new Promise<void>((resolve) => process.nextTick(resolve));
      }
      log.push('end of the chain');
    };
    void climb();
    queueMicrotask(() => process.nextTick(() => queueMicrotask(() => log.push('tick in microtask'))));
    drain?.();
    assert.deepEqual(log, ['tick in microtask', 'end of the chain']);
  });
});

test('where draining is missing or does nothing, every event takes a real turn of the loop', async () => {
  const real = processWithDrain._tickCallback;
  for (const broken of [undefined, () => {}]) {
    const quiescence = await inMacrotask(() => {
      processWithDrain._tickCallback = broken;
      try {
        return probeQuiescence();
      } finally {
        processWithDrain._tickCallback = real;
      }
    });
    assert.equal(quiescence, macrotaskQuiescence);
  }
});

test('inside a microtask, where draining does nothing, the probe says so', async () => {
  assert.equal(await Promise.resolve().then(() => probeQuiescence()), macrotaskQuiescence);
});
