// `npm run demo`: explores the faulty checkout on the command line, as a user would. Its bug is planted, so
// finding it is what has to happen: then the demo ends with exit code 0, and the printed replay line with 1.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const words = [
  '--conditions=wavetank-source',
  '--import',
  'tsx',
  main,
  'explore',
  'examples/checkout/checkout.sim.ts',
  // In CI the default is another one for each commit.
  ...['--seed', '1'],
];
// The bug stays: it is not to be kept among the counterexamples that are repaired one day.
const env = { ...process.env, WAVETANK_REGRESSIONS: 'off' };
const { status } = spawnSync(process.execPath, words, { stdio: 'inherit', env });
const hasFoundTheBug = status === 1;
console.log(
  hasFoundTheBug
    ? 'That is the bug which is planted in examples/checkout. Paste the replay line to see it again.'
    : `Expected the demo to find the bug which is planted in examples/checkout (exit code 1), got ${status}.`,
);
process.exitCode = hasFoundTheBug ? 0 : 1;
