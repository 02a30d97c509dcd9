// Tells whether an exploration that passed proves anything: whether the faults that it allows ever struck,
// and what it declares to be interesting was ever reached.

import { VacuousError } from '../errors.ts';
import type { FaultBudget } from '../faults/budget.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** From how many runs on an exploration fails as vacuous. */
export interface VacuityOptions {
  /** In which a `sometimes` was never reached. Default 1. */
  readonly sometimesRunsMin?: number;
  /** In which a kind of fault never struck that the budget allows. Default 100. */
  readonly faultRunsMin?: number;
}

/** What an exploration counted over all its runs. */
export interface Counts {
  readonly runs: number;
  readonly reached: ReadonlyMap<string, number>;
  /** In how many runs a check could not tell. */
  readonly undecided: ReadonlyMap<string, number>;
  readonly struck: ReadonlyMap<string, number>;
  readonly crashed: ReadonlyMap<string, number>;
}

/** What in a budget is no kind of fault. */
const NO_KINDS: ReadonlySet<string> = new Set(['kind', 'survivable', 'aim', 'horizonMs', 'versions']);

/** The kinds of faults that a budget allows; `core` for runs that end with nobody but a core. */
export function declaredKinds(budget: FaultBudget | undefined): string[] {
  if (budget === undefined) return [];
  const kinds = Object.entries(budget).filter(([name, allowed]) => !NO_KINDS.has(name) && isSome(allowed));
  return [...kinds.map(([kind]) => kind), ...(budget.survivable?.core === undefined ? [] : ['core'])];
}

function isSome(allowed: unknown): boolean {
  if (Array.isArray(allowed)) return allowed.length > 0;
  return allowed !== undefined && allowed !== false;
}

/** @throws {VacuousError} If something that was declared never happened, with a table of all that did. */
export function refuseVacuous(
  scenario: Pick<Scenario, 'name' | 'faults' | 'sometimes' | 'hosts'>,
  counts: Counts,
  { sometimesRunsMin, faultRunsMin }: Required<VacuityOptions>,
): void {
  const { runs, reached, struck } = counts;
  const sometimes = [...scenario.sometimes.keys()];
  const kinds = declaredKinds(scenario.faults);
  const unreached = runs < sometimesRunsMin ? [] : sometimes.filter((name) => !reached.has(name));
  const idle = runs < faultRunsMin ? [] : kinds.filter((kind) => !struck.has(kind));
  // One that could not tell, in no run at all, checks nothing.
  const undecided = [...counts.undecided].filter(([, times]) => times === runs).map(([name]) => name);
  if (unreached.length + idle.length + undecided.length === 0) return;
  const said = [
    ...(unreached.length === 0 ? [] : [`without ever reaching ${quoted(unreached)}`]),
    ...(idle.length === 0 ? [] : [`in which ${quoted(idle)} never struck`]),
    ...(undecided.length === 0 ? [] : [`none of which ${quoted(undecided)} could judge`]),
  ];
  const hosts = [...scenario.hosts.keys()];
  const hints = [
    ...(unreached.length === 0
      ? []
      : [
          '  Call `sometimes(name)` of wavetank/markers where it happens, make more runs, or allow the ' +
            'faults that lead there.',
        ]),
    ...(idle.length === 0
      ? []
      : [
          '  Let the faults meet something (hosts that are up, messages of that kind, a longer drive, ' +
            'a shorter `horizonMs`), make more runs, or take them out of the budget.',
        ]),
    ...(undecided.length === 0
      ? []
      : ['  Give the checker a larger budget, shorter histories, or something to judge.']),
  ];
  throw new VacuousError(
    [
      `scenario \`${scenario.name}\` passed ${runs} runs ${said.join(', and ')}, so it proves little.`,
      ...table('reached', sometimes, reached),
      ...table('struck', kinds, struck),
      ...(kinds.length === 0 ? [] : table('crashed', hosts, counts.crashed)),
      ...hints,
    ].join('\n'),
    [...unreached, ...idle, ...undecided],
  );
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function table(title: string, names: readonly string[], counts: ReadonlyMap<string, number>): string[] {
  if (names.length === 0) return [];
  return [`  ${title}:`, ...names.map((name) => `  ${String(counts.get(name) ?? 0).padStart(8)}  ${name}`)];
}
