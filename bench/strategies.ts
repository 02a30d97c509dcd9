// How many runs each strategy takes to the first failure: on the planted bugs and the faulty examples, over
// several base seeds. Runs in processes of its own, on the sources, so that all of them are one copy.

import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ratioOf, type Ratio } from './ratio.ts';
import { COMPARED, SYSTEM_NAMES, type SystemRuns } from './strategy-runs.ts';

/** The portfolio is to find a bug after at most so many times the runs of the best single strategy. */
const BOUND = 2;
const PROGRAM = fileURLToPath(new URL('./strategy-runs.ts', import.meta.url));
const COLUMN = 14;

/** Prints a table of medians. @returns for each bug the runs of the portfolio against the best single one. */
export async function strategyRatios(): Promise<Ratio[]> {
  const singles = COMPARED.filter((name) => name !== 'portfolio');
  console.log(`${''.padEnd(32)}${['portfolio', ...singles].map((name) => name.padStart(COLUMN)).join('')}`);
  const waiting = [...SYSTEM_NAMES];
  const ratios: Ratio[] = [];
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const { medians, runsMax } = await measured(name);
      const shown = ['portfolio', ...singles].map((each) => figure(medians[each] as number, runsMax));
      const ratio = ratioOf(
        `runs to "${name}" by the portfolio, against the best strategy (${BOUND} at most)`,
        'runs',
        medians['portfolio'] as number,
        Math.min(...singles.map((each) => medians[each] as number)),
      );
      const isWithin = ratio.ratio <= BOUND ? 'ok' : 'MORE THAN TWICE';
      console.log(`${name.slice(0, 31).padEnd(32)}${shown.join('')}  ${ratio.ratio.toFixed(2)} ${isWithin}`);
      ratios.push(ratio);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  const sum = (of: (ratio: Ratio) => number): number => ratios.reduce((total, each) => total + of(each), 0);
  const whole = ratioOf(
    `runs to all ${ratios.length} bugs by the portfolio, against the best of each (${BOUND} at most)`,
    'runs',
    sum(({ ours }) => ours),
    sum(({ theirs }) => theirs),
  );
  return [...ratios, whole];
}

/** More than the most that were made are not told apart. */
function figure(median: number, runsMax: number): string {
  return (median > runsMax ? `> ${runsMax}` : String(median)).padStart(COLUMN);
}

/** Measures one system in a process of its own. */
function measured(name: string): Promise<SystemRuns> {
  const child = spawn(process.execPath, ['--conditions=wavetank-source', '--import', 'tsx', PROGRAM, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as SystemRuns);
      else reject(new Error(`The searches of "${name}" ended with ${code}.`));
    });
  });
}
