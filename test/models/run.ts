// Runs the models with two thousand seeds of each correct service, or as many as the first argument says: for
// more than `npm test` has time for.

import { run, testArguments } from '../runner.ts';

process.env['WAVETANK_SEEDS'] = process.argv[2] ?? '2000';
process.exitCode = run(process.execPath, [...testArguments, 'test/models/simulated.test.ts']);
