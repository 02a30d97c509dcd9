// The causal slice of each faulty example, in a busy run: the fault that exploring shrinks its failure to,
// among the work of many.

import type { Scenario } from '../../../src/index.ts';
import { changed, expectSlice, many, sent, type Busy } from './expect-slice.ts';

const items = many(20, (i) => ({ sku: ['teapot', 'kettle', 'anvil'][i % 3], quantity: 1 }));
const lostCharge: Busy = {
  workload: items,
  faults: [
    {
      kind: 'drop',
      from: 'api.cards.test',
      to: 'payments',
      message: 'response',
      label: 'POST /v1/charges',
      nth: 1,
    },
  ],
  culprit: sent('POST /v1/charges', 'dropped'),
};

/** By file: what is violated, and the run. */
const examples: Readonly<Record<string, readonly [violates: string, busy: Busy]>> = {
  'checkout/checkout': ['charged at most once', lostCharge],
  'checkout/programs': ['charged at most once', lostCharge],
  'lease-lock/pauses': [
    'no line is lost that was added',
    {
      workload: [12, 12],
      faults: [{ kind: 'pause', host: 'worker-a', atMs: 4_220, forMs: 3_000 }],
      culprit: changed('paused'),
    },
  ],
  'lease-lock/clock-steps': [
    'no line is lost that was added',
    {
      workload: [12, 12],
      faults: [{ kind: 'clockStep', host: 'locks', atMs: 4_220, byMs: 30_000 }],
      culprit: (entry) => entry.kind === 'fault' && entry.fault === 'clockStep',
    },
  ],
  'outbox/outbox': [
    'every order that is stored is shipped',
    {
      workload: many(20, () => 'teapot'),
      faults: [{ kind: 'crash', host: 'orders', atMs: 5, downMs: 90 }],
      culprit: changed('crashed'),
    },
  ],
  'replicated-register/replicated-register': [
    'no acknowledged write is lost',
    {
      workload: { writeAfterMs: [499], readAfterMs: [0] },
      faults: [{ kind: 'partition', from: ['alpha'], to: ['beta'], oneWay: true, atMs: 0, forMs: 2_000 }],
      culprit: (entry) => entry.kind === 'fault' && entry.fault === 'partition',
    },
  ],
  'rolling-upgrade/rolling-upgrade': [
    'a phone number that was saved stays',
    {
      workload: many(40, (i) => ({
        field: i % 9 === 8 ? 'phone' : 'name',
        by: i % 2 === 1 ? 'profiles-1' : 'profiles-2',
        afterMs: 50,
      })),
      faults: [{ kind: 'upgrade', host: 'profiles-1', to: 1, atMs: 1_000, downMs: 400 }],
      culprit: changed('stopped'),
    },
  ],
};

for (const [file, [violates, busy]] of Object.entries(examples)) {
  const path = `../../../examples/${file}.sim.ts`;
  const scenario = async (): Promise<Scenario> => ((await import(path)) as { default: Scenario }).default;
  expectSlice({ name: file, violates, scenario }, busy);
}
