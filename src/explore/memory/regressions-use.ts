// Whether counterexamples are replayed and kept: by an option, the environment, or where the code runs.

import { OptionError } from '../../errors.ts';
import { isInCi } from '../commit.ts';
import type { RegressionsUse } from './known-failures.ts';

const USES: readonly unknown[] = ['write', 'read', 'off'] satisfies RegressionsUse[];
const VARIABLE = 'WAVETANK_REGRESSIONS';

/**
 * In CI nothing is written: the machine is gone afterwards, or shared.
 *
 * @throws {OptionError} If the option, or the variable in its place, is none of the three.
 */
export function regressionsUse(option: unknown): RegressionsUse {
  const word = process.env[VARIABLE] ?? '';
  const value = option ?? (word === '' ? (isInCi(process.env) ? 'read' : 'write') : word);
  if (USES.includes(value)) return value as RegressionsUse;
  throw OptionError.expected(
    option === undefined ? VARIABLE : 'regressions',
    '"write", "read" or "off"',
    value,
  );
}
