// `wavetank/jest`: `test.sim` for this runner, put together in src/runners/.

import './register.ts';

export { test } from './runners/jest.ts';
export type { DeclareSim, JestSim } from './runners/jest.ts';
export type { SimOptions } from './runners/sim-test.ts';
