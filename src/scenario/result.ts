// What a run gives back.

import type { ChoicePoint } from '../engine/choosing.ts';
import type { Fault, FaultPlan } from '../faults/fault.ts';
import type { Evidence } from '../history/evidence.ts';
import type { JournalEntry } from '../history/journal.ts';
import type { Operation } from '../history/operation.ts';
import type { TraceEntry } from '../history/trace.ts';
import type { Traffic } from '../history/traffic.ts';

/** Why a run failed: stable codes. */
export type ViolationCode =
  | 'WT_INVARIANT'
  | 'WT_LIVENESS'
  | 'WT_UNREACHABLE'
  | 'WT_CHECK_THREW'
  | 'WT_UNCAUGHT'
  | 'WT_ESCAPE'
  | 'WT_ASSERTION'
  | 'WT_DRIVE_THREW'
  | 'WT_DEADLOCK'
  | 'WT_LIVELOCK'
  | 'WT_STEPS'
  | 'WT_VIRTUAL_TIME'
  | 'WT_HANG'
  | 'WT_BLOCKED'
  | 'WT_MEMORY'
  | 'WT_EXIT';

/** Something that must not happen, and did. */
export interface Violation {
  readonly code: ViolationCode;
  /**
   * What was violated: the name of a check, of a host, or of a limit. Two runs fail alike when both agree.
   */
  readonly name: string;
  /** One line, or a few, in plain words. */
  readonly message: string;
  readonly atMs: number;
  readonly step: number;
  /** The host whose event was running. */
  readonly host: string;
  /** What shows it, where a checker found it. */
  readonly evidence?: Evidence;
  /** What was thrown, if something was. */
  readonly error?: unknown;
}

/** Where the events of a run could have gone in another order. */
export interface RunChoices {
  /** In the order in which they came: entry i of the plan's `choices` is about point i. */
  readonly points: readonly ChoicePoint[];
  /** An event was held back, and nothing happened meanwhile that it does not commute with. */
  readonly isRedundant: boolean;
}

/** States that a scenario's `state` told in a run, each as a short hash of its value. */
export interface RunStates {
  /** Those that differ, in the order in which they came, at most 64. In long runs not every step is asked. */
  readonly seen: readonly string[];
  /** The one at the end. */
  readonly last?: string;
}

/** What `simulate` returns. */
export interface RunResult<Workload = unknown> {
  readonly scenario: string;
  readonly seed: number;
  readonly workload: Workload;
  readonly plan: FaultPlan;
  /** `unsurvivable`: it failed, but by faults beyond what the budget says is survivable. That is no bug. */
  readonly verdict: 'ok' | 'illegal' | 'unsurvivable';
  /** In what the faults went beyond the budget, in words; only where the verdict is `unsurvivable`. */
  readonly beyondBudget?: readonly string[];
  readonly violations: readonly Violation[];
  /** Virtual time at the end. */
  readonly virtualMs: number;
  /** What wall clocks showed at virtual time 0: milliseconds since 1970. */
  readonly epochMs: number;
  readonly steps: number;
  /** Rolling hash over every event: equal for equal runs. */
  readonly hash: string;
  readonly history: readonly Operation[];
  /** Every deviation from the calm run that really happened, as faults of a plan. */
  readonly ledger: readonly Fault[];
  /** How often each marker and each `sometimes` was reached. */
  readonly reached: Readonly<Record<string, number>>;
  /** The checks that could not tell whether they hold, and why: a checker ran out of its budget, say. */
  readonly undecided: Readonly<Record<string, string>>;
  /** How often each host crashed in the storm, by a fault or by itself; hosts that did not are left out. */
  readonly crashed: Readonly<Record<string, number>>;
  /** Where events could have gone in another order; only where the plan's order is a list of choices. */
  readonly choices?: RunChoices;
  /** How often there was a choice between events; only where the plan's order is by priorities. */
  readonly choicePoints?: number;
  /** The states that it came to; only where a search that learns asks for them, and the scenario has any. */
  readonly states?: RunStates;
  /** Everything that happened; only of a recorded run. */
  readonly trace?: readonly TraceEntry[];
  /** Every change of what hosts keep; of a recorded run, or where the scenario says `journal: true`. */
  readonly journal?: readonly JournalEntry[];
  /** Every request and operation, and how long it took; where the run keeps them. */
  readonly traffic?: Traffic;
}
