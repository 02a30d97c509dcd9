import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFault } from '../../src/faults/describe.ts';
import type { Fault } from '../../src/faults/fault.ts';

const charge = { from: 'payments', to: 'orders', label: 'POST /charge', nth: 1 } as const;

test('a fault is told in words that a person who was not there understands', () => {
  const told: [Fault, string][] = [
    [
      { kind: 'drop', ...charge, message: 'response' },
      'dropped message (payments → orders, response to POST /charge #1)',
    ],
    [
      { kind: 'reset', ...charge, message: 'request', nth: 3 },
      'reset connection (payments → orders, POST /charge #3)',
    ],
    [
      { kind: 'refuse', ...charge, message: 'request' },
      'refused connection (payments → orders, POST /charge #1)',
    ],
    [
      { kind: 'delay', ...charge, message: 'chunk', byMs: 20.1234 },
      'delayed message (payments → orders, chunk POST /charge #1, by 20.123 ms)',
    ],
    [
      { kind: 'duplicate', ...charge, message: 'datagram', label: 'vote', afterMs: 5 },
      'duplicated message (payments → orders, datagram vote #1, again after 5 ms)',
    ],
    [{ kind: 'crash', host: 'orders', atMs: 10, downMs: 500 }, 'crash of orders at 10 ms, back 500 ms later'],
    [{ kind: 'stop', host: 'orders', atMs: 10, downMs: 0.5 }, 'stop of orders at 10 ms, back 0.5 ms later'],
    [{ kind: 'pause', host: 'orders', atMs: 10, forMs: 5 }, 'pause of orders at 10 ms for 5 ms'],
    [
      { kind: 'partition', from: ['a', 'b'], to: ['c'], oneWay: false, atMs: 1, forMs: 2 },
      'partition a, b ⇹ c at 1 ms for 2 ms',
    ],
    [
      { kind: 'partition', from: ['a'], to: ['c'], oneWay: true, atMs: 1, forMs: 2 },
      'partition a ⇥ c at 1 ms for 2 ms',
    ],
  ];
  for (const [fault, words] of told) assert.equal(describeFault(fault), words);
});
