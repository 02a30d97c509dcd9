// `mutate`: alters one thing in each of many runs that pass, and tells which alterations no check noticed.

import { currentHost } from '../ambient/registry.ts';
import { EnvironmentError, OptionError, StaleReplayError, TokenError } from '../errors.ts';
import { divergenceOf } from '../explore/divergence.ts';
import { checkPlan } from '../faults/plan.ts';
import { hashString } from '../random/hash.ts';
import { KeyedRandom } from '../random/keyed.ts';
import { isScenario } from '../scenario/define-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { checkSeed, whileInstalled } from '../scenario/simulate.ts';
import { differences } from './aftermath.ts';
import { describeAlteration, type Alteration } from './alteration.ts';
import { alteredRun, tamperingOf, type Altered } from './altered-run.ts';
import { baselineOf, measured, type Baseline } from './baseline.ts';
import { checkMutateOptions, type CheckedMutateOptions, type MutateOptions } from './mutate-options.ts';
import { reportOf, type Mutation, type MutationOutcome, type MutationReport } from './mutation-report.ts';
import { decodeMutation, encodeMutation } from './mutation-token.ts';

/** Rounds without anything to alter after which nothing more is expected. */
const IDLE_ROUNDS_MAX = 8;
/** Every how-many-eth altered run is made twice. */
const REPEAT_EVERY = 20;
/** How many differences are told of one run. */
const DIFFERENCES_MAX = 12;

/**
 * Tells whether the checks of a scenario bite. Takes runs that pass, alters one thing in each (a request
 * that is answered and not executed, or executed twice; a write that is lost; a stale read; answers that
 * are swapped; an operation that the history lacks), and reports the alterations that made something come
 * out otherwise, and that no check noticed.
 *
 * Determinism: the runs are a function of (scenario, seed); `budgetMs` decides only how many are made.
 * Which of several sites is altered is drawn by a key of its family and the round.
 *
 * Source: Hints on Test Data Selection (DeMillo, Lipton and Sayward, 1978). Differs in that not the program
 * is mutated but what its effects come to, so that a survivor says what the checks do not look at.
 *
 * @returns What survived, by families of alterations: `report.survivors` is empty if each was noticed at
 *   least once.
 * @throws {BaselineError} If a run fails before anything is altered.
 * @throws {EscapeError} If a host called what cannot be made deterministic.
 * @throws {DivergenceError} If a repeated run differs from its first time.
 * @throws {TokenError} If `only` is damaged, of another version, or for another scenario.
 * @throws {StaleReplayError} If what `only` alters no longer happens.
 * @throws {OptionError} If an option is out of range; nothing has run then.
 * @example
 * const { survivors } = await mutate(checkout, { runs: 500 });
 * for (const { what } of survivors) console.log(`${what}, and no check noticed`);
 */
export async function mutate<Workload>(
  scenario: Scenario<Workload>,
  options: MutateOptions = {},
): Promise<MutationReport> {
  if (!isScenario(scenario)) throw OptionError.expected('scenario', 'made by defineScenario()', scenario);
  const checked = checkMutateOptions(options);
  if (currentHost() !== undefined)
    throw new EnvironmentError('mutate() was called by code that runs inside of a simulation.');
  const mutating = new Mutating(scenario, checked);
  return whileInstalled(scenario, () =>
    checked.only === undefined ? mutating.run() : mutating.runOnly(checked.only),
  );
}

class Mutating<Workload> {
  readonly #scenario: Scenario<Workload>;
  readonly #options: CheckedMutateOptions;
  readonly #random: KeyedRandom;
  readonly #mutations: Mutation[] = [];
  /** How many runs each family had. */
  readonly #tried = new Map<string, number>();
  #baselines = 0;
  #survived = 0;

  constructor(scenario: Scenario<Workload>, options: CheckedMutateOptions) {
    this.#scenario = scenario;
    this.#options = options;
    this.#random = new KeyedRandom(options.seed);
  }

