import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HostTimers } from '../../src/ambient/timers.ts';
import { ChoosingScheduler } from '../../src/engine/choosing.ts';
import { Engine } from '../../src/engine/engine.ts';
import { checkLimits } from '../../src/engine/limits.ts';
import { PlainEvent, PlainOwner } from './plain-event.ts';

/** An engine whose events say what ran, and when. */
class Bench {
  readonly scheduler: ChoosingScheduler;
  readonly engine: Engine;
  readonly ran: [string, number][] = [];
  readonly held: [string, number][] = [];
  readonly #owners = new Map<string, PlainOwner>();

  constructor(...choices: number[]) {
    this.scheduler = new ChoosingScheduler(choices, ({ name }) => name);
    this.engine = new Engine({ scheduler: this.scheduler, limits: checkLimits() });
  }

  owner(name: string): PlainOwner {
    const owner = this.#owners.get(name) ?? new PlainOwner(name);
    this.#owners.set(name, owner);
    return owner;
  }

  /** Queues something on a host. `slackUs` is how much later it may come. */
  add(name: string, what: string, dueUs: number, slackUs = 1_000): PlainEvent {
    const event = new PlainEvent(what, () => this.ran.push([what, this.engine.nowUs]), this.owner(name));
    event.heldBack = (byUs) => void this.held.push([what, byUs]);
    this.engine.schedule(event, dueUs, 1, 1, slackUs);
    return event;
  }

  run(touched: { isVisible?: boolean; isWide?: boolean } = {}): string {
    while (this.engine.step()) this.scheduler.settled({ isVisible: false, isWide: false, ...touched });
    return this.ran.map(([what]) => what).join(' ');
  }
}

describe('the choosing scheduler', () => {
  test('without choices runs what is due, when it is due, and tells where there was a choice', () => {
    const bench = new Bench();
    bench.add('a', 'a1', 10);
    bench.add('a', 'a2', 10);
    bench.add('b', 'b1', 5);
    assert.equal(bench.run(), 'b1 a1 a2');
    assert.deepEqual(
      bench.ran.map(([, atUs]) => atUs),
      [5, 10, 10],
    );
    assert.deepEqual(bench.scheduler.points, [
      { host: 'b', what: 'b1', choice: 0, behind: 1, state: undefined },
      { host: 'a', what: 'a1', choice: 0, behind: 1, state: undefined },
    ]);
  });

  test('1 holds an event back behind the next of its host, whatever others do, and no longer', () => {
    const bench = new Bench(1);
    bench.add('a', 'a1', 10);
    bench.add('b', 'b1', 20);
    bench.add('a', 'a2', 30);
    bench.add('a', 'a3', 40);
    assert.equal(bench.run(), 'b1 a2 a1 a3');
    assert.deepEqual(bench.ran[2], ['a1', 31]);
    assert.deepEqual(bench.held, [['a1', 21]]);
    assert.equal(bench.scheduler.isRedundant, false);
  });

  test('2 holds it back behind what changes the state, too, and 3 behind anything', () => {
    for (const [choice, touched, order] of [
      [2, {}, 'b1 a2 a1'],
      [2, { isVisible: true }, 'b1 a1 a2'],
      [1, { isVisible: true }, 'b1 a2 a1'],
      [3, {}, 'b1 a1 a2'],
      [1, { isWide: true }, 'b1 a1 a2'],
    ] as const) {
      const bench = new Bench(choice);
      bench.add('a', 'a1', 10);
      bench.add('b', 'b1', 20);
      bench.add('a', 'a2', 30);
      assert.equal(bench.run(touched), order, `${choice} ${JSON.stringify(touched)}`);
    }
  });

  test('a point tells what the event has to wait for, by what it was seen to do', () => {
    for (const [touched, behind] of [
      [{}, 1],
      [{ isVisible: true }, 2],
      [{ isVisible: true, isWide: true }, 3],
    ] as const) {
      const bench = new Bench();
      bench.add('a', 'a1', 10);
      bench.add('a', 'a2', 10);
      bench.run(touched);
      assert.equal(bench.scheduler.points[0]?.behind, behind);
    }
  });

  test('an event that waited in vain goes at last, and then there are no choices', () => {
    const bench = new Bench(1);
    bench.add('a', 'a1', 10, 100);
    bench.add('b', 'b1', 20);
    bench.add('a', 'a2', 5_000);
    bench.add('a', 'a3', 5_000);
    assert.equal(bench.run(), 'b1 a1 a2 a3');
    assert.deepEqual(bench.ran[1], ['a1', 10 + 100 + 63]);
    assert.equal(bench.scheduler.isRedundant, true);
    assert.equal(bench.scheduler.points.length, 1, 'that of a1 alone');
  });

  test('there is no choice where nothing else can come first', () => {
    const bench = new Bench(1, 1, 1);
    bench.add('a', 'a1', 10, 100);
    bench.add('a', 'a2', 300);
    assert.equal(bench.run(), 'a1 a2');
    assert.deepEqual(bench.scheduler.points, []);
  });

  test('what cannot wait is not held back, and what something disturbs goes on', () => {
    const bench = new Bench(1);
    const exact = new PlainEvent(
      'exact',
      () => bench.ran.push(['exact', bench.engine.nowUs]),
      bench.owner('b'),
    );
    bench.engine.scheduleExactly(exact, 5);
    bench.add('a', 'a1', 10);
    bench.add('b', 'b1', 20);
    bench.add('a', 'a2', 30);
    assert.ok(bench.engine.step() && bench.engine.step());
    assert.deepEqual(
      bench.ran.map(([what]) => what),
      ['exact', 'b1'],
    );
    bench.scheduler.settled({ isVisible: false, isWide: false });
    bench.scheduler.disturbed();
    assert.equal(bench.run(), 'exact b1 a1 a2');
  });

  test('timers of one host keep their order, whichever is held back', () => {
    for (const choices of [[], [1], [1, 1], [0, 1], [3, 0, 1]]) {
      const bench = new Bench(...choices);
      const timers = new HostTimers(bench.engine, bench.owner('a'));
      for (const what of ['t1', 't2', 't3']) timers.setTimeout(() => bench.ran.push([what, 0]), 5);
      bench.add('a', 'a1', 5_010);
      bench.add('a', 'a2', 5_020);
      const order = bench.run().split(' ');
      assert.deepEqual(
        order.filter((what) => what.startsWith('t')),
        ['t1', 't2', 't3'],
        String(choices),
      );
      assert.equal(order.length, 5);
    }
  });

  test('a timer that was cleared while it waited, and set anew, is not waiting', () => {
    const bench = new Bench(1);
    const timers = new HostTimers(bench.engine, bench.owner('a'));
    const timer = timers.setTimeout(() => bench.ran.push(['timer', bench.engine.nowUs]), 5);
    bench.add('b', 'b1', 5_010);
    bench.add('a', 'a1', 5_020);
    assert.ok(bench.engine.step());
    bench.scheduler.settled({ isVisible: false, isWide: false });
    timer.refresh();
    assert.equal(bench.run(), 'b1 a1 timer');
    assert.equal(bench.scheduler.isRedundant, false);
  });
});
