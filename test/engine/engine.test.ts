import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Engine } from '../../src/engine/engine.ts';
import { InOrderScheduler } from '../../src/engine/in-order.ts';
import { checkLimits, type Limits } from '../../src/engine/limits.ts';
import { PlainEvent, PlainOwner } from './plain-event.ts';

function createEngine(limits?: Limits): Engine {
  return new Engine({ scheduler: new InOrderScheduler(), limits: checkLimits(limits) });
}

test('virtual time never goes back, and events run when they are due', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000), { minLength: 1 }), (times) => {
      const engine = createEngine();
      const seen: number[] = [];
      for (const dueUs of times)
        engine.scheduleExactly(new PlainEvent('x', () => seen.push(engine.nowUs)), dueUs);
      while (engine.step());
      assert.deepEqual(
        seen,
        times.toSorted((a, b) => a - b),
      );
      assert.equal(engine.steps, times.length);
    }),
  );
});

test('what is scheduled for the past is due now', () => {
  const engine = createEngine();
  const seen: number[] = [];
  const late = new PlainEvent('late', () => seen.push(engine.nowUs));
  const later = new PlainEvent('later', () => seen.push(engine.nowUs));
  const first = new PlainEvent('first', () => {
    engine.scheduleExactly(late, 3);
    engine.schedule(later, 4, 1, 1);
  });
  engine.scheduleExactly(first, 10);
  while (engine.step());
  assert.deepEqual(seen, [10, 10]);
});

test('a step stops at the time that it is given, and leaves what is due later', () => {
  const engine = createEngine();
  engine.scheduleExactly(new PlainEvent(), 5);
  engine.scheduleExactly(new PlainEvent(), 6);
  assert.deepEqual([engine.step(5), engine.step(5), engine.nowUs, engine.queue.size], [true, false, 5, 1]);
});

test('events of an owner that is gone are thrown away, and are no steps', () => {
  const engine = createEngine();
  const owner = new PlainOwner();
  let ran = 0;
  engine.scheduleExactly(new PlainEvent('x', () => ran++, owner), 1);
  engine.scheduleExactly(new PlainEvent('y', () => ran++, owner), 2);
  owner.state = 'gone';
  assert.deepEqual([engine.step(), ran, engine.steps, engine.nowUs, engine.queue.size], [false, 0, 0, 0, 0]);
});

test('events of a paused owner are handed to it in the order in which they came due', () => {
  const engine = createEngine();
  const owner = new PlainOwner();
  const events = [3, 1, 2].map((dueUs) => {
    const event = new PlainEvent(String(dueUs), undefined, owner);
    engine.scheduleExactly(event, dueUs);
    return event;
  });
  owner.state = 'paused';
  assert.equal(engine.step(), false);
  assert.deepEqual(owner.deferred, [events[1], events[2], events[0]]);
  assert.equal(engine.steps, 0);
});

test('the hash covers the time, the owner, the kind and the content of every event', () => {
  const digest = (dueUs: number, ownerId: number, what: string): string => {
    const engine = createEngine();
    engine.scheduleExactly(new PlainEvent(what, undefined, new PlainOwner('alpha', ownerId)), dueUs);
    engine.step();
    return engine.hash.digest();
  };
  const beyond32 = 0x1_0000_0000;
  const digests = [
    digest(1, 1, 'a'),
    digest(2, 1, 'a'),
    digest(1, 2, 'a'),
    digest(1, 1, 'ab'),
    digest(1 + beyond32, 1, 'a'),
  ];
  assert.equal(new Set(digests).size, digests.length);
  assert.equal(digest(1, 1, 'a'), digests[0]);
});

test('places in the code are asked for only while a run is recorded', () => {
  const engine = createEngine();
  const [unrecorded, recorded] = [new PlainEvent(), new PlainEvent()];
  engine.scheduleExactly(unrecorded, 1);
  engine.onQueued = (event) => (event.site = 'orders.ts:3:1');
  engine.schedule(recorded, 1, 1, 1);
  assert.deepEqual([unrecorded.site, recorded.site], [undefined, 'orders.ts:3:1']);
});

test('a run over its steps is over its limit, one at it is not', () => {
  const engine = createEngine({ stepsMax: 2 });
  for (let i = 1; i <= 3; i++) engine.scheduleExactly(new PlainEvent(), i);
  engine.step();
  engine.step();
  assert.equal(engine.exceeded(), undefined);
  engine.step();
  assert.equal(engine.exceeded(), 'steps');
});

test('a run over its virtual time is over its limit, one at it is not', () => {
  const engine = createEngine({ virtualMsMax: 1 });
  engine.scheduleExactly(new PlainEvent(), 1_000);
  engine.scheduleExactly(new PlainEvent(), 1_001);
  engine.step();
  assert.equal(engine.exceeded(), undefined);
  engine.step();
  assert.equal(engine.exceeded(), 'virtual time');
});

test('steps without virtual time advancing are a livelock; one microsecond begins the count anew', () => {
  const engine = createEngine({ stepsAtOneTimeMax: 3 });
  for (const dueUs of [1, 1, 1, 2, 2, 2, 2]) engine.scheduleExactly(new PlainEvent(), dueUs);
  const exceeded: unknown[] = [];
  while (engine.step()) exceeded.push(engine.exceeded());
  assert.deepEqual(exceeded, [...Array.from({ length: 6 }), 'livelock']);
});
