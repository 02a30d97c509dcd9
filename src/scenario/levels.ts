// The service levels of a scenario: those that all runs of an exploration keep together, and whether there
// are any among its checks.

import type { ServiceLevel } from '../checkers/levels/level.ts';
import { OptionError } from '../errors.ts';
import type { ScenarioOptions } from './scenario.ts';

/** @throws {OptionError} If it is no list of service levels, or one is there twice. */
export function checkLevels(levels: unknown): readonly ServiceLevel[] {
  const hint = 'Make them with expectLatency(), expectErrors() or expectQueue() of wavetank/checkers.';
  if (!Array.isArray(levels) || !levels.every(isLevel))
    throw OptionError.expected('serviceLevels', 'a list of service levels', levels, hint);
  const titles = levels.map(({ title }) => title);
  const twice = titles.find((title, i) => titles.indexOf(title) !== i);
  if (twice !== undefined) throw new OptionError(`Duplicate service level "${twice}".`);
  return levels;
}

/** Whether a level is among the checks of a scenario: then its runs keep what it reads. */
export function hasLevels(
  options: Pick<ScenarioOptions<never>, 'always' | 'never' | 'eventually' | 'finally' | 'sometimes'>,
): boolean {
  const { always, never, eventually, finally: last, sometimes } = options;
  return [always, never, eventually, last, sometimes]
    .flatMap((checks) => Object.values(checks ?? {}) as unknown[])
    .some((check) => isLevel(check) || isLevel((check as { check?: unknown } | undefined)?.check));
}

function isLevel(value: unknown): value is ServiceLevel {
  return typeof value === 'function' && Reflect.get(value, 'kind') === 'service level';
}
