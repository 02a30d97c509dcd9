// What an exploration counts over its runs.

import type { RunResult } from '../scenario/result.ts';
import type { Exploration } from './explore.ts';

type Counts = readonly (readonly [name: string, times: number])[];

/** The counts of some runs, as data. */
export interface TallyData {
  readonly runs: number;
  readonly repeated: number;
  readonly unsurvivable: number;
  readonly virtualUs: number;
  readonly steps: number;
  readonly reached: Counts;
  readonly undecided: Counts;
  readonly struck: Counts;
  readonly crashed: Counts;
}

/** The counts of an exploration. */
export class Tally {
  runs = 0;
  /** Runs that were made twice and compared. */
  repeated = 0;
  /** Virtual time of all runs. A whole number: its sum does not depend on how runs are put together. */
  virtualUs = 0;
  readonly reached: Map<string, number> = new Map();
  readonly undecided: Map<string, number> = new Map();
  readonly struck: Map<string, number> = new Map();
  readonly crashed: Map<string, number> = new Map();
  #unsurvivable = 0;
  #steps = 0;

  /** @param hosts - Listed with 0 crashes until they crash. */
  constructor(hosts: Iterable<string>) {
    for (const host of hosts) this.crashed.set(host, 0);
  }

  add(result: RunResult): void {
    this.runs++;
    if (result.verdict === 'unsurvivable') this.#unsurvivable++;
    this.virtualUs += Math.round(result.virtualMs * 1000);
    this.#steps += result.steps;
    for (const [name, times] of Object.entries(result.reached)) add(this.reached, name, times);
    for (const name of Object.keys(result.undecided)) add(this.undecided, name, 1);
    for (const { kind } of result.ledger) add(this.struck, kind, 1);
    if (result.plan.core !== undefined) add(this.struck, 'core', 1);
    for (const [host, times] of Object.entries(result.crashed)) add(this.crashed, host, times);
  }

  /** What was counted so far, as data. */
  data(): TallyData {
    const { runs, repeated, virtualUs } = this;
    return {
      ...{ runs, repeated, unsurvivable: this.#unsurvivable, virtualUs, steps: this.#steps },
      reached: [...this.reached],
      undecided: [...this.undecided],
      struck: [...this.struck],
      crashed: [...this.crashed],
    };
  }

  /** Counts what was counted elsewhere. */
  merge(data: TallyData): void {
    this.runs += data.runs;
    this.repeated += data.repeated;
    this.#unsurvivable += data.unsurvivable;
    this.virtualUs += data.virtualUs;
    this.#steps += data.steps;
    for (const [name, times] of data.reached) add(this.reached, name, times);
    for (const [name, times] of data.undecided) add(this.undecided, name, times);
    for (const [name, times] of data.struck) add(this.struck, name, times);
    for (const [name, times] of data.crashed) add(this.crashed, name, times);
  }

  /** As an exploration tells them. */
  counts(): Omit<Exploration, 'scenario' | 'seed' | 'isInterrupted' | 'statistics'> {
    return {
      runs: this.runs,
      virtualMs: this.virtualUs / 1000,
      steps: this.#steps,
      reached: Object.fromEntries(this.reached),
      undecided: Object.fromEntries(this.undecided),
      struck: Object.fromEntries(this.struck),
      crashed: Object.fromEntries(this.crashed),
      repeated: this.repeated,
      unsurvivable: this.#unsurvivable,
    };
  }
}

function add(counts: Map<string, number>, name: string, times: number): void {
  counts.set(name, (counts.get(name) ?? 0) + times);
}
