import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EventQueue } from '../../src/engine/event-queue.ts';
import { PlainEvent } from './plain-event.ts';

/** The obvious queue: an array that is sorted again and again. */
class Model {
  events: PlainEvent[] = [];

  get inOrder(): PlainEvent[] {
    return this.events.toSorted((a, b) => a.dueUs - b.dueUs || a.rank - b.rank || a.order - b.order);
  }

  remove(event: PlainEvent): void {
    this.events = this.events.filter((each) => each !== event);
  }
}

type Command =
  | { kind: 'push'; dueUs: number; rank: number; isRef: boolean }
  | { kind: 'pop' }
  | { kind: 'remove' | 'push again'; which: number }
  | { kind: 'setRef'; which: number; isRef: boolean };

// Many events, so that the heap is deep; few different times and ranks, so that ties are common.
const commands: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('push' as const),
      dueUs: fc.oneof(fc.nat(5), fc.nat(1_000)),
      rank: fc.integer({ min: -1, max: 2 }),
      isRef: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pop' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('remove' as const, 'push again' as const),
      which: fc.nat(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('setRef' as const), which: fc.nat(), isRef: fc.boolean() }),
  },
);

test('the queue does what a sorted array does, whatever is pushed, popped, removed or unref-ed', () => {
  fc.assert(
    fc.property(fc.array(commands, { maxLength: 200, size: 'max' }), (given) => {
      const queue = new EventQueue();
      const model = new Model();
      const all: PlainEvent[] = [];
      for (const each of given) {
        apply(each, queue, model, all);
        assert.equal(queue.size, model.events.length);
        assert.equal(queue.peek(), model.inOrder[0]);
        assert.equal(queue.refCount, model.events.filter(({ isRef }) => isRef).length);
      }
      assert.deepEqual(
        queue.inOrder().map(({ order }) => order),
        model.inOrder.map(({ order }) => order),
      );
      for (const expected of model.inOrder) assert.equal(queue.pop(), expected);
      assert.equal(queue.pop(), undefined);
      assert.equal(queue.refCount, 0);
    }),
    { numRuns: 300 },
  );
});

function apply(command: Command, queue: EventQueue, model: Model, all: PlainEvent[]): void {
  switch (command.kind) {
    case 'push': {
      const event = Object.assign(new PlainEvent(), {
        dueUs: command.dueUs,
        rank: command.rank,
        isRef: command.isRef,
      });
      all.push(event);
      queue.push(event);
      model.events.push(event);
      return;
    }
    case 'pop': {
      const [first] = model.inOrder;
      assert.equal(queue.pop(), first);
      if (first !== undefined) model.remove(first);
      return;
    }
    default: {
      const event = all[command.which % Math.max(1, all.length)];
      if (event === undefined) return;
      if (command.kind === 'setRef') queue.setRef(event, command.isRef);
      else {
        // Removing an event that is not queued does nothing.
        queue.remove(event);
        model.remove(event);
        if (command.kind === 'remove') return;
        queue.push(event);
        model.events.push(event);
      }
    }
  }
}

test('events that are equally due leave in the order of queueing', () => {
  const queue = new EventQueue();
  const events = Array.from({ length: 100 }, () => new PlainEvent());
  for (const event of events) queue.push(event);
  assert.deepEqual(
    events.map(() => queue.pop()),
    events,
  );
});

test('an event that is pushed twice breaks an invariant of wavetank', () => {
  const queue = new EventQueue();
  const event = new PlainEvent();
  queue.push(event);
  assert.throws(() => queue.push(event), { code: 'WT_INTERNAL', message: /queued at most once/ });
});

test('listing the queue leaves it as it is', () => {
  const queue = new EventQueue();
  const [late, early] = [Object.assign(new PlainEvent('late'), { dueUs: 2 }), new PlainEvent('early')];
  queue.push(late);
  queue.push(early);
  assert.deepEqual(queue.inOrder(), [early, late]);
  assert.equal(queue.size, 2);
  assert.equal(queue.pop(), early);
});
