// Service levels over traffic made by hand: what breaks each, what keeps it, and what leaves it open.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { expectErrors } from '../../../src/checkers/levels/errors.ts';
import { expectLatency } from '../../../src/checkers/levels/latency.ts';
import type { ServiceLevel } from '../../../src/checkers/levels/level.ts';
import { expectQueue } from '../../../src/checkers/levels/queue.ts';
import type { TimedCall } from '../../../src/history/traffic.ts';
import { GIVEN_UP, PENDING, seen, times, took } from './seen.ts';

const ROUTE = 'POST /checkout';

describe('latency', () => {
  test('of a hundred, one may be slower than the p99, and two may not', () => {
    const level = expectLatency(ROUTE, { p99Ms: 800 });
    const fast = times(98, () => took(10));
    assert.equal(level(seen([...fast, took(800), took(5_000)])).verdict, 'ok');
    const broken = level(seen([...fast, took(801, { nth: 7 }), took(5_000)]));
    assert.equal(broken.verdict, 'illegal');
    assert.match(
      broken.message,
      /^p99 of POST \/checkout is 80\d\.\d ms, above 800\.0 ms: 2 of 100 took longer/,
    );
    assert.match(broken.message, /#1 shopper-1 → orders, sent at 0\.0 ms: 200 after 5,000\.0 ms\n.*#7 /);
  });

  test('the requests that broke it are there as data, the slowest first', () => {
    const { evidence } = expectLatency(ROUTE, { maxMs: 100 })(seen([took(300), took(50), took(400)]));
    assert.ok(evidence?.kind === 'requests');
    assert.deepEqual(
      evidence.requests.map(({ waitedMs }) => waitedMs),
      [400, 300],
    );
  });

  test('percentiles of few say nothing, unless that is wanted; a maximum does', () => {
    const calls = times(99, () => took(10));
    assert.equal(expectLatency(ROUTE, { p99Ms: 800 })(seen(calls)).verdict, 'unknown');
    assert.equal(expectLatency(ROUTE, { p99Ms: 800, samplesMin: 99 })(seen(calls)).verdict, 'ok');
    assert.equal(expectLatency(ROUTE, { maxMs: 800 })(seen(calls)).verdict, 'ok');
    assert.equal(expectLatency(ROUTE, { maxMs: 800 })(seen([])).verdict, 'unknown');
    assert.equal(expectLatency(ROUTE, { p95Ms: 800 })(seen(calls.slice(0, 20))).verdict, 'ok');
    assert.equal(expectLatency(ROUTE, { p95Ms: 800 })(seen(calls.slice(0, 19))).verdict, 'unknown');
  });

  test('one that is pending counts as soon as it waited longer, and not before', () => {
    const level = expectLatency(ROUTE, { maxMs: 800 });
    const calls = [took(10), took(0, PENDING)];
    assert.equal(level(seen(calls, 800)).verdict, 'ok');
    const broken = level(seen(calls, 801));
    assert.equal(broken.verdict, 'illegal');
    assert.match(broken.message, /no answer for 801\.0 ms/);
  });

  test('one that was given up early leaves a bound open, and breaks what it waited for', () => {
    const calls = [...times(99, () => took(10)), took(500, GIVEN_UP)];
    assert.equal(expectLatency(ROUTE, { maxMs: 800 })(seen(calls)).verdict, 'unknown');
    assert.equal(expectLatency(ROUTE, { p99Ms: 800 })(seen(calls)).verdict, 'ok');
    assert.equal(expectLatency(ROUTE, { maxMs: 499 })(seen(calls)).verdict, 'illegal');
  });

  test('an error that the client was told of took as long as it took', () => {
    const failed = took(30, { end: 'failed', status: undefined, isError: true });
    assert.equal(expectLatency(ROUTE, { maxMs: 30 })(seen([failed])).verdict, 'ok');
  });

  test('only what is meant counts: route, who waits, who is asked, and when', () => {
    const others = [
      took(900, { name: 'GET /checkout' }),
      took(900, { from: 'batch' }),
      took(900, { to: 'orders-2' }),
      took(900, { isCalm: false }),
      took(900, { kind: 'operation' }),
    ];
    const options = { maxMs: 800, from: 'shopper-*', to: 'orders' };
    const calls = [took(10), ...others];
    const calm = expectLatency(ROUTE, options)(seen(calls));
    assert.deepEqual([calm.verdict, calm.samples], ['ok', 1]);
    const storm = expectLatency(ROUTE, { ...options, during: 'storm' })(seen(calls));
    assert.deepEqual([storm.verdict, storm.samples], ['illegal', 1]);
    const all = expectLatency(ROUTE, { ...options, during: 'all' })(seen(calls));
    assert.deepEqual([all.verdict, all.samples], ['illegal', 2]);
  });

  test('a route may leave parts of the path open; another word is an operation', () => {
    const name = 'GET /orders/o-1/lines';
    const samples = (route: string, changes: Partial<TimedCall>): number =>
      expectLatency(route, { maxMs: 1 })(seen([took(0, changes)])).samples;
    assert.equal(samples('GET /orders/:id/lines', { name }), 1);
    assert.equal(samples('GET /orders/:id', { name }), 0);
    assert.equal(samples('GET /orders/*', { name }), 1);
    assert.equal(samples('* /orders/*', { name }), 1);
    assert.equal(samples('GET /orders.', { name: 'GET /orders2' }), 0);
    assert.equal(samples('buy', { kind: 'operation', name: 'buy' }), 1);
    assert.equal(samples('buy', { name: 'buy' }), 0);
  });

  test('asked again and again as a run goes on, it says what it says of the whole', () => {
    const call = fc.record({
      sentMs: fc.nat(100),
      tookMs: fc.nat(100),
      end: fc.constantFrom('answered', 'failed', 'given up'),
      isCalm: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 40 }), fc.nat(80), fc.nat(80), (drawn, p50Ms, maxMs) => {
        const running = expectLatency(ROUTE, { p50Ms, maxMs });
        const sent = drawn.toSorted((left, right) => left.sentMs - right.sentMs);
        const calls: TimedCall[] = [];
        const traffic = { calls, arrivals: [] };
        for (let nowMs = 0; nowMs <= 200; nowMs += 10) {
          for (const [i, { sentMs, tookMs, end, isCalm }] of sent.entries()) {
            const isOver = sentMs + tookMs <= nowMs;
            if (sentMs > nowMs) continue;
            const now = isOver
              ? took(0, { sentMs, endedMs: sentMs + tookMs, end, isCalm })
              : took(0, { ...PENDING, sentMs, isCalm });
            if (calls[i] === undefined) calls.push(now);
            else Object.assign(calls[i], now);
          }
          const { verdict, samples, beyond } = running({ traffic, nowMs });
          const fresh = expectLatency(ROUTE, { p50Ms, maxMs })(seen(structuredClone(calls), nowMs));
          assert.deepEqual([verdict, samples, beyond], [fresh.verdict, fresh.samples, fresh.beyond]);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('errors', () => {
  const wrong = (): TimedCall => took(5, { status: 503, isError: true });

  test('a budget of one percent allows one error in a hundred, and not two', () => {
    const level = expectErrors(ROUTE, { rateMax: 0.01 });
    const good = times(98, () => took(5));
    assert.equal(level(seen([...good, took(5), wrong()])).verdict, 'ok');
    const broken = level(seen([...good, wrong(), wrong()]));
    assert.equal(broken.verdict, 'illegal');
    assert.match(
      broken.message,
      /^2 % of POST \/checkout are errors, above 1 %: 2 of 100:\n.* 503 after 5\.0 ms/,
    );
    assert.equal(level(seen(good)).verdict, 'unknown');
  });

  test('one that is pending is an error when it waited a second', () => {
    const level = expectErrors(ROUTE, { rateMax: 0 });
    assert.equal(level(seen([took(5), took(0, PENDING)], 1_000)).verdict, 'ok');
    assert.equal(level(seen([took(5), took(0, PENDING)], 1_001)).verdict, 'illegal');
  });
});

describe('queues', () => {
  const arrivals = (...depths: number[]) => ({
    traffic: { calls: [], arrivals: depths.map((depth) => ({ call: took(1), depth, isCalm: false })) },
    nowMs: 0,
  });

  test('a queue that is deeper than allowed is named, in the storm as well', () => {
    const level = expectQueue('orders', { depthMax: 3 });
    assert.equal(level(arrivals(1, 2, 3)).verdict, 'ok');
    const broken = level(arrivals(1, 4, 5, 2));
    assert.equal(broken.verdict, 'illegal');
    assert.match(broken.message, /^orders had 5 requests at once, above 3:\n.* made it 4/);
    assert.equal(expectQueue('orders', { depthMax: 3, during: 'calm' })(arrivals(9)).verdict, 'unknown');
    assert.equal(expectQueue('payments', { depthMax: 3 })(arrivals(9)).verdict, 'unknown');
  });
});

test('over many runs a level counts them all, and tells which run was worst', () => {
  const tally = expectLatency(ROUTE, { p50Ms: 100, maxMs: 1_000 }).open();
  assert.equal(tally.add(seen([took(10), took(20)])), undefined);
  assert.deepEqual(tally.add(seen([took(10), took(300)]))?.size, 300_000);
  assert.match(tally.add(seen([took(0, PENDING)], 1_500))?.text ?? '', /no answer for 1,500\.0 ms/);
  const { verdict, samples, beyond, message } = tally.judge();
  assert.deepEqual([verdict, samples, beyond], ['illegal', 5, 2]);
  assert.match(message, /^max of POST \/checkout is 1,500\.0 ms/);
});

test('options that make no sense are refused', () => {
  const refused: readonly [() => ServiceLevel, RegExp][] = [
    [() => expectLatency(ROUTE, {}), /given one of p50Ms, p95Ms, p99Ms, maxMs/],
    [() => expectLatency('', { maxMs: 1 }), /Expected `route` to be a request/],
    [() => expectLatency(ROUTE, { maxMs: -1 }), /Expected `maxMs` to be a finite number/],
    [() => expectLatency(ROUTE, { p98Ms: 1 } as object), /unknown option "p98Ms": did you mean "p9/],
    [() => expectLatency(ROUTE, { maxMs: 1, samplesMin: 0 }), /Expected `samplesMin`/],
    [() => expectLatency(ROUTE, { maxMs: 1, during: 'rain' as 'calm' }), /"calm", "storm" or "all"/],
    [() => expectLatency(ROUTE, { maxMs: 1, from: [] }), /Expected `from`/],
    [() => expectErrors(ROUTE, { rateMax: 2 }), /Expected `rateMax` to be a number from 0 to 1/],
    [() => expectQueue('orders', { depthMax: 1.5 }), /Expected `depthMax` to be a whole number/],
  ];
  for (const [make, message] of refused) assert.throws(make, { code: 'WT_OPTION', message });
});
