// What the rows about processes have in common: constant latencies, so that nothing deviates but processes.

import type { FaultKind } from '../../../../src/faults/fault.ts';
import { defineScenario, swarm } from '../../../../src/index.ts';
import type { HostDefinition, Scenario, SwarmOptions, World } from '../../../../src/index.ts';
import type { StormRow } from '../row.ts';

type Said = string | true;

/** A system with a naive and a careful version. */
export interface ProcessRow {
  readonly kind: FaultKind;
  readonly what: string;
  readonly hosts: (isCareful: boolean) => Record<string, HostDefinition>;
  readonly versions?: (isCareful: boolean) => Record<string, HostDefinition[]>;
  readonly faults: SwarmOptions;
  readonly drive: (world: World) => Promise<void>;
  readonly always?: Record<string, (world: World) => Said>;
  readonly eventually?: Record<string, (world: World) => Said>;
  readonly runs?: number;
}

/** Makes the row. */
export function processRow({ kind, what, runs, ...system }: ProcessRow): StormRow {
  const { hosts, versions, faults, drive, always = {}, eventually = {} } = system;
  const scenario = (isCareful: boolean): Scenario =>
    defineScenario({
      name: `${kind}: ${what}, ${isCareful ? 'careful' : 'naive'}`,
      hosts: hosts(isCareful),
      ...(versions === undefined ? {} : { versions: versions(isCareful) }),
      faults: swarm({ horizonMs: 200, ...faults }),
      drive,
      always,
      eventually: Object.fromEntries(
        Object.entries(eventually).map(([name, check]) => [name, { withinMs: 3_000, check }]),
      ),
      calmMs: 500,
    });
  const row = { kind, what, naive: scenario(false), careful: scenario(true) };
  return runs === undefined ? row : { ...row, runs };
}

/** What a host published; an empty object before it did. */
export function exposed<Exports>(world: World, host: string): Partial<Exports> {
  return (world.host(host).exports ?? {}) as Partial<Exports>;
}
