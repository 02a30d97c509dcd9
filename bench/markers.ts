// What a marker costs in production: a plain Node.js program without wavetank's runtime calls each of them
// ten million times, in a hundred turns with an empty function.

import { execFileSync } from 'node:child_process';
import { ratioOf, type Ratio } from './ratio.ts';

const PROGRAM = `
  import { always, buggify, reachable, sometimes } from 'wavetank/markers';
  const CALLS = 100_000;
  const TURNS = 100;
  // A loop of its own for each function, so that the compiler treats all of them alike.
  const loop = (call) => (0, eval)(\`(f) => {
    let count = 0;
    const beganNs = process.hrtime.bigint();
    for (let i = 0; i < \${CALLS}; i++) { \${call} }
    misbehaved(count);
    return Number(process.hrtime.bigint() - beganNs) / \${CALLS};
  }\`);
  globalThis.misbehaved = (count) => {
    if (count > 0) throw new Error('buggify was true outside of a simulation');
  };
  const calls = {
    sometimes: [sometimes, "f('a name', i > 5);"],
    reachable: [reachable, "f('a name');"],
    always: [always, "f('a name', i >= 0);"],
    buggify: [buggify, "if (f('a name', 0.5)) count++;"],
  };
  const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  for (const [name, [marker, call]] of Object.entries(calls)) {
    const [measure, measureEmpty] = [loop(call), loop(call)];
    const empty = new Function('name', 'condition', '');
    const ours = [], theirs = [];
    for (let turn = 0; turn < TURNS; turn++) {
      ours.push(measure(marker));
      theirs.push(measureEmpty(empty));
    }
    const added = median(ours.map((ns, turn) => ns - theirs[turn]));
    console.log(name, median(ours), median(theirs), added);
  }
  if (Symbol.for('wavetank') in globalThis) throw new Error('the runtime of wavetank is loaded');
`;

/** Nanoseconds a call, of a marker and of an empty function; the name says how much a marker adds. */
export function markerRatios(): Ratio[] {
  const words = ['--input-type=module', '--eval', PROGRAM];
  const printed = execFileSync(process.execPath, words, { encoding: 'utf8', cwd: import.meta.dirname });
  return printed
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', ours = '', theirs = '', added = ''] = line.split(' ');
      const addedNs = Number(added).toFixed(2);
      return ratioOf(
        `${name}() against an empty function, 10 million calls: ${addedNs} ns more each (less is better)`,
        'ns/call',
        Number(ours),
        Number(theirs),
      );
    });
}