  async run(): Promise<MutationReport> {
    const endMs = performance.now() + this.#options.budgetMs;
    const isOver = (): boolean =>
      this.#mutations.length >= this.#options.runsMax ||
      performance.now() >= endMs ||
      this.#options.signal?.aborted === true;
    for (let round = 0, idle = 0; idle < IDLE_ROUNDS_MAX && !isOver(); round++) {
      const baseline = await baselineOf(this.#scenario, this.#options.seed, round);
      idle = baseline === undefined || baseline.sites.size === 0 ? idle + 1 : 0;
      if (baseline === undefined) continue;
      this.#baselines++;
      for (const alteration of this.#choose(baseline, round)) {
        if (isOver()) break;
        await this.#try(baseline, alteration);
      }
    }
    return this.#report();
  }

  async runOnly(token: string): Promise<MutationReport> {
    const ticket = decodeMutation(token);
    const scenario = this.#scenario;
    if (ticket.scenario !== scenario.name) {
      throw new TokenError(
        `The mutation token is for scenario \`${ticket.scenario}\`, not for \`${scenario.name}\`.`,
      );
    }
    const baseline = await measured({
      scenario,
      seed: checkSeed('seed', ticket.seed),
      workload: ticket.workload as Workload,
      plan: checkPlan(ticket.plan, [...scenario.hosts.keys()]),
    });
    const wanted = JSON.stringify(ticket.alteration);
    const isThere = [...(baseline?.sites.values() ?? [])]
      .flat()
      .some((site) => JSON.stringify(site) === wanted);
    if (baseline === undefined || !isThere) {
      throw new StaleReplayError(
        `there is nothing left to alter: ${describeAlteration(ticket.alteration)} ` +
          'does not happen any more, because the scenario changed.\n  Begin anew: `wavetank mutate`.',
      );
    }
    this.#baselines++;
    await this.#try(baseline, ticket.alteration);
    return this.#report();
  }

  /** One site of each family, those first that had the fewest runs. */
  #choose({ sites }: Baseline<Workload>, round: number): Alteration[] {
    const families = [...sites].toSorted(
      ([left], [right]) => (this.#tried.get(left) ?? 0) - (this.#tried.get(right) ?? 0),
    );
    return families.map(([family, alterations]) => {
      this.#tried.set(family, (this.#tried.get(family) ?? 0) + 1);
      const at = this.#random.below(alterations.length, hashString(`mutate ${family}`), round);
      return alterations[at] as Alteration;
    });
  }

  async #try(baseline: Baseline<Workload>, alteration: Alteration): Promise<void> {
    const { input, answers } = baseline;
    const run = await alteredRun(input, { alteration, answers });
    if (this.#mutations.length % REPEAT_EVERY === 0) await this.#repeat(baseline, alteration, run);
    const { outcome, differs } = judge(baseline.run, run);
    if (outcome === 'survived') this.#survived++;
    this.#mutations.push({
      alteration,
      outcome,
      noticedBy: run.result.violations.map(({ name }) => name),
      differences: differs,
      seed: input.seed,
      token: tokenOf(baseline, alteration),
    });
    this.#options.onProgress?.({ runs: this.#mutations.length, survived: this.#survived });
  }

  async #repeat(
    { input, answers }: Baseline<Workload>,
    alteration: Alteration,
    first: Altered<Workload>,
  ): Promise<void> {
    const again = await alteredRun(input, { alteration, answers });
    if (again.result.hash === first.result.hash) return;
    const tampering = tamperingOf({ alteration, answers });
    throw await divergenceOf({ ...input, isRecorded: true, tampering }, first.result, again.result);
  }

  #report(): MutationReport {
    const { name, always, never, eventually, finally: atEnd } = this.#scenario;
    return reportOf({
      scenario: name,
      seed: this.#options.seed,
      baselines: this.#baselines,
      mutations: this.#mutations,
      accept: this.#options.accept,
      checks: [always, never, eventually, atEnd].flatMap((checks) => [...checks.keys()]),
      isInterrupted: this.#options.signal?.aborted === true,
    });
  }
}

/** Compares a run with an alteration to the same run without. */
function judge<Workload>(
  before: Altered<Workload>,
  after: Altered<Workload>,
): { outcome: MutationOutcome; differs: string[] } {
  const differs = differences(before.aftermath, after.aftermath, ['told', 'exposed', 'disks']);
  const shown = differs.slice(0, DIFFERENCES_MAX);
  if (after.result.violations.length > 0) return { outcome: 'noticed', differs: shown };
  const isSeen = differences(before.aftermath, after.aftermath, ['told', 'exposed']).length > 0;
  if (isSeen) return { outcome: 'survived', differs: shown };
  if (after.result.hash === before.result.hash) return { outcome: 'unseen', differs: shown };
  return { outcome: differs.length === 0 ? 'absorbed' : 'hidden', differs: shown };
}

function tokenOf<Workload>({ input }: Baseline<Workload>, alteration: Alteration): string {
  const { scenario, seed, workload, plan } = input;
  try {
    return encodeMutation({ scenario: scenario.name, seed, workload, plan, alteration });
  } catch {
    return '';
  }
}
