// What came of all altered runs: put together by families of alterations, the holes in the checks first.

import { describeAlteration, describeFamily, familyOf, KINDS, type Alteration } from './alteration.ts';

/**
 * What came of one altered run. `noticed`: it failed. `survived`: something came out otherwise, and no check
 * failed. `hidden`: only what no check can see came out otherwise, on a disk. `absorbed`: something happened
 * otherwise on the way, and all came out as ever. `unseen`: nothing that anybody saw was different.
 */
export type MutationOutcome = 'noticed' | 'survived' | 'hidden' | 'absorbed' | 'unseen';

/** One altered run. */
export interface Mutation {
  readonly alteration: Alteration;
  readonly outcome: MutationOutcome;
  /** The names of what failed: checks, hosts, limits. */
  readonly noticedBy: readonly string[];
  /** What came out otherwise than without it, in words. */
  readonly differences: readonly string[];
  readonly seed: number;
  /** Makes this run again, as the option `only`. Empty for a workload that no token can carry. */
  readonly token: string;
}

/** The alterations that are one thing, with other ids. */
export interface MutationFamily {
  /** In plain words: `orders: the write of \`orders/*\` is lost`. */
  readonly what: string;
  readonly of: Alteration['of'];
  readonly kind: Alteration['kind'];
  /** The host, or the client without numbers. */
  readonly where: string;
  /** How many altered runs were made. */
  readonly runs: number;
  readonly noticed: number;
  readonly survived: number;
  readonly hidden: number;
  readonly absorbed: number;
  readonly unseen: number;
  /** How often each check failed first. */
  readonly noticedBy: Readonly<Record<string, number>>;
  /** A few of the runs that survived. */
  readonly survivors: readonly Mutation[];
}

/** What `mutate` gives back: plain data. */
export interface MutationReport {
  readonly scenario: string;
  readonly seed: number;
  /** Altered runs. */
  readonly runs: number;
  /** Runs without alteration that were altered then; all of them passed. */
  readonly baselines: number;
  readonly noticed: number;
  readonly survived: number;
  readonly hidden: number;
  readonly absorbed: number;
  readonly unseen: number;
  /**
   * What no check ever noticed, although something came out otherwise: holes. Those that matter most first.
   */
  readonly survivors: readonly MutationFamily[];
  /** Of these, what `accept` says is as it should be; they are not among `survivors`. */
  readonly accepted: readonly MutationFamily[];
  /** What was noticed in some runs and survived in others. */
  readonly sometimes: readonly MutationFamily[];
  /** All families, in the order in which they were met. */
  readonly families: readonly MutationFamily[];
  /** How often each check of the scenario failed first. */
  readonly checks: Readonly<Record<string, number>>;
  readonly isInterrupted: boolean;
}

/** How many survivors of a family are told. */
const TOLD_MAX = 3;
/** What was lost on a service says more than what a client was told. */
const ORDER: readonly string[] = Object.entries(KINDS).flatMap(([of, kinds]) =>
  kinds.map((kind) => `${of} ${kind}`),
);

/** Puts altered runs together. */
export function reportOf(options: {
  readonly scenario: string;
  readonly seed: number;
  readonly baselines: number;
  readonly mutations: readonly Mutation[];
  /** The names of the scenario's checks. */
  readonly checks: readonly string[];
  /** Parts of what is said of a family that is accepted. */
  readonly accept: readonly string[];
  readonly isInterrupted: boolean;
}): MutationReport {
  const { scenario, seed, baselines, mutations, accept, isInterrupted } = options;
  const lists = new Map<string, Mutation[]>();
  for (const mutation of mutations) {
    const family = familyOf(mutation.alteration);
    const list = lists.get(family);
    if (list === undefined) lists.set(family, [mutation]);
    else list.push(mutation);
  }
  const families = [...lists.values()].map(familyReport);
  const survived = families.filter((family) => family.survived > 0).toSorted(byWeight);
  const holes = survived.filter(({ noticed }) => noticed === 0);
  const isAccepted = ({ what }: MutationFamily): boolean => accept.some((part) => what.includes(part));
  const checks: Record<string, number> = Object.fromEntries(options.checks.map((name) => [name, 0]));
  for (const { noticedBy } of mutations) {
    const [name] = noticedBy;
    if (name !== undefined && name in checks) checks[name] = (checks[name] ?? 0) + 1;
  }
  return {
    scenario,
    seed,
    runs: mutations.length,
    baselines,
    ...countsOf(mutations),
    survivors: holes.filter((family) => !isAccepted(family)),
    accepted: holes.filter(isAccepted),
    sometimes: survived.filter(({ noticed }) => noticed > 0),
    families,
    checks,
    isInterrupted,
  };
}

function familyReport(mutations: Mutation[]): MutationFamily {
  const [{ alteration }] = mutations as [Mutation];
  const noticedBy: Record<string, number> = {};
  for (const mutation of mutations) {
    const [name] = mutation.noticedBy;
    if (name !== undefined) noticedBy[name] = (noticedBy[name] ?? 0) + 1;
  }
  const what = describeFamily(alteration);
  return {
    what,
    of: alteration.of,
    kind: alteration.kind,
    where: what.slice(0, what.indexOf(':')),
    runs: mutations.length,
    ...countsOf(mutations),
    noticedBy,
    survivors: mutations.filter(({ outcome }) => outcome === 'survived').slice(0, TOLD_MAX),
  };
}

function countsOf(mutations: readonly Mutation[]): Record<MutationOutcome, number> {
  const counts = { noticed: 0, survived: 0, hidden: 0, absorbed: 0, unseen: 0 };
  for (const { outcome } of mutations) counts[outcome]++;
  return counts;
}

function byWeight(left: MutationFamily, right: MutationFamily): number {
  const rank = ({ of, kind }: MutationFamily): number => ORDER.indexOf(`${of} ${kind}`);
  return rank(left) - rank(right) || right.survived - left.survived;
}

/** A line for one run that survived. */
export function describeMutation({ alteration, differences }: Mutation): string {
  const told = differences.length === 0 ? '' : `: ${differences.join('; ')}`;
  return `${describeAlteration(alteration)}${told}`;
}
