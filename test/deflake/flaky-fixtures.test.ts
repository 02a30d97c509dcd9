// Each flaky fixture: both outcomes are found, told by what they depend on, and replayed as they were.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayTest } from '../../src/deflake/deflake.ts';
import type { Cause } from '../../src/deflake/deviations.ts';
import { deflaked, fixture, fixturesOf } from './fixture-files.ts';

interface Expected {
  /** The flaky tests of the file, each with what its outcome depends on. */
  readonly flaky: Readonly<Record<string, readonly Cause[]>>;
  /** What the deviations of the first of them say. */
  readonly when: RegExp;
  readonly stable?: readonly string[];
}

const events: readonly Cause[] = ['the order of events'];

const expected: Readonly<Record<string, Expected>> = {
  'elapsed-time': {
    flaky: { 'calls back once, after 50 ms': events },
    when: /^nothing runs for (5|10|20|50|100) ms from [\d.]+ ms on/,
  },
  'late-listener': { flaky: { 'is welcomed': events }, when: /^fs\.\w+ #1 takes \d+ ms longer$/ },
  'local-date': {
    flaky: { 'deadline > is the day that was entered': ['the time zone'] },
    when: /^the time zone is America\/New_York$/,
  },
  midnight: {
    flaky: { 'an invoice has the date of today': ['the time at which it runs'] },
    when: /^it begins at 2026-11-21 23:59:59\.\d+ UTC, \d+ ms before a day ends$/,
  },
  'order-of-two-requests': {
    flaky: { 'search box > shows the results of what was typed last': events },
    when: /GET \/search/,
  },
  'port-not-ready': { flaky: { greets: events }, when: /^fs\.\w+ #1 takes \d+ ms longer$/ },
  'random-collision': {
    flaky: { 'every coupon is another': ['random values'] },
    when: /^random values are others \(those of seed \d+\)$/,
  },
  'retry-without-limit': {
    flaky: { 'upload > succeeds in the end': ['random values'] },
    when: /^random values are others/,
  },
  'same-millisecond': {
    flaky: { 'session > lasts for an hour': ['how long code takes'] },
    when: /^code takes [\d.]+ ms before it reads a clock for the (1st|2nd) time$/,
  },
  'shared-module-state': {
    flaky: { 'exchange rates > starts without rates': ['the order of tests'] },
    when: /^only `exchange rates > asks the bank once` runs before it$/,
    stable: ['exchange rates > asks the bank once', 'exchange rates > forgets on demand'],
  },
  'timer-race': {
    flaky: { 'worker > works off all jobs': events },
    when: /^nothing runs for \d+ ms from [\d.]+ ms on/,
    stable: ['worker > works off one job after the other'],
  },
  'unawaited-assertion': {
    flaky: { 'has a price for each product': events, 'has a price for apples': events },
    when: /^fs\.\w+ #\d takes [\d.]+ ms longer$/,
  },
  'unawaited-promise': {
    flaky: { 'saves a user': events },
    when: /PUT \/users\/u-1|connection to|at the same time/,
    stable: ['answers for a user that is not there'],
  },
  'unordered-completion': {
    flaky: { 'catalog > lists what it read': events },
    when: /^fs\.\w+ #\d takes [\d.]+ ms longer$/,
  },
};

test('there is an expectation for each flaky fixture', () => {
  const named = fixturesOf('flaky').map((name) => name.replace(/^flaky\/|\.test\.\w+$/g, ''));
  assert.deepEqual(named, Object.keys(expected));
});

for (const name of fixturesOf('flaky')) {
  const own = expected[name.replace(/^flaky\/|\.test\.\w+$/g, '')] as Expected;

  test(`${name}: both outcomes, what they depend on, and a replay of each`, async () => {
    // Far below 500 runs, so that chance has room.
    const report = await deflaked(fixture(name), { runs: 100 });
    const flaky = report.tests.filter(({ verdict }) => verdict === 'flaky');
    for (const [id, causes] of Object.entries(own.flaky)) {
      const found = flaky.find((each) => each.id === id);
      assert.ok(found?.flaky, `${id} is flaky`);
      assert.ok(found.passed > 0 && found.failed > 0);
      const { calm, other } = found.flaky;
      assert.deepEqual([...new Set(other.deviations.map(({ cause }) => cause))], causes);
      assert.deepEqual(calm.deviations, []);
      for (const { outcome, token } of [calm, other]) {
        const replayed = await replayTest(fixture(name), token, { NODE_ENV: 'test' });
        assert.equal(replayed.id, id);
        assert.ok(replayed.isSameRun);
        assert.deepEqual(replayed.outcome, outcome);
        assert.equal(replayed.outcome.verdict, replayed.expected);
      }
      assert.notEqual(calm.outcome.verdict, other.outcome.verdict);
      const [failed] = [calm.outcome, other.outcome].filter(({ verdict }) => verdict === 'failed');
      assert.match(failed?.message ?? '', /\w/);
    }
    const [first] = Object.keys(own.flaky);
    const words = flaky.find(({ id }) => id === first)?.flaky?.other.deviations.map(({ text }) => text) ?? [];
    for (const text of words) assert.match(text, own.when);
    assert.ok(words.length > 0);
    const stable = report.tests.filter(({ verdict }) => verdict === 'stable').map(({ id }) => id);
    for (const id of own.stable ?? []) assert.ok(stable.includes(id), `${id} is stable`);
  });
}
