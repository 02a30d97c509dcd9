// The bound of an exhaustive search in words: what is tried, and which kinds of faults are not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boundInWords } from '../../../src/explore/strategies/exhaustive-bound.ts';
import { swarm } from '../../../src/index.ts';

const faults = swarm({ drop: true, crash: ['a'], delay: true, pause: ['a'], duplicate: true });

test('says which faults there may be at once, and how long each is', () => {
  const one = boundInWords({ faults, workload: undefined }, {});
  assert.equal(
    one.bound,
    'every order of events; up to 1 fault (drop, duplicate after 10 ms, delay by 1000 ms, crash for 100 ms)',
  );
  assert.deepEqual(one.outside, ['pause']);
  const times = { faults: 2, delayMs: 1, againMs: 2, downMs: 3, orders: false };
  assert.equal(
    boundInWords({ faults, workload: undefined }, times).bound,
    'events in the calm order; up to 2 faults (drop, duplicate after 2 ms, delay by 1 ms, crash for 3 ms)',
  );
});

test('without faults all kinds of the budget are outside of it', () => {
  const { bound, outside } = boundInWords({ faults, workload: fc.constant(1) }, { faults: 0 });
  assert.equal(bound, 'every order of events; no faults; one workload');
  assert.deepEqual(outside, ['drop', 'crash', 'delay', 'pause', 'duplicate']);
  assert.deepEqual(boundInWords({ faults: undefined, workload: undefined }, {}), {
    bound: 'every order of events; no faults',
    outside: [],
  });
});

test('kinds that need a core, or that name nobody, are told as the budget means them', () => {
  const core = { of: ['a', 'b', 'c'], size: 2 };
  const budget = swarm({ drop: false, crash: [], reset: true, survivable: { core } });
  const { bound, outside } = boundInWords({ faults: budget, workload: undefined }, {});
  assert.equal(bound, 'every order of events; up to 1 fault (reset)');
  assert.deepEqual(outside, ['core']);
});
