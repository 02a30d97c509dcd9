// What an exploration counts over its runs.

import type { RunResult } from '../scenario/result.ts';
import type { Exploration } from './explore.ts';

/** The counts of an exploration. */
export class Tally {
  runs = 0;
  /** Runs that were made twice and compared. */
  repeated = 0;
  virtualMs = 0;
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
    this.virtualMs += result.virtualMs;
    this.#steps += result.steps;
    for (const [name, times] of Object.entries(result.reached)) add(this.reached, name, times);
    for (const name of Object.keys(result.undecided)) add(this.undecided, name, 1);
    for (const { kind } of result.ledger) add(this.struck, kind, 1);
    if (result.plan.core !== undefined) add(this.struck, 'core', 1);
    for (const [host, times] of Object.entries(result.crashed)) add(this.crashed, host, times);
  }

  /** As an exploration tells them. */
  counts(): Omit<Exploration, 'scenario' | 'seed' | 'isInterrupted' | 'statistics'> {
    return {
      runs: this.runs,
      virtualMs: this.virtualMs,
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
