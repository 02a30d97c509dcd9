// A row of the table of integrity checks: a system that breaks under faults, and the same system repaired.

import { defineScenario, type Scenario, type ScenarioOptions } from '../../../src/index.ts';

/** What shows a check. */
export interface IntegrityRow {
  readonly check: string;
  /** What happens, and what it does to the naive system. */
  readonly what: string;
  readonly naive: Scenario;
  readonly repaired: Scenario;
  /** What the failure says: the record that is wrong, and the message that wrote it. */
  readonly said: readonly RegExp[];
  /** How many runs may be needed to find the failure of the naive one. Default 300. */
  readonly runs?: number;
}

type Half = Omit<ScenarioOptions<undefined>, 'name'>;

/** The row of a system that is written once with its mistake and once without. */
export function integrityRow(
  row: Pick<IntegrityRow, 'check' | 'what' | 'said' | 'runs'>,
  system: (isRepaired: boolean) => Half,
): IntegrityRow {
  const half = (isRepaired: boolean): Scenario =>
    defineScenario({ ...system(isRepaired), name: `${row.what}, ${isRepaired ? 'repaired' : 'naive'}` });
  return { ...row, naive: half(false), repaired: half(true) };
}
