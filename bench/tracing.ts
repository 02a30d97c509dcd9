// What recording costs: nothing where it is off, against the same package with its hooks compiled out; and
// where it is on, less than five times as much.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { makeCopies } from './compiled-out.ts';
import { compare, type Ratio } from './ratio.ts';
import type { Answered, Asked } from './tracing-runs.ts';

const TURNS = 7;
const FUNCTIONS = { scenario: 'checkout-repaired', runs: 30 } as const;
const PROGRAMS = { scenario: 'programs-repaired', runs: 6 } as const;

/** Runs of the checkout example, as functions and as programs. */
export async function tracingRatios(): Promise<Ratio[]> {
  const copies = makeCopies();
  const [withHooks, without] = [new Runner(copies.withHooks), new Runner(copies.without)];
  try {
    const hashes = new Map<string, string>();
    const runs = async (runner: Runner, asked: Asked): Promise<number> => {
      const answered = await runner.ask(asked);
      const made = answered.hashes.join(' ');
      const expected = hashes.get(asked.scenario) ?? made;
      if (made !== expected)
        throw new Error(`${asked.scenario}: ${made}, not ${expected}. ${answered.violations.join(' ')}`);
      hashes.set(asked.scenario, made);
      return answered.runsPerSecond;
    };
    const off = (what: Pick<Asked, 'scenario' | 'runs'>) => ({
      ours: () => runs(withHooks, { ...what, isRecorded: false }),
      theirs: () => runs(without, { ...what, isRecorded: false }),
    });
    const on = (what: Pick<Asked, 'scenario' | 'runs'>) => ({
      ours: () => runs(withHooks, { ...what, isRecorded: true }),
      theirs: () => runs(withHooks, { ...what, isRecorded: false }),
    });
    return [
      await compare(`${OFF}, functions (1: they cost nothing)`, UNIT, off(FUNCTIONS), TURNS),
      await compare(`${OFF}, programs`, UNIT, off(PROGRAMS), TURNS),
      await compare(`${ON}, functions (more than 0.2)`, UNIT, on(FUNCTIONS), TURNS),
      await compare(`${ON}, programs (more than 0.2)`, UNIT, on(PROGRAMS), TURNS),
    ];
  } finally {
    withHooks.end();
    without.end();
    copies.remove();
  }
}

const UNIT = 'runs/s of the processor';
const OFF = 'runs that are not recorded, against those with the hooks of recording compiled out';
const ON = 'runs that are recorded, against those that are not';

/** A process that makes runs of one copy. */
class Runner {
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  readonly #ended: Promise<never>;

  constructor(folder: string) {
    const script = fileURLToPath(new URL('tracing-runs.ts', import.meta.url));
    this.#child = fork(script, [folder], { execArgv: ['--expose-gc', '--import', 'tsx'] });
    this.#ready = once(this.#child, 'message');
    this.#ended = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`The process of ${folder} ended with ${code}.`);
    });
    this.#ended.catch(() => {});
  }

  async ask(asked: Asked): Promise<Answered> {
    await Promise.race([this.#ready, this.#ended]);
    const answered = once(this.#child, 'message');
    this.#child.send(asked);
    const [figures] = (await Promise.race([answered, this.#ended])) as [Answered];
    return figures;
  }

  end(): void {
    this.#child.kill();
  }
}
