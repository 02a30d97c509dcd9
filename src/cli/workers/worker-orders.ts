// What a worker process does: loads a scenario, makes the blocks that it is told to make, and ends with its
// parent.

import { Worker } from 'node:worker_threads';
import { getHeapStatistics } from 'node:v8';
import { hostStorage } from '../../ambient/registry.ts';
import { sharedPump } from '../../ambient/shared-pump.ts';
import type { FoundFailure } from '../../explore/block-result.ts';
import { BlockRuns, type BlockRules } from '../../explore/block-runs.ts';
import { errorData } from '../../explore/error-data.ts';
import type { Far } from '../../explore/make-blocks.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { whileInstalled } from '../../scenario/simulate.ts';
import { loadScenarios } from '../load-scenarios.ts';
import { PositionWriter } from './position.ts';
import type { FromWorker, MakeOrder, ScenarioPlace, ToWorker } from './protocol.ts';

/** Real milliseconds between two signs of life, and between two words about how far it is. */
const BEAT_EVERY_MS = 200;
const FAR_EVERY_MS = 100;
/** Real milliseconds until the thread starts that watches the parent: short explorations need none. */
const WATCH_AFTER_MS = 500;
/** The share of its memory from which on a worker is replaced. */
const TIRED_FROM = 0.6;

const position = new PositionWriter();
const parent = Number(process.argv[2]);
/** Makes blocks of the scenario that is open. */
let make: ((order: MakeOrder) => Promise<void>) | undefined;
let close: () => void = () => {};
let isStopped = false;

function say(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}

async function open({ file, nth, rules }: ScenarioPlace & { rules: BlockRules }): Promise<void> {
  close();
  position.at('opening');
  try {
    const scenarios = await quietly(() => loadScenarios(file));
    const scenario = scenarios[nth];
    if (scenario === undefined) throw new Error(`${file} exports ${scenarios.length} scenarios now.`);
    await new Promise<void>((resolve, reject) => {
      const explored = whileInstalled(scenario, () => {
        make = makerOf(scenario, rules);
        resolve();
        return new Promise<void>((end) => (close = end));
      });
      explored.catch(reject);
    });
    position.at('idle');
    say({ kind: 'opened' });
  } catch (error) {
    position.at('idle');
    say({ kind: 'refused', error: errorData(error instanceof Error ? error : new Error(String(error))) });
  }
}

function makerOf(scenario: Scenario, rules: BlockRules): (order: MakeOrder) => Promise<void> {
  let endMs = 0;
  let mustReach = -1;
  let running = -1;
  let far: Far = { runs: 0, virtualUs: 0 };
  let toldMs = 0;
  const runs = new BlockRuns(scenario, {
    ...rules,
    isOver: () => isStopped || (running >= mustReach && performance.now() >= endMs),
    onBegin: (number, sounding) => {
      running = number;
      position.at(sounding ?? 'running', number);
    },
    onRun: ({ virtualMs }) => {
      far = { runs: far.runs + 1, virtualUs: far.virtualUs + Math.round(virtualMs * 1000) };
      const nowMs = performance.now();
      if (nowMs - toldMs < FAR_EVERY_MS) return;
      toldMs = nowMs;
      say({ kind: 'far', far });
    },
  });
  return async ({ block, deaths, suspect, leftMs }) => {
    endMs = performance.now() + leftMs;
    // An exploration has one run, however little time there is.
    const least = block.number === 0 ? block.firstRun : -1;
    mustReach = Math.max(least, suspect ?? -1, ...deaths.map(([number]) => number));
    running = -1;
    far = { runs: 0, virtualUs: 0 };
    position.at('between');
    const onStep: PositionWriter['step'] = (step) => hostStorage().exit(() => position.step(step));
    const known = { deaths: new Map(deaths), onStep, ...(suspect === undefined ? {} : { suspect }) };
    const { error, failures, ...counted } = await runs.make(block, known);
    // What follows is no host's fault.
    await sharedPump().leave();
    position.at('idle');
    const result = { ...counted, failures: failures.map(withoutRun) };
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    const isTired = used > limit * TIRED_FROM;
    say({ kind: 'made', result, isTired, ...(error === undefined ? {} : { error: errorData(error) }) });
  };
}

/** The run itself stays here: it is made again where it is shrunk. */
function withoutRun({ live, ...plain }: FoundFailure): FoundFailure {
  void live;
  return plain;
}

/** What a file prints when it is loaded, the parent printed. */
async function quietly<Result>(load: () => Promise<Result>): Promise<Result> {
  const outputs = [process.stdout, process.stderr];
  const before = outputs.map((output) => Object.getOwnPropertyDescriptor(output, 'write'));
  const silent = { value: () => true, configurable: true, writable: true };
  for (const output of outputs) Object.defineProperty(output, 'write', silent);
  try {
    return await load();
  } finally {
    for (const [i, output] of outputs.entries()) {
      // Without one of its own it has that of its class again.
      Reflect.deleteProperty(output, 'write');
      if (before[i] !== undefined) Object.defineProperty(output, 'write', before[i]);
    }
  }
}

/** Ends this process when its parent did, also where native code keeps this thread for ever. */
function watchParent(): void {
  const end = `process.kill(${process.pid}, 'SIGKILL')`;
  const code = `setInterval(() => process.ppid === ${parent} || ${end}, 500)`;
  new Worker(code, { eval: true, execArgv: [], stdout: true, stderr: true }).unref();
}

process.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') isStopped = true;
  else if (message.kind === 'open') void open(message);
  else {
    isStopped = false;
    void make?.(message);
  }
});
process.on('disconnect', () => process.exit());
// The terminal tells all processes of its group; the parent says what is to be done.
process.on('SIGINT', () => {});
setInterval(() => position.beat(), BEAT_EVERY_MS);
setTimeout(watchParent, WATCH_AFTER_MS).unref();
