import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BodyParts, BodyReceiver, BodySender } from '../../src/host/body.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 });

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** Lets every microtask run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('parts are put together as they came', () => {
  fc.assert(
    fc.property(fc.array(bytes), (parts) => {
      const body = new BodyParts();
      body.parts.push(...parts);
      assert.deepEqual(Buffer.from(body.bytes()), Buffer.concat(parts));
    }),
  );
});

test('a receiver puts chunks in order, whichever arrives first, and grants what was read', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, fc.array(bytes), fc.infiniteStream(fc.nat()), async (first, chunks, keys) => {
      let granted = 0;
      const receiver = new BodyReceiver(first, {
        consumed: (count) => (granted += count),
        cancelled: () => {},
      });
      const arriving = [...chunks, undefined].map((chunk, i) => ({
        seq: i + 1,
        chunk,
        key: keys.next().value as number,
      }));
      for (const { seq, chunk } of arriving.toSorted((a, b) => a.key - b.key)) receiver.arrived(seq, chunk);
      const whole = Buffer.concat([first, ...chunks]);
      assert.deepEqual(await readAll(receiver.stream), whole);
      assert.ok(receiver.isOver);
      assert.ok(granted <= whole.length);
    }),
  );
});

test('a receiver fails after what arrived, and only once', async () => {
  const receiver = new BodyReceiver(new Uint8Array(), { consumed: () => {}, cancelled: () => {} });
  const reader = receiver.stream.getReader();
  receiver.arrived(1, new Uint8Array([1]));
  assert.deepEqual((await reader.read()).value, new Uint8Array([1]));
  receiver.fail(new Error('reset'));
  receiver.fail(new Error('again'));
  receiver.arrived(2, new Uint8Array([2]));
  await assert.rejects(reader.read(), { message: 'reset' });
});

test('a receiver whose reader cancels tells so with the reason, and takes nothing more', async () => {
  const reasons: unknown[] = [];
  const receiver = new BodyReceiver(new Uint8Array([1]), {
    consumed: () => {},
    cancelled: (why) => void reasons.push(why),
  });
  await receiver.stream.cancel('enough');
  receiver.arrived(1, new Uint8Array([2]));
  receiver.arrived(2, undefined);
  assert.deepEqual([reasons, receiver.isOver], [['enough'], true]);
});

test('a sender stops when the window is full, and goes on when the reader has read', async () => {
  const size = 100_000;
  let pulled = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (++pulled > 10) controller.close();
      else controller.enqueue(new Uint8Array(size));
    },
  });
  const sender = new BodySender(stream);
  const log: (number | string)[] = [];
  const done = sender.pump({
    part: ({ length }) => void log.push(length),
    end: () => void log.push('end'),
    failed: () => void log.push('failed'),
  });
  await turn();
  assert.deepEqual(log, [size, size, size], 'the third one goes over 256 KiB');
  sender.consumed(size);
  await turn();
  assert.equal(log.length, 4);
  for (let i = 0; i < 10; i++) {
    sender.consumed(size);
    await turn();
  }
  await done;
  assert.deepEqual(log.slice(-2), [size, 'end']);
  assert.equal(log.length, 11);
});

test('a sender copies what it sends, because its maker may use the memory again', async () => {
  const memory = new Uint8Array([1]);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(memory);
      controller.close();
    },
  });
  const parts: Uint8Array[] = [];
  await new BodySender(stream).pump({
    part: (part) => void parts.push(part),
    end: () => {},
    failed: () => {},
  });
  memory[0] = 9;
  assert.deepEqual(parts, [new Uint8Array([1])]);
});

test('a stream that fails is told to the sink, one that is cancelled is not', async () => {
  const failing = (): ReadableStream<Uint8Array> =>
    new ReadableStream({ pull: (controller) => controller.error(new Error('boom')) });
  const log: unknown[] = [];
  const sink = {
    part: () => {},
    end: () => void log.push('end'),
    failed: (error: unknown) => void log.push(error),
  };
  await new BodySender(failing()).pump(sink);
  assert.deepEqual(log, [new Error('boom')]);
  const cancelled = new BodySender(failing());
  cancelled.cancel('the client went away');
  await cancelled.pump(sink);
  assert.equal(log.length, 1);
});
