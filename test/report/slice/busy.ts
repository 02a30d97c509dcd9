// The planted bugs in busy runs: many clients, and somewhere among them the fault that the bug needs, as
// exploring shrinks it. A run that was shrunk as a whole has nothing to leave out.

import { changed, many, sent, type Busy } from './expect-slice.ts';

const one = (): number => 1;

/** By the name of the bug. */
export const busyRuns: Readonly<Record<string, Busy>> = {
  'lost update': {
    // Nothing shows what its store holds but the sum, so the two that collide are the last.
    workload: many(40, (i) => (i < 38 ? i * 10 : 500)),
    faults: [],
    culprit: (entry) => entry.kind === 'arrived' && entry.from === 'client-40' && entry.label === 'POST /',
  },
  'overtaking messages': {
    workload: many(40, one),
    faults: [
      { kind: 'delay', from: 'office', to: 'shop', message: 'datagram', label: 'price', nth: 39, byMs: 30 },
    ],
    culprit: (entry) => entry.kind === 'arrived' && entry.nth === 39,
  },
  'double charge': {
    workload: many(40, (i) => `order ${i}`),
    faults: [
      {
        kind: 'drop',
        from: 'bank',
        to: 'shopper-1',
        message: 'response',
        label: 'POST /charges',
        nth: 1,
      },
    ],
    culprit: sent('POST /charges', 'dropped'),
  },
  'consumer that is not idempotent': {
    workload: many(40, one),
    faults: [
      {
        kind: 'duplicate',
        from: 'teller',
        to: 'ledger',
        message: 'datagram',
        label: 'deposit',
        nth: 1,
        afterMs: 2_000,
      },
    ],
    culprit: (entry) => entry.kind === 'arrived' && entry.isCopy,
  },
  'stale replica': {
    // The replica takes `draft 10` for older than `draft 9`, so there are no more.
    workload: many(9, one),
    faults: [
      {
        kind: 'delay',
        from: 'primary',
        to: 'replica',
        message: 'datagram',
        label: 'replicate',
        nth: 9,
        byMs: 2_000,
      },
    ],
    culprit: (entry) => entry.kind === 'sent' && entry.label === 'replicate' && entry.nth === 9,
  },
  'cancel after success': {
    workload: many(40, one),
    faults: [
      {
        kind: 'delay',
        from: 'seats',
        to: 'shop',
        message: 'response',
        label: 'PUT /seat-1',
        nth: 1,
        byMs: 8_000,
      },
    ],
    culprit: (entry) =>
      entry.kind === 'sent' && entry.message === 'response' && entry.label === 'PUT /seat-1',
  },
  'swallowed refusal': {
    workload: many(40, one),
    faults: [{ kind: 'refuse', from: 'queue', to: 'worker', message: 'request', label: 'POST /', nth: 1 }],
    culprit: sent('POST /', 'refused'),
  },
  'unsynced disk': {
    workload: many(40, () => ' '),
    faults: [{ kind: 'crash', host: 'store', atMs: 5, downMs: 90 }],
    culprit: (entry) => entry.kind === 'state' && entry.patches.some(({ op }) => op === 'remove'),
  },
  'crash between two writes': {
    workload: many(40, one),
    faults: [{ kind: 'crash', host: 'bank', atMs: 5, downMs: 70 }],
    culprit: changed('crashed'),
  },
  'lock without fencing': {
    workload: many(24, (i) => `worker-${(i % 2) + 1}`),
    faults: [{ kind: 'pause', host: 'worker-1', atMs: 5, forMs: 1_000 }],
    culprit: changed('paused'),
  },
  'two leaders': {
    faults: [{ kind: 'partition', from: ['alpha'], to: ['beta'], oneWay: true, atMs: 1_500, forMs: 1_000 }],
    culprit: (entry) => entry.kind === 'fault' && entry.fault === 'partition',
  },
  'forgotten idempotency keys': {
    workload: many(40, one),
    faults: [
      { kind: 'reset', from: 'books', to: 'shopper-1', message: 'response', label: 'POST /orders', nth: 1 },
      { kind: 'crash', host: 'books', atMs: 5, downMs: 1_000 },
    ],
    culprit: changed('crashed'),
  },
};
