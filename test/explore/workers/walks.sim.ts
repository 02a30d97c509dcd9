// Scenarios that are small enough to have all of their runs made: for the tests of worker processes.

import { ambientRegistry } from '../../../src/ambient/registry.ts';
import { daemon, defineScenario, swarm, type Scenario } from '../../../src/index.ts';
import { tokenHandover } from '../strategies/token-handover.ts';

export const repaired: Scenario<undefined> = tokenHandover(true);
export const broken: Scenario<undefined> = tokenHandover(false);

/** Where a message comes twice, the process that makes the run ends. */
export const deadly: Scenario<undefined> = defineScenario({
  name: 'a deadly copy',
  hosts: {
    left: daemon((host) => {
      let times = 0;
      host.onMessage(() => {
        if (++times === 2) ambientRegistry().storage.exit(() => process.exit(7));
      });
    }),
    right: daemon((host) => host.send('left', 1, 'one')),
  },
  faults: swarm({ drop: true, duplicate: true }),
  drive: () => new Promise((resolve) => setTimeout(resolve, 50)),
});
