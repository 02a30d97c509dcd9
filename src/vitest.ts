// `wavetank/vitest`: `test.sim` for this runner, put together in src/runners/.

import './register.ts';

export { test } from './runners/vitest.ts';
export type { DeclareSim, VitestSim } from './runners/vitest.ts';
export type { SimOptions } from './runners/sim-test.ts';
