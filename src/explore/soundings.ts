// What calm runs do: the messages and the operations on disks that faults can befall, and what the weather of
// the network makes of them. Where the search by deviations starts from.

import fc from 'fast-check';
import { calmPlan, type Fault, type FaultPlan } from '../faults/fault.ts';
import { struckOf, type MessageTopic } from '../faults/struck.ts';
import type { AnswerPolicy } from '../host/answering.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../scenario/result.ts';
import type { Disks, Tampering } from '../scenario/tampering.ts';
import type { DiskCall } from '../storage/interference.ts';
import type { FreshInput } from './compared-runs.ts';
import type { RunCase, RunCases } from './run-cases.ts';
import type { Origin, Proposal } from './strategies/strategy.ts';

/** What the calm run of an input did. */
export interface Sounding {
  /** The input that was sounded. */
  readonly input: Origin;
  /** The seed of the run. */
  readonly seed: number;
  /** How many steps it made before the storm would have been over. */
  readonly steps: number;
  readonly clients: readonly string[];
  readonly messages: readonly { readonly topic: MessageTopic; readonly count: number }[];
  readonly diskCalls: readonly (DiskCall & { readonly host: string })[];
  /** What deviates of itself: messages that are late, and code that may misbehave. */
  readonly weather: readonly Fault[];
}

/** A run of a sounding: nothing goes wrong in it, or what the weather of the network brings along. */
export type SoundingRun = 'calm' | 'windy';

/** Makes a run of a sounding. */
type MakeSounding<Workload> = (run: SoundingRun, fresh: FreshInput<Workload>) => Promise<RunResult<Workload>>;

/** How many are kept: a search comes back to the first inputs again and again. */
const KEPT_MAX = 16;
/** Of so many inputs the one with the largest workload is sounded. */
const CANDIDATES = 3;

/** Sounds the inputs of a scenario; each once, as long as it is kept. */
export class Soundings<Workload> {
  readonly #scenario: Scenario<Workload>;
  readonly #cases: RunCases<Workload>;
  readonly #kept = new Map<string, Promise<Sounding>>();

  constructor(scenario: Scenario<Workload>, cases: RunCases<Workload>) {
    this.#scenario = scenario;
    this.#cases = cases;
  }

  /**
   * Sounds one of the inputs that a seed gives: the one of a few whose workload is the largest, as small ones
   * leave little that could go wrong.
   *
   * Determinism: a function of the scenario, the seed and the number, whether it was kept or not.
   *
   * @param which - From 0.
   * @param make - Makes its runs, unless it was kept.
   */
  of(seed: number, which: number, make: MakeSounding<Workload>): Promise<Sounding> {
    const key = `${seed} ${which}`;
    const kept = this.#kept.get(key) ?? this.#sound(seed, which, make);
    // The one that was asked for last comes last, and the first one is forgotten first.
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest);
    return kept;
  }

  /** A run of a sounding, as any other run is proposed. */
  proposal(seed: number, which: number, run: SoundingRun): Proposal {
    const { input, fresh } = this.#chosen(seed, which);
    return { plan: this.#plan(run), seed: fresh()[2], workload: input, isSteered: true };
  }

  async #sound(from: number, which: number, make: MakeSounding<Workload>): Promise<Sounding> {
    const { input, fresh } = this.#chosen(from, which);
    const scenario = this.#scenario;
    const [, , seed] = fresh();
    // What was seen of a run belongs to its plan and its watch: each time it is made it has others.
    let plan = this.#plan('calm');
    let watch = new DiskWatch();
    const calm = await make('calm', () => {
      plan = this.#plan('calm');
      watch = new DiskWatch();
      return { scenario, seed, workload: fresh()[1], plan, tampering: watch };
    });
    const windy = await make('windy', () => {
      return { scenario, seed, workload: fresh()[1], plan: this.#plan('windy') };
    });
    return {
      input,
      seed,
      steps: watch.stormSteps ?? Math.max(1, calm.steps),
      clients: struckOf(plan)?.clients ?? [],
      messages: (struckOf(plan)?.sent?.() ?? []).map(({ count, ...topic }) => ({ topic, count })),
      diskCalls: watch.calls,
      weather: windy.ledger,
    };
  }

  /** The input that is sounded. */
  #chosen(seed: number, which: number): { readonly input: Origin; readonly fresh: () => RunCase<Workload> } {
    const first = which * CANDIDATES;
    const candidates = this.#cases.stretch(seed, { from: first, count: CANDIDATES });
    const sizes = candidates.map(({ value }) => fc.stringify(value[1]).length);
    const best = sizes.indexOf(Math.max(...sizes));
    const fresh = (): RunCase<Workload> => (candidates[best] as fc.Value<RunCase<Workload>>).value;
    return { input: { seed, nth: first + best }, fresh };
  }

  #plan(run: SoundingRun): FaultPlan {
    return run === 'calm' ? { ...calmPlan } : { ...calmPlan, latency: 'drawn', ...this.#buggify() };
  }

  #buggify(): Pick<FaultPlan, 'buggify'> {
    const allowed = this.#scenario.faults?.buggify ?? false;
    if (allowed === false) return {};
    return { buggify: allowed === true ? { rate: 1 } : { rate: 1, hosts: allowed } };
  }
}

/** Takes down what hosts do to their disks; alters nothing. */
class DiskWatch implements Tampering {
  readonly calls: (DiskCall & { readonly host: string })[] = [];
  stormSteps: number | undefined;

  disks(): Disks {
    return {
      of: (host) => ({
        fills: new Set(),
        befall: (call) => {
          if (this.stormSteps === undefined) this.calls.push({ ...call, host });
          return undefined;
        },
        delayUs: () => 0,
        losses: () => [],
      }),
    };
  }

  answers(_planned: AnswerPolicy | undefined, engine: { readonly steps: number }): AnswerPolicy {
    return {
      twist: () => undefined,
      refuses: () => false,
      open: () => () => {},
      whenOver: () => () => {},
      end: () => {
        this.stormSteps = Math.max(1, engine.steps);
      },
    };
  }

  observed: Tampering['observed'] = (operations) => operations;

  ended: Tampering['ended'] = () => {};
}
