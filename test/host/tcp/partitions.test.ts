import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { daemon } from '../../../src/host/definition.ts';
import { latency } from '../../../src/network/latency.ts';
import { asGuest, driven, sleep } from '../../scenario/driven.ts';
import { dial, echo, listening, PORT } from './scenes.ts';

const pair = { from: ['server'], to: ['guest'] };

test('a partition stalls a connection, and its bytes arrive after it has healed', async () => {
  const { value } = await asGuest({ hosts: { server: echo() } }, async (world) => {
    const line = dial('server');
    line.socket.write('one ');
    await sleep(50);
    const partition = world.network.partition(pair);
    line.socket.write('two ');
    await sleep(5_000);
    const during = [...line.seen];
    line.socket.end('three');
    partition.heal();
    await line.closed;
    return [during, line.seen];
  });
  assert.deepEqual(value, [
    ['connect', 'one '],
    ['connect', 'one two three', 'end', 'close'],
  ]);
});

test('a partition of one way lets the other pass', async () => {
  const arrived: string[] = [];
  const hosts = {
    server: listening((socket) => {
      socket.on('data', (bytes) => {
        arrived.push(String(bytes));
        socket.write(bytes);
      });
    }),
  };
  const { value } = await asGuest({ hosts }, async (world) => {
    const line = dial('server');
    await sleep(50);
    const partition = world.network.partition({ ...pair, oneWay: true });
    line.socket.write('x');
    await sleep(1_000);
    const during = [[...arrived], [...line.seen]];
    partition.heal();
    await sleep(1_000);
    return [during, line.seen];
  });
  assert.deepEqual(value, [
    [['x'], ['connect']],
    ['connect', 'x'],
  ]);
});

test('the time-outs of the program fire during a partition', async () => {
  const { value } = await asGuest({ hosts: { server: echo() } }, async (world) => {
    const open = dial('server', { timeout: 1_000 });
    await sleep(50);
    world.network.partition(pair);
    open.socket.write('x');
    const attempt = dial('server', { timeout: 2_000 });
    for (const { socket } of [open, attempt]) socket.on('timeout', () => socket.destroy());
    await attempt.closed;
    return [open.seen, attempt.seen];
  });
  assert.deepEqual(value, [
    ['connect', 'timeout', 'close'],
    ['timeout', 'close'],
  ]);
});

test('an attempt waits for a partition to heal, but not longer than 127 seconds', async () => {
  const { value } = await asGuest({ hosts: { server: echo() } }, async (world) => {
    const short = world.network.partition(pair);
    const lucky = dial('server');
    await sleep(60_000);
    short.heal();
    lucky.socket.end('x');
    await lucky.closed;
    const long = world.network.partition(pair);
    const beganMs = world.nowMs;
    const unlucky = dial('server');
    await unlucky.closed;
    const tookMs = Math.floor(world.nowMs - beganMs);
    long.heal();
    await sleep(300_000);
    return [lucky.seen, unlucky.seen, tookMs];
  });
  assert.deepEqual(value, [['connect', 'x', 'end', 'close'], ['connect ETIMEDOUT', 'close'], 127_000]);
});

test('a crash during a partition is noticed after it', async () => {
  const { value } = await asGuest({ hosts: { server: echo() } }, async (world) => {
    const line = dial('server');
    await sleep(50);
    const partition = world.network.partition(pair);
    world.host('server').crash();
    await sleep(10_000);
    const during = [...line.seen];
    partition.heal();
    await line.closed;
    return [during, line.seen];
  });
  assert.deepEqual(value, [['connect'], ['connect', 'read ECONNRESET', 'close']]);
});

test('held segments stay, can be looked at, and go on in order', async () => {
  const { value } = await asGuest({ hosts: { server: echo() } }, async (world) => {
    const line = dial('server');
    await sleep(50);
    world.network.hold('guest', 'server');
    for (const text of ['a', 'b', 'c']) {
      line.socket.write(text);
      await sleep(10);
    }
    const held = world.network.inFlight().map(({ kind, label, nth }) => `${kind} ${label} #${nth}`);
    world.network.release('guest', 'server');
    await sleep(50);
    return [held, line.seen];
  });
  const held = [1, 2, 3].map((nth) => `segment :4000 #${nth}`);
  assert.deepEqual(value, [held, ['connect', 'abc']]);
});

test('back-pressure reaches a writer whose peer is cut off, and lets go of it after healing', async () => {
  const total = 2_000_000;
  let read = 0;
  const hosts = { server: listening((socket) => void socket.on('data', (bytes) => (read += bytes.length))) };
  const { value } = await asGuest({ hosts }, async (world) => {
    const { socket, closed } = dial('server');
    await sleep(50);
    const partition = world.network.partition(pair);
    socket.end(Buffer.alloc(total));
    await sleep(10_000);
    const pending = socket.writableLength;
    partition.heal();
    await closed;
    return [pending, socket.bytesWritten];
  });
  assert.deepEqual(value, [total, total]);
  assert.equal(read, total);
});

test('bytes take their time where bandwidth is limited, and wait for those before them', async () => {
  const bytes = 1_000_000;
  const arrivedMs: number[] = [];
  const hosts = {
    server: daemon(() => {
      net
        .createServer((socket) => {
          socket.resume().on('end', () => arrivedMs.push(Math.round(performance.now())));
        })
        .listen(PORT);
    }),
  };
  // A megabyte at 8 megabits a second takes a second.
  const network = { latency: latency.constant(10), bandwidthMbps: 8 };
  await driven({ hosts, network }, async (world) => {
    await world.client('guest', async () => {
      for (const line of [dial('server'), dial('server')]) line.socket.end(Buffer.alloc(bytes));
      await sleep(10_000);
    });
  });
  const [first = 0, second = 0] = arrivedMs;
  assert.equal(arrivedMs.length, 2);
  // Both share the link: together they take twice the time, and their windows open a little later.
  assert.ok(second >= 2_000 && second < 2_600, `second after ${second} ms`);
  assert.ok(first > 1_000 && first <= second, `first after ${first} ms`);
});
