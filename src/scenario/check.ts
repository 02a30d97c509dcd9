// The checks of a scenario: predicates over the world, and what their answers mean.

import type { Judgement } from '../checkers/judgement.ts';
import type { Evidence } from '../history/evidence.ts';
import type { World } from './world.ts';

/**
 * `true` or nothing: it holds. `false`, or a sentence that says why: it does not, and so does a thrown
 * assertion. The answer of a checker of `wavetank/checkers` counts as what it says; one that is `unknown`
 * neither holds nor fails, and is listed in the result as undecided.
 */
export type CheckAnswer = boolean | string | Judgement | void;

/** A predicate over observed state. Synchronous, and without effects. */
export type Check = (world: World) => CheckAnswer;

/** A check that must come true after the storm. */
export interface EventualCheck {
  /** Virtual milliseconds after healing within which it must hold once. Default 30,000. */
  readonly withinMs?: number;
  readonly check: Check;
}

/** What asking a check gave. */
export type Finding =
  | { readonly verdict: 'ok' }
  | { readonly verdict: 'illegal'; readonly why: string; readonly evidence?: Evidence }
  | { readonly verdict: 'unknown'; readonly why: string }
  /** The check itself failed. */
  | { readonly verdict: 'threw'; readonly error: unknown };

const OK: Finding = { verdict: 'ok' };

/** Asks a check. Never throws. */
export function ask(check: Check, world: World): Finding {
  try {
    const answer: unknown = check(world);
    if (answer === undefined || answer === true) return OK;
    if (answer === false) return { verdict: 'illegal', why: '' };
    if (typeof answer === 'string') return { verdict: 'illegal', why: answer };
    if (isJudgement(answer)) return findingOf(answer);
    const got = answer instanceof Promise ? 'a promise; checks are synchronous' : typeof answer;
    return { verdict: 'threw', error: new TypeError(`the check returned ${got}`) };
  } catch (error) {
    return isAssertion(error) ? { verdict: 'illegal', why: error.message } : { verdict: 'threw', error };
  }
}

const VERDICTS: readonly unknown[] = ['ok', 'illegal', 'unknown'] satisfies Judgement['verdict'][];

const EVIDENCE: readonly unknown[] = ['records', 'order', 'cycle', 'operations'] satisfies Evidence['kind'][];

/** A checker of the user's own may have its own idea of evidence, which no report knows. */
function findingOf({ verdict, message, evidence }: Judgement): Finding {
  if (verdict !== 'illegal' || !EVIDENCE.includes(evidence?.kind)) return { verdict, why: message };
  return { verdict, why: message, evidence: evidence as Evidence };
}

function isJudgement(answer: unknown): answer is Judgement {
  if (typeof answer !== 'object' || answer === null) return false;
  const { verdict, message } = answer as Record<string, unknown>;
  return VERDICTS.includes(verdict) && typeof message === 'string';
}

/** Tells an assertion (of `node:assert`, Vitest, Jest, Chai) from a broken check. */
export function isAssertion(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return (
    error.name.startsWith('AssertionError') ||
    (error as { code?: unknown }).code === 'ERR_ASSERTION' ||
    'matcherResult' in error
  );
}
