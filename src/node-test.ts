// `wavetank/node-test`: `test.sim` for this runner, put together in src/runners/.

import './register.ts';

export { test } from './runners/node-test.ts';
export type { DeclareSim, NodeSim } from './runners/node-test.ts';
export type { SimOptions } from './runners/sim-test.ts';
