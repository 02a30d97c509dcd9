// Makes a row of two systems that differ in one respect.

import { defineScenario, type ScenarioOptions, type Scenario } from '../../../src/index.ts';
import type { StormRow } from './row.ts';

type Half = Omit<ScenarioOptions<undefined>, 'name'>;

/** The row of a system that is written once with care and once without. */
export function twins(row: Pick<StormRow, 'kind' | 'what'>, system: (isCareful: boolean) => Half): StormRow {
  const half = (isCareful: boolean): Scenario =>
    defineScenario({
      ...system(isCareful),
      name: `${row.what}, ${isCareful ? 'careful' : 'naive'}`,
    });
  return { ...row, naive: half(false), careful: half(true) };
}
