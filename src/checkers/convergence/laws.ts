// Tries laws with fast-check, and puts the smallest counterexample of each into words.

import fc from 'fast-check';
import type { Judgement } from '../judgement.ts';

/** How much is tried. */
export interface LawOptions {
  /** How many cases of each law. Default 300. */
  readonly runs?: number;
  /** Which cases. Default 1: the same in every call. */
  readonly seed?: number;
}

/** A law that does not hold. */
export interface BrokenLaw {
  /** `commutative`. */
  readonly law: string;
  /** The smallest case that was found, as it was generated. */
  readonly counterexample: unknown;
  readonly message: string;
}

/** Which laws a data type keeps, as far as was tried. */
export interface LawJudgement extends Judgement {
  readonly broken: readonly BrokenLaw[];
}

/** A law: cases, and what is wrong in one; undefined where it holds. */
export interface Law<Case> {
  readonly law: string;
  readonly cases: fc.Arbitrary<Case>;
  readonly problem: (tried: Case) => string | undefined;
}

/** Tries all laws; each by itself. */
export function tryLaws<Case>(
  name: string,
  laws: readonly Law<Case>[],
  { runs = 300, seed = 1 }: LawOptions,
): LawJudgement {
  const broken = laws.flatMap(({ law, cases, problem }): BrokenLaw[] => {
    const property = fc.property(cases, (tried) => problemOrThrown(problem, tried) === undefined);
    const { failed, counterexample } = fc.check(property, { numRuns: runs, seed });
    if (!failed || counterexample === null) return [];
    const [tried] = counterexample;
    const why = problemOrThrown(problem, tried) ?? 'it does so only sometimes: it is no pure function';
    return [{ law, counterexample: tried, message: `${name} is not ${law}: ${why}` }];
  });
  const message = broken.map((each) => each.message).join('\n');
  return { verdict: broken.length === 0 ? 'ok' : 'illegal', message, broken };
}

function problemOrThrown<Case>(problem: Law<Case>['problem'], tried: Case): string | undefined {
  try {
    return problem(tried);
  } catch (error) {
    return `it threw ${String(error)}`;
  }
}
