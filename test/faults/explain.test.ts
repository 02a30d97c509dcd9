import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainPlan } from '../../src/faults/explain.ts';
import { calmPlan, type FaultPlan } from '../../src/faults/fault.ts';

const charge = { from: 'payments', to: 'orders', label: 'POST /charge', nth: 1 } as const;

test('a plan is told in plain words: in the order of time, then moments, messages, chances', () => {
  const plan: FaultPlan = {
    faults: [
      { kind: 'drop', ...charge, message: 'response' },
      { kind: 'crash', host: 'orders', atMs: 0, downMs: 5, after: { marker: 'saved', nth: 2 } },
      { kind: 'pause', host: 'payments', atMs: 30, forMs: 5 },
      { kind: 'clog', from: 'orders', to: 'payments', atMs: 20, forMs: 1 },
    ],
    chances: [
      { kind: 'drop', rate: 0.03 },
      { kind: 'delay', rate: 0.125, links: ['a -> b', 'b -> a'], msMax: 200 },
      { kind: 'duplicate', rate: 1 },
      { kind: 'reset', rate: 0.001 },
      { kind: 'refuse', rate: 0.3 },
    ],
    answerChances: [
      { kind: 'answer', rate: 0.1, hosts: ['payments'], statuses: [503] },
      { kind: 'truncate', rate: 0.1, hosts: ['payments'] },
      { kind: 'twice', rate: 0.1, msMax: 20 },
    ],
    diskChances: [{ kind: 'slowSync', rate: 0.01, hosts: ['orders', 'payments'] }],
    buggify: { rate: 0.25 },
    core: ['orders'],
    latency: 'drawn',
    order: 'drawn',
  };
  assert.deepEqual(explainPlan(plan).split('\n'), [
    'clogged link orders ⇥ payments at 20 ms for 1 ms',
    'pause of payments at 30 ms for 5 ms',
    'crash of orders right after a host reached "saved" for the 2nd time, back 5 ms later',
    'dropped message (payments → orders, response to POST /charge #1)',
    'each message is lost with a probability of 3 %',
    'each message on a → b, b → a is late with a probability of 12.5 %, by up to 200 ms',
    'each message that may arrive twice arrives twice with a probability of 100 %, again after up to 1000 ms',
    'each message on a connection resets it with a probability of 0.1 %',
    'each connection is refused with a probability of 30 %',
    'each request to payments is answered with an error (503) with a probability of 10 %',
    'each answer of payments breaks off with a probability of 10 %',
    'each request that may be sent again is with a probability of 10 %, after up to 20 ms',
    'each sync on orders, payments is slow with a probability of 1 %, by up to 1000 ms',
    'each buggify point is active with a probability of 25 %',
    'otherwise messages take times drawn from the latency of their links, and what is due together runs in ' +
      'a drawn order',
    'after the storm only orders comes back: all other hosts are dead',
  ]);
});

test('a calm plan says so', () => {
  assert.equal(explainPlan(calmPlan), 'no faults; calm: each message takes the shortest time of its link');
});

test('what is no plan is refused', () => {
  for (const plan of [undefined, null, {}, 'calm'])
    assert.throws(() => explainPlan(plan as never), {
      code: 'WT_OPTION',
      message: /`plan` to be a fault plan/,
    });
});
