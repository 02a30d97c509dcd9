// How the rows about links and names are made: a few hosts, one budget, and something that must come true.

import { defineScenario, latency, swarm } from '../../../src/index.ts';
import type { Check, FaultKind, HostDefinition, Scenario, SwarmOptions } from '../../../src/index.ts';
import type { StormRow } from './row.ts';

/** What a row shows. */
export interface NetworkRow {
  readonly kind: FaultKind;
  readonly what: string;
  readonly faults: SwarmOptions;
  readonly hosts: (isCareful: boolean) => Record<string, HostDefinition>;
  readonly always?: Record<string, Check>;
  readonly eventually?: Record<string, Check>;
  readonly runs?: number;
}

/** Makes a row of hosts that work for two seconds. */
export function networkRow({ kind, what, faults, hosts, runs, ...checks }: NetworkRow): StormRow {
  const system = (isCareful: boolean): Scenario =>
    defineScenario({
      name: `${kind}, ${isCareful ? 'careful' : 'naive'}`,
      hosts: hosts(isCareful),
      network: { latency: latency.uniform({ minMs: 1, maxMs: 10 }) },
      faults: swarm({ horizonMs: 1_000, ...faults }),
      drive: () => new Promise((resolve) => setTimeout(resolve, 2_000)),
      always: checks.always ?? {},
      eventually: Object.fromEntries(
        Object.entries(checks.eventually ?? {}).map(([name, check]) => [name, { withinMs: 3_000, check }]),
      ),
    });
  const row: StormRow = { kind, what, naive: system(false), careful: system(true) };
  return runs === undefined ? row : { ...row, runs };
}
