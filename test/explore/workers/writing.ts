// A process that keeps finding things, and says of each that it is kept: until somebody kills it.

import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { CorpusFile } from '../../../src/explore/memory/corpus-file.ts';
import { addRegression } from '../../../src/explore/memory/regressions.ts';
import { calmPlan, daemon, defineScenario } from '../../../src/index.ts';

const source = join(process.cwd(), 'kept.sim.ts');
const scenario = defineScenario({ name: 'kept', hosts: { a: daemon(() => {}) }, drive() {} });
const corpus = new CorpusFile(scenario, source);
const about = { scenario: 'kept', failed: 'WT_INVARIANT x', message: 'x', timeline: [], wavetank: '0.0.0' };
for (let i = 1; ; i++) {
  corpus.add([{ plan: calmPlan, seed: 1, workload: { seed: 1, nth: 0 }, why: 'x', shows: [i] }], 1);
  addRegression(join(process.cwd(), 'kept.sim.regressions.json'), { ...about, token: `token ${i}` });
  writeSync(1, `${i} ${corpus.path}\n`);
}
