import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HostTimers } from '../../src/ambient/timers.ts';
import { Engine } from '../../src/engine/engine.ts';
import { InOrderScheduler } from '../../src/engine/in-order.ts';
import { checkLimits } from '../../src/engine/limits.ts';
import { TimedRandomScheduler } from '../../src/engine/timed-random.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';
import { PlainEvent, PlainOwner } from './plain-event.ts';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });

function createEngine(seed: number): Engine {
  return new Engine({ scheduler: new TimedRandomScheduler(new KeyedRandom(seed)), limits: checkLimits() });
}

test('an event runs less than a millisecond late, and never early', () => {
  fc.assert(
    fc.property(uint32, uint32, fc.nat(), fc.nat(), (seed, key, nth, dueUs) => {
      const event = new PlainEvent();
      new TimedRandomScheduler(new KeyedRandom(seed)).place(event, dueUs, key, nth);
      assert.ok(event.dueUs >= dueUs && event.dueUs < dueUs + 1_000);
      assert.ok(event.rank >= 0, 'immediates have rank -1 and go first');
    }),
  );
});

test('events that are due in the same microsecond have no order of their own', () => {
  const scheduler = new TimedRandomScheduler(new KeyedRandom(1));
  const ranks = Array.from({ length: 200 }, (_, key) => {
    const event = new PlainEvent();
    scheduler.place(event, 1_000, key, 1);
    return event.rank;
  });
  assert.ok(new Set(ranks).size > 190);
  const upwards = ranks.filter((rank, i) => i > 0 && rank > (ranks[i - 1] as number)).length;
  assert.ok(upwards > 70 && upwards < 130, String(upwards));
});

test('events of one key and occurrence get one place', () => {
  const scheduler = new TimedRandomScheduler(new KeyedRandom(1));
  const [first, second] = [new PlainEvent(), new PlainEvent()];
  scheduler.place(first, 1_000, 7, 3);
  scheduler.place(second, 1_000, 7, 3);
  assert.deepEqual([first.dueUs, first.rank], [second.dueUs, second.rank]);
});

test('events of two hosts that are due together run in both orders, over the seeds', () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 50; seed++) {
    const engine = createEngine(seed);
    let order = '';
    for (const name of ['alpha', 'beta']) {
      const timers = new HostTimers(engine, new PlainOwner(name));
      timers.setTimeout(() => (order += `${name} `), 5);
    }
    while (engine.step());
    orders.add(order);
  }
  assert.deepEqual([...orders].toSorted(), ['alpha beta ', 'beta alpha ']);
});

test('the calm scheduler runs events exactly when they are due, ties in the order of queueing', () => {
  const engine = new Engine({ scheduler: new InOrderScheduler(), limits: checkLimits() });
  const log: [string, number][] = [];
  for (const [what, dueUs] of [
    ['c', 7],
    ['a', 5],
    ['b', 5],
  ] as const) {
    engine.schedule(new PlainEvent(what, () => log.push([what, engine.nowUs])), dueUs, dueUs, 1);
  }
  while (engine.step());
  assert.deepEqual(log, [
    ['a', 5],
    ['b', 5],
    ['c', 7],
  ]);
});

// What Node.js guarantees within one process holds under every seed.

/** A program: timers set at once, each of which sets more when it fires, immediates among them. */
interface Node {
  readonly delayMs: number;
  readonly children: readonly Node[];
  readonly immediates: number;
}

function nodesOf(depth: number): fc.Arbitrary<Node[]> {
  const children = depth === 0 ? fc.constant([]) : nodesOf(depth - 1);
  return fc.array(fc.record({ delayMs: fc.nat(4), children, immediates: fc.nat(2) }), { maxLength: 4 });
}

const program = nodesOf(3);

interface Firing {
  readonly what: 'timer' | 'immediate';
  readonly set: number;
  readonly dueMs: number;
}

function firingsOf(seed: number, nodes: readonly Node[]): Firing[] {
  const engine = createEngine(seed);
  const timers = new HostTimers(engine, new PlainOwner('alpha'));
  const rival = new HostTimers(engine, new PlainOwner('beta'));
  const firings: Firing[] = [];
  let set = 0;
  const start = (node: Node): void => {
    const dueMs = Math.floor(engine.nowUs / 1000) + Math.max(1, node.delayMs);
    const timer: Firing = { what: 'timer', set: set++, dueMs };
    timers.setTimeout(() => {
      firings.push(timer);
      for (let i = 0; i < node.immediates; i++) {
        const immediate: Firing = { what: 'immediate', set: set++, dueMs: engine.nowUs / 1000 };
        timers.setImmediate(() => firings.push(immediate));
      }
      node.children.forEach(start);
    }, node.delayMs);
    rival.setTimeout(() => {}, node.delayMs);
  };
  nodes.forEach(start);
  while (engine.step());
  assert.equal(firings.length, set, 'everything that was set fires once');
  return firings;
}

test('timers of one host fire in due order, and equally due ones in the order in which they were set', () => {
  fc.assert(
    fc.property(uint32, program, (seed, nodes) => {
      const fired = firingsOf(seed, nodes).filter(({ what }) => what === 'timer');
      for (const [i, later] of fired.entries()) {
        const earlier = fired[i - 1];
        if (earlier === undefined) continue;
        assert.ok(earlier.dueMs < later.dueMs || (earlier.dueMs === later.dueMs && earlier.set < later.set));
      }
    }),
    { numRuns: 300 },
  );
});

test('immediates of one host fire in the order they were set in, before any later timer', () => {
  fc.assert(
    fc.property(uint32, program, (seed, nodes) => {
      const fired = firingsOf(seed, nodes);
      const immediates = fired.filter(({ what }) => what === 'immediate').map(({ set }) => set);
      assert.deepEqual(
        immediates,
        immediates.toSorted((a, b) => a - b),
      );
      for (const [at, immediate] of fired.entries()) {
        if (immediate.what !== 'immediate') continue;
        const overtaking = fired
          .slice(0, at)
          .filter(({ what, set }) => what === 'timer' && set > immediate.set);
        assert.deepEqual(overtaking, []);
      }
    }),
    { numRuns: 300 },
  );
});

test('an immediate set by an immediate waits for the next turn, so that timers are not starved', () => {
  const engine = createEngine(1);
  const timers = new HostTimers(engine, new PlainOwner());
  let turns = 0;
  let isTimerFired = false;
  const again = (): void => {
    turns++;
    if (!isTimerFired) timers.setImmediate(again);
  };
  timers.setImmediate(again);
  timers.setTimeout(() => (isTimerFired = true), 1);
  for (let step = 0; step < 1_000 && engine.step(); step++);
  assert.ok(isTimerFired && turns > 50 && turns < 200, String(turns));
});
