import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { calmPlan, type Fault, type FaultPlan } from '../../../src/faults/fault.ts';
import { daemon } from '../../../src/host/definition.ts';
import { verdict } from '../../../src/network/verdict.ts';
import { asGuest, driven, sleep } from '../../scenario/driven.ts';
import { dial, echo, listening, PORT } from './scenes.ts';

function withFaults(...faults: Fault[]): { plan: FaultPlan } {
  return { plan: { ...calmPlan, faults } };
}

test('a crash of the server resets its connections; later ones are refused until it is back', async () => {
  const { value } = await asGuest({ hosts: { server: echo() } }, async (world) => {
    const line = dial('server');
    line.socket.write('x');
    await sleep(50);
    world.host('server').crash();
    await line.closed;
    const refused = dial('server');
    await refused.closed;
    await world.host('server').restart();
    const again = dial('server');
    again.socket.end('y');
    await again.closed;
    return [line.seen, refused.seen, again.seen];
  });
  assert.deepEqual(value, [
    ['connect', 'x', 'read ECONNRESET', 'close'],
    ['connect ECONNREFUSED', 'close'],
    ['connect', 'y', 'end', 'close'],
  ]);
});

test('a crash of the client resets its connections at the server', async () => {
  const seen: string[] = [];
  const hosts = {
    server: listening((socket) => {
      socket.on('error', ({ message }) => seen.push(message)).on('close', () => seen.push('close'));
    }),
    caller: daemon(() => void net.connect(PORT, 'server').on('error', () => {})),
  };
  await driven({ hosts }, async (world) => {
    await sleep(50);
    world.host('caller').crash();
    await sleep(50);
  });
  assert.deepEqual(seen, ['read ECONNRESET', 'close']);
});

test('a stop closes connections without a reset', async () => {
  const { value } = await asGuest({ hosts: { server: echo() } }, async (world) => {
    const line = dial('server');
    await sleep(50);
    await world.host('server').stop();
    await line.closed;
    return line.seen;
  });
  assert.deepEqual(value, ['connect', 'end', 'close']);
});

test('an attempt that is dropped ends after 127 seconds, or by the time-out of the program', async () => {
  const ref = { from: 'guest', to: 'server', message: 'connection', label: 'to :4000' } as const;
  const faults = withFaults({ kind: 'drop', ...ref, nth: 1 }, { kind: 'drop', ...ref, nth: 2 });
  const { value, result } = await asGuest(
    { hosts: { server: echo() }, stormMs: 300_000 },
    async (world) => {
      const patient = dial('server');
      await patient.closed;
      const afterMs = world.nowMs;
      const hasty = dial('server', { timeout: 500 });
      hasty.socket.on('timeout', () => hasty.socket.destroy());
      await hasty.closed;
      return [patient.seen, Math.floor(afterMs), hasty.seen, Math.floor(world.nowMs - afterMs) >= 500];
    },
    faults,
  );
  assert.deepEqual(value, [['connect ETIMEDOUT', 'close'], 127_000, ['timeout', 'close'], true]);
  assert.deepEqual(result.ledger, faults.plan.faults);
});

test('an attempt can be refused, reset, and find no way', async () => {
  const { value } = await asGuest({ hosts: { server: echo() } }, async (world) => {
    const outcomes: string[][] = [];
    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'] as const) {
      const remove = world.network.rule(({ kind }) =>
        kind === 'connection' ? verdict.fail(code) : undefined,
      );
      const line = dial('server');
      await line.closed;
      outcomes.push(line.seen);
      remove();
    }
    return outcomes;
  });
  assert.deepEqual(value, [
    ['connect ECONNREFUSED', 'close'],
    ['connect ECONNRESET', 'close'],
    ['connect EHOSTUNREACH', 'close'],
    ['connect ENETUNREACH', 'close'],
    ['connect ETIMEDOUT', 'close'],
  ]);
});

test('an address that no machine has is found unreachable after three seconds', async () => {
  const { value } = await asGuest({ hosts: { server: echo() } }, async (world) => {
    const line = dial('10.9.9.9');
    await line.closed;
    return [line.seen, world.nowMs];
  });
  assert.deepEqual(value, [['connect EHOSTUNREACH', 'close'], 3_000]);
});

