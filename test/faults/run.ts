// Runs the table of fault kinds with a thousand seeds of each careful system, or as many as the first
// argument says: for more than `npm test` has time for.

import { root, run, testArguments, testFiles } from '../runner.ts';

process.env['WAVETANK_SEEDS'] = process.argv[2] ?? '1000';
const files = testFiles(root, 'test/faults').filter((file) => file.includes('storm'));
process.exitCode = run(process.execPath, [...testArguments, ...files]);
