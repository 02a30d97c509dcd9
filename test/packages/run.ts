// Runs the tests of this folder with two hundred seeds of each scenario, or as many as the first argument
// says: for more than `npm test` has time for.

import { root, run, testArguments, testFiles } from '../runner.ts';

process.env['WAVETANK_SEEDS'] = process.argv[2] ?? '200';
process.exitCode = run(process.execPath, [...testArguments, ...testFiles(root, 'test/packages')]);