test('a segment that is dropped takes the rest of its connection with it, and no other', async () => {
  const faults = withFaults({
    kind: 'drop',
    from: 'guest',
    to: 'server',
    message: 'segment',
    label: ':4000',
    nth: 2,
  });
  const { value } = await asGuest(
    { hosts: { server: echo() } },
    async (world) => {
      const cut = dial('server');
      cut.socket.write('one');
      await sleep(50);
      cut.socket.write('two');
      await sleep(50);
      cut.socket.write('three');
      await sleep(10_000);
      const seenBefore = [...cut.seen];
      const other = dial('server');
      other.socket.end('four');
      await other.closed;
      await cut.closed;
      return [seenBefore, other.seen, cut.seen.slice(2), Math.floor(world.nowMs / 1000)];
    },
    { ...faults },
  );
  // Linux sends a segment again for a quarter of an hour.
  assert.deepEqual(value, [
    ['connect', 'one'],
    ['connect', 'four', 'end', 'close'],
    ['read ETIMEDOUT', 'close'],
    924,
  ]);
});

test('after a part was lost, also the other side gives up what it sends', async () => {
  const seen: string[] = [];
  const hosts = {
    server: listening((socket) => {
      socket.on('error', ({ message }) => seen.push(message));
      setTimeout(() => socket.write('from the server'), 100);
    }),
  };
  const lost: Fault = {
    kind: 'drop',
    from: 'guest',
    to: 'server',
    message: 'segment',
    label: ':4000',
    nth: 1,
  };
  await asGuest(
    { hosts },
    async () => {
      const line = dial('server');
      line.socket.write('x');
      await sleep(1_000_000);
      assert.deepEqual(line.seen, ['connect', 'read ETIMEDOUT', 'close']);
    },
    { ...withFaults(lost) },
  );
  assert.deepEqual(seen, ['read ETIMEDOUT']);
});

test('a segment that is reset breaks both ends', async () => {
  const seen: string[] = [];
  const hosts = {
    server: listening((socket) => void socket.on('error', ({ message }) => seen.push(message))),
  };
  const ref = { from: 'guest', to: 'server', message: 'segment', label: ':4000', nth: 1 } as const;
  const { value } = await asGuest(
    { hosts },
    async () => {
      const line = dial('server');
      line.socket.write('x');
      await line.closed;
      await sleep(50);
      return line.seen;
    },
    withFaults({ kind: 'reset', ...ref }),
  );
  assert.deepEqual(value, ['connect', 'read ECONNRESET', 'close']);
  assert.deepEqual(seen, ['read ECONNRESET']);
});

test('a segment that is late holds back those behind it', async () => {
  const ref = { from: 'guest', to: 'server', message: 'segment', label: ':4000', nth: 1 } as const;
  const { value } = await asGuest(
    { hosts: { server: echo() } },
    async (world) => {
      const line = dial('server');
      line.socket.write('one ');
      await new Promise((resolve) => line.socket.on('connect', resolve));
      await sleep(10);
      line.socket.end('two');
      await line.closed;
      return [line.seen, world.nowMs > 5_000];
    },
    withFaults({ kind: 'delay', ...ref, byMs: 5_000 }),
  );
  assert.deepEqual(value, [['connect', 'one two', 'end', 'close'], true]);
});

test('what a program does when it is connected comes before what it reads', async () => {
  const { value } = await asGuest(
    { hosts: { server: listening((socket) => socket.end('hello')) } },
    async (world) => {
      const isAcceptance = ({ kind, label }: { kind: string; label: string }): boolean =>
        kind === 'signal' && label.startsWith('accepted');
      // The acceptance is overtaken by the bytes.
      world.network.rule((message) =>
        isAcceptance(message) ? verdict.deliver({ delayMs: 500 }) : undefined,
      );
      const { socket, seen, closed } = dial('server');
      socket.on('connect', () => process.nextTick(() => seen.push('a tick later')));
      await closed;
      return seen;
    },
  );
  assert.deepEqual(value, ['connect', 'a tick later', 'hello', 'end', 'close']);
});
