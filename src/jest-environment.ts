// `wavetank/jest-environment`: the environment for test files that simulate. Jest takes the default export.

export {
  WavetankEnvironment as default,
  WavetankEnvironment as TestEnvironment,
} from './runners/jest-environment.ts';
