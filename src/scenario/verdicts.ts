// The verdict of a run in the making: asks the checks of a scenario, and keeps what was violated.

import { formatUs } from '../time/duration.ts';
import type { Evidence } from '../history/evidence.ts';
import { ask, type Check, type Finding } from './check.ts';
import type { Scenario } from './scenario.ts';
import type { Violation, ViolationCode } from './result.ts';
import type { World } from './world.ts';

/** The part of a scenario that says what must hold. */
export type Checks = Pick<Scenario, 'always' | 'never' | 'eventually' | 'finally' | 'sometimes'>;

/** Where a run is, for a violation. */
export interface Whereabouts {
  readonly nowUs: number;
  readonly steps: number;
  readonly host: string;
}

/** Collects violations. The first one that is not about liveness ends the run. */
export class Verdicts {
  readonly violations: Violation[] = [];
  readonly reached: Map<string, number> = new Map();
  /** The checks that could not tell, and why, when they were last asked. */
  readonly undecided: Map<string, string> = new Map();
  readonly #scenario: Checks;
  readonly #world: World;
  readonly #whereabouts: () => Whereabouts;
  readonly #waiting: () => string;
  readonly #unsettled: Map<string, { readonly withinUs: number; readonly check: Check }>;
  readonly #hasStepChecks: boolean;

  /** @param around.waiting - Says who waits for what, in lines that each begin with a line break. */
  constructor(
    scenario: Checks,
    world: World,
    around: { readonly whereabouts: () => Whereabouts; readonly waiting: () => string },
  ) {
    this.#scenario = scenario;
    this.#world = world;
    this.#whereabouts = around.whereabouts;
    this.#waiting = around.waiting;
    this.#unsettled = new Map(scenario.eventually);
    const predicates = [...scenario.sometimes.values()].some((check) => check !== undefined);
    this.#hasStepChecks = scenario.always.size > 0 || scenario.never.size > 0 || predicates;
  }

  get areAllSettled(): boolean {
    return this.#unsettled.size === 0;
  }

  /** Whether there is anything to ask after a step. */
  areDue(phase: string): boolean {
    return this.#hasStepChecks || (phase === 'calm' && !this.areAllSettled);
  }

  /** How long, from healing, the least patient check that has not come true may take. */
  patienceUs(): number {
    let leastUs = Number.MAX_SAFE_INTEGER;
    for (const { withinUs } of this.#unsettled.values()) if (withinUs < leastUs) leastUs = withinUs;
    return leastUs;
  }

  add(code: ViolationCode, name: string, message: string, error?: unknown): void {
    this.#add({ code, name, message }, error === undefined ? {} : { error });
  }

  #add(
    what: Pick<Violation, 'code' | 'name' | 'message'>,
    shown: Pick<Violation, 'error' | 'evidence'>,
  ): void {
    const { nowUs, steps, host } = this.#whereabouts();
    this.violations.push({ ...what, atMs: nowUs / 1000, step: steps, host, ...shown });
  }

  mark(name: string): void {
    this.reached.set(name, (this.reached.get(name) ?? 0) + 1);
  }

  /** Asks what must hold after each step. */
  afterStep(): void {
    if (!this.#hasStepChecks) return;
    const { always, never, sometimes } = this.#scenario;
    for (const [name, check] of always) this.#mustHold(name, check);
    for (const [name, check] of never) this.#mustNotHold(name, check);
    for (const [name, check] of sometimes) {
      if (check !== undefined && ask(check, this.#world).verdict === 'ok') this.mark(name);
    }
  }

  /** Asks what must come true once the storm is over. */
  afterCalmStep(healedUs: number): void {
    for (const [name, { withinUs, check }] of this.#unsettled) {
      const finding = ask(check, this.#world);
      if (finding.verdict === 'ok') this.#unsettled.delete(name);
      else if (finding.verdict === 'threw') this.#threw(name, finding.error);
      else if (this.#whereabouts().nowUs >= healedUs + withinUs) this.#tooLate(name, withinUs, finding);
    }
  }

  /** Nothing will happen any more: what has not come true never will. */
  atEnd(): void {
    for (const [name, { check }] of this.#unsettled) {
      const finding = ask(check, this.#world);
      if (finding.verdict === 'threw') this.#threw(name, finding.error);
      else if (finding.verdict !== 'ok') this.#never(name, finding);
    }
    this.#unsettled.clear();
  }

  /** The run has ended, and nothing was wrong so far. */
  lastly(): void {
    for (const [name, check] of this.#scenario.finally) this.#mustHold(name, check);
  }

  #mustHold(name: string, check: Check): void {
    const finding = ask(check, this.#world);
    if (finding.verdict === 'illegal')
      this.#add({ code: 'WT_INVARIANT', name, message: illegal(name, finding.why) }, evidenceOf(finding));
    else if (finding.verdict === 'threw') this.#threw(name, finding.error);
    else this.#noteWhether(name, finding);
  }

  #mustNotHold(name: string, check: Check): void {
    const finding = ask(check, this.#world);
    if (finding.verdict === 'ok')
      this.add('WT_INVARIANT', name, `never \`${name}\` is illegal: it came true.`);
    else if (finding.verdict === 'threw') this.#threw(name, finding.error);
    else this.#noteWhether(name, finding);
  }

  #noteWhether(name: string, finding: Finding): void {
    if (finding.verdict === 'unknown') this.undecided.set(name, finding.why);
    else if (this.undecided.size > 0) this.undecided.delete(name);
  }

  #tooLate(name: string, withinUs: number, finding: Unfulfilled): void {
    const bound = `within ${formatUs(withinUs)} of healing`;
    this.#unsettled.delete(name);
    const message = `\`${name}\` did not come true ${bound}${because(finding.why)}${this.#waiting()}`;
    this.#add({ code: 'WT_LIVENESS', name, message }, evidenceOf(finding));
  }

  #never(name: string, finding: Unfulfilled): void {
    const never = `\`${name}\` will never come true${because(finding.why)}`;
    const message = `${never} Nothing is left to happen.${this.#waiting()}`;
    this.#add({ code: 'WT_LIVENESS', name, message }, evidenceOf(finding));
  }

  #threw(name: string, error: unknown): void {
    const shown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const hint = 'A check must cope with hosts that are down (`exports` is undefined before the first boot).';
    this.add('WT_CHECK_THREW', name, `the check \`${name}\` itself failed${because(shown)} ${hint}`, error);
  }
}

/** What a check answered that has not come true. */
type Unfulfilled = Extract<Finding, { verdict: 'illegal' | 'unknown' }>;

function evidenceOf(finding: Unfulfilled): { evidence?: Evidence } {
  return 'evidence' in finding && finding.evidence !== undefined ? { evidence: finding.evidence } : {};
}

function illegal(name: string, why: string): string {
  return `\`${name}\` is illegal${because(why)}`;
}

/** Ends a sentence, with the reason if there is one. */
function because(why: string): string {
  return why === '' ? '.' : `: ${/[.!?]$/.test(why) ? why : `${why}.`}`;
}
