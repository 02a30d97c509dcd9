import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HostTimers } from '../../src/ambient/timers.ts';
import { Engine } from '../../src/engine/engine.ts';
import { checkLimits } from '../../src/engine/limits.ts';
import { PctScheduler } from '../../src/engine/pct.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';
import { PlainEvent, PlainOwner } from './plain-event.ts';

const SEEDS = 200;

interface Bench {
  readonly engine: Engine;
  readonly scheduler: PctScheduler;
  readonly ran: string[];
  add(name: string, what: string, dueUs: number, slackUs: number, key?: number): PlainEvent;
}

function benchOf(seed: number, pct: { depth: number; steps: number } = { depth: 1, steps: 1 }): Bench {
  const scheduler = new PctScheduler(new KeyedRandom(seed), pct);
  const engine = new Engine({ scheduler, limits: checkLimits() });
  const owners = new Map<string, PlainOwner>();
  const ran: string[] = [];
  const add = (name: string, what: string, dueUs: number, slackUs: number, key = 1): PlainEvent => {
    const owner = owners.get(name) ?? new PlainOwner(name);
    owners.set(name, owner);
    const event = new PlainEvent(what, () => ran.push(`${what} ${engine.nowUs}`), owner);
    engine.schedule(event, dueUs, key, 1, slackUs);
    return event;
  };
  return { engine, scheduler, ran, add };
}

const orderOf = ({ ran }: Bench): string => ran.map((each) => each.split(' ')[0]).join(' ');

test('priority goes before time, as far as nothing has to come first', () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const bench = benchOf(seed);
    bench.add('a', 'a1', 10, 1_000);
    bench.add('b', 'b1', 500, 1_000);
    // Comes after a1, whatever its priority: a1 cannot wait so long.
    bench.add('c', 'c1', 5_000, 1_000);
    while (bench.engine.step());
    orders.add(bench.ran.join(', '));
  }
  assert.deepEqual([...orders].toSorted(), ['a1 10, b1 500, c1 5000', 'b1 500, a1 501, c1 5000']);
});

test('nothing runs early, later than it may, or before what is exact', () => {
  const event = fc.record({
    lane: fc.nat({ max: 3 }),
    dueUs: fc.nat({ max: 500 }),
    slackUs: fc.nat({ max: 300 }),
  });
  const limits = fc.record({ depth: fc.integer({ min: 1, max: 4 }), steps: fc.integer({ min: 1, max: 8 }) });
  fc.assert(
    fc.property(
      fc.nat(),
      limits,
      fc.array(event, { maxLength: 12 }),
      fc.nat({ max: 600 }),
      (seed, pct, all, us) => {
        const bench = benchOf(seed, pct);
        const { engine, ran } = bench;
        for (const [i, { lane, dueUs, slackUs }] of all.entries()) {
          const held: number[] = [];
          const added = bench.add(`lane-${lane}`, `e${i}`, dueUs, slackUs, i);
          added.heldBack = (byUs) => void held.push(byUs);
          added.run = () => {
            ran.push(`e${i}`);
            assert.ok(engine.nowUs >= dueUs && engine.nowUs <= dueUs + slackUs + 63);
            if (held.length > 0) assert.equal(engine.nowUs, dueUs + (held[0] as number));
          };
        }
        const exact = new PlainEvent('exact', () => assert.equal(engine.nowUs, us));
        engine.scheduleExactly(exact, us);
        while (engine.step());
        assert.equal(ran.length, all.length);
      },
    ),
  );
});

test('a change point lowers who would go next below all others', () => {
  let changed = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const [plain, lowered] = [benchOf(seed), benchOf(seed, { depth: 2, steps: 1 })].map((bench) => {
      for (const name of ['a', 'b', 'c']) bench.add(name, name, 10, 1_000);
      while (bench.engine.step());
      return orderOf(bench).split(' ');
    }) as [string[], string[]];
    const [first, ...others] = plain;
    assert.deepEqual(lowered, [...others, first]);
    changed++;
  }
  assert.equal(changed, SEEDS);
});

test('points with a choice are those at which two hosts or links may go', () => {
  const bench = benchOf(1);
  bench.add('a', 'a1', 10, 1_000, 1);
  bench.add('a', 'a2', 10, 1_000, 2);
  while (bench.engine.step());
  assert.equal(bench.scheduler.choicePoints, 0);
  bench.add('a', 'a3', 5_000, 1_000);
  bench.add('b', 'b1', 5_000, 1_000);
  while (bench.engine.step());
  assert.equal(bench.scheduler.choicePoints, 1);
});

test('messages of one link overtake each other, over the seeds; timers of one host never', () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const bench = benchOf(seed, { depth: 3, steps: 4 });
    bench.add('a', 'm1', 5_000, 100, 1);
    bench.add('a', 'm2', 5_000, 100, 2);
    const timers = new HostTimers(bench.engine, new PlainOwner('b'));
    for (const what of ['t1', 't2']) timers.setTimeout(() => bench.ran.push(what), 5);
    timers.setTimeout(() => bench.ran.push('t3'), 6);
    while (bench.engine.step());
    const order = orderOf(bench);
    assert.match(order, /t1.*t2.*t3/);
    orders.add(order);
  }
  assert.ok(
    [...orders].some((order) => /m1.*m2/.test(order)) && [...orders].some((order) => /m2.*m1/.test(order)),
  );
  assert.ok(orders.size >= 4, [...orders].join('; '));
});

test('who has which priority depends on its name, and not on who else is there', () => {
  for (let seed = 0; seed < 20; seed++) {
    const orders = [[], ['c'], ['d', 'e']].map((more) => {
      const bench = benchOf(seed);
      for (const name of [...more, 'a', 'b']) bench.add(name, name, 10, 1_000);
      while (bench.engine.step());
      return orderOf(bench)
        .replaceAll(/[c-e] ?/g, '')
        .trim();
    });
    assert.equal(new Set(orders).size, 1);
  }
});
