// Runs the tests with node:test, on the TypeScript sources. `npm test -- network` runs the files whose path
// contains `network`; arguments that begin with a dash go to Node.js. The files are listed here, because
// `node --test` takes patterns only from Node.js 21 on. What tests start as a process of its own is the
// build, which is brought up to date first.

import { bringBuildUpToDate } from './built.ts';
import { root, run, testArguments, testFiles } from './runner.ts';

// Tests explore faulty examples on purpose: what they find is not kept beside them.
process.env.WAVETANK_REGRESSIONS ??= 'off';

const given = process.argv.slice(2);
const options = given.filter((argument) => argument.startsWith('-'));
const wanted = given.filter((argument) => !argument.startsWith('-'));

const files = testFiles(root, 'test').filter(
  (file) => wanted.length === 0 || wanted.some((part) => file.includes(part)),
);

if (files.length === 0) {
  console.error(`No test file contains ${wanted.map((part) => `"${part}"`).join(' or ')} in its path.`);
  process.exitCode = 1;
} else {
  process.exitCode = bringBuildUpToDate() || run(process.execPath, [...testArguments, ...options, ...files]);
}
