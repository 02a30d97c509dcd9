// Scenarios some of whose runs end or block the process that makes them.

import { pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import { ambientRegistry } from '../../../src/ambient/registry.ts';
import { daemon, defineScenario, type Scenario } from '../../../src/index.ts';

const inMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function allocate(): void {
  const kept: string[][] = [];
  // In large steps: nobody stops it first for taking long.
  for (;;) kept.push('x'.repeat(40_000_000).split(''));
}

/** What is done to a host, by the number that is the workload. */
const DEADS: ReadonlyMap<number, () => void> = new Map([
  // What a native add-on does, or a callback that belongs to no host: of a host, `process.exit` is its own.
  [41, () => ambientRegistry().storage.exit(() => process.exit(7))],
  // Native code that computes for hours: no time limit of V8 stops it.
  [42, () => void pbkdf2Sync('password', 'salt', 2_000_000_000, 64, 'sha512')],
  [43, allocate],
]);

let chosen = 0;

export const deadly: Scenario<number> = defineScenario<number>({
  name: 'deadly',
  hosts: {
    quiet: daemon(() => {}),
    victim: daemon(async () => {
      await inMs(7);
      DEADS.get(chosen)?.();
    }),
  },
  workload: fc.noBias(fc.nat({ max: 99 })),
  async drive(_, number) {
    chosen = number;
    await inMs(20);
  },
});

/** What a host does for ever, and the number that is the workload then. */
const ENDLESS: Readonly<Record<string, readonly [number: number, forEver: () => void]>> = {
  loops: [
    65,
    () => {
      for (;;);
    },
  ],
  // A loop of native code, in which V8 looks at nothing: what stops the others does not get there.
  searches: [79, () => void Array.prototype.includes.call({ length: Number.MAX_SAFE_INTEGER }, 1)],
  backtracks: [91, () => void /^(a+)+$/.test(`${'a'.repeat(60)}b`)],
};

const endlessHosts = Object.entries(ENDLESS).map(([name, [, forEver]]) => {
  const host = daemon((self) => self.onMessage(() => forEver()));
  return [name, host] as const;
});

/** The handlers of some hosts never come to their end. */
export const endless: Scenario<number> = defineScenario<number>({
  name: 'endless',
  hosts: {
    ...Object.fromEntries(endlessHosts),
    caller: daemon(async (host) => {
      await inMs(3);
      for (const [name, [number]] of Object.entries(ENDLESS))
        if (number === chosen) host.send(name, 'go on', 'word');
    }),
  },
  workload: fc.noBias(fc.nat({ max: 99 })),
  limits: { hangMs: 500 },
  async drive(_, number) {
    chosen = number;
    await inMs(20);
  },
});

/** Ends its process in each run, also in those that a strategy only looks at. */
export const doomed: Scenario = defineScenario({
  name: 'doomed',
  hosts: {
    victim: daemon(async () => {
      await inMs(7);
      ambientRegistry().storage.exit(() => process.exit(7));
    }),
  },
  drive: () => inMs(20),
});
