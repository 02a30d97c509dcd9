// Whether an exploration goes on from what earlier ones found to be news: by an option or the environment,
// and never where the same runs are wanted each time.

import { OptionError } from '../../errors.ts';
import { isInCi } from '../commit.ts';
import { STRATEGIES } from '../strategies/table.ts';

/** Whether an exploration begins with the corpus that earlier ones left, and adds to it. */
export type CorpusUse = 'use' | 'off';

/** What became of the wish. */
export interface CheckedCorpusUse {
  readonly isUsed: boolean;
  /** Why it is not, though somebody wants it. */
  readonly refusal?: string;
}

const USES: readonly unknown[] = ['use', 'off'] satisfies CorpusUse[];
const VARIABLE = 'WAVETANK_CORPUS';

/**
 * @param around.hasSeed - Whether somebody said which seed: the runs are then the same each time.
 * @throws {OptionError} If the option, or the variable in its place, is none of the two.
 */
export function corpusUse(
  option: unknown,
  around: { readonly hasSeed: boolean; readonly isPart: boolean; readonly strategy: string },
): CheckedCorpusUse {
  const word = process.env[VARIABLE] ?? '';
  const value = option ?? (word === '' ? 'off' : word);
  if (!USES.includes(value)) {
    throw OptionError.expected(option === undefined ? VARIABLE : 'corpus', '"use" or "off"', value);
  }
  if (value === 'off') return { isUsed: false };
  const refusal = refusalOf(around);
  return refusal === undefined ? { isUsed: true } : { isUsed: false, refusal };
}

function refusalOf({ hasSeed, isPart, strategy }: Parameters<typeof corpusUse>[1]): string | undefined {
  if (isInCi(process.env)) return 'in CI the runs depend on nothing but the commit';
  if (isPart) return 'a shard makes its part of the same runs as the others';
  if (hasSeed) return 'with a seed the same runs are made each time';
  if (STRATEGIES[strategy]?.learns === true) return undefined;
  const names = Object.keys(STRATEGIES).filter((name) => STRATEGIES[name]?.learns === true);
  return `the strategy ${strategy} learns nothing; ${names.join(' and ')} do`;
}
