// The causal slice of each planted bug, in a busy run.

import { systems } from '../../planted/systems/all.ts';
import { busyRuns } from './busy.ts';
import { expectSlice } from './expect-slice.ts';

for (const { bug, violates, broken } of systems) {
  const busy = busyRuns[bug];
  if (busy === undefined) throw new Error(`the planted bug "${bug}" has no busy run`);
  expectSlice({ name: bug, violates, scenario: async () => broken }, busy);
}
