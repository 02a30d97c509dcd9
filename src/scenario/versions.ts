// Checks what a scenario says about hosts whose program has several versions.

import { OptionError } from '../errors.ts';
import type { FaultBudget } from '../faults/budget.ts';
import type { HostDefinition } from '../host/definition.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

type Hosts = ScenarioOptions<unknown>['hosts'];

/** @throws {OptionError} If it is no list of two or more definitions for each host. */
export function checkVersions(versions: unknown = {}): Scenario['versions'] {
  if (typeof versions !== 'object' || versions === null)
    throw OptionError.expected('versions', 'an object of lists of host definitions by name', versions);
  const checked = new Map<string, readonly HostDefinition[]>();
  for (const [name, list] of Object.entries(versions as Record<string, unknown>)) {
    if (!Array.isArray(list) || list.length < 2) {
      const hint = 'Name a host that has one version under `hosts` alone.';
      throw OptionError.expected(`versions.${name}`, 'a list of two or more host definitions', list, hint);
    }
    for (const [i, definition] of (list as unknown[]).entries()) {
      if (typeof (definition as HostDefinition | undefined)?.boot === 'function') continue;
      throw OptionError.expected(`versions.${name}[${i}]`, 'a host definition', definition);
    }
    checked.set(name, list as HostDefinition[]);
  }
  return checked;
}

/**
 * The hosts of a scenario, with those that are only named under `versions`.
 *
 * @throws {OptionError} If a host begins with something that is none of its versions.
 */
export function withVersions(hosts: Hosts, versions: Scenario['versions']): Hosts {
  if (versions.size === 0) return hosts;
  const all: Record<string, HostDefinition> = { ...hosts };
  for (const [name, list] of versions) {
    const first = (all[name] ??= list[0] as HostDefinition);
    if (list.includes(first)) continue;
    const hint = `Put it into the list of \`versions.${name}\`, or leave it out of \`hosts\`.`;
    throw OptionError.expected(`hosts.${name}`, 'one of its versions', first, hint);
  }
  return all;
}

/**
 * A budget that knows how many versions there are, for drawing.
 *
 * @throws {OptionError} If it allows upgrades of a host that has one version.
 */
export function knowingVersions(budget: FaultBudget, versions: Scenario['versions']): FaultBudget {
  for (const host of budget.upgrade ?? []) {
    if (versions.has(host)) continue;
    const hint = `Add \`versions: { ${JSON.stringify(host)}: [before, after] }\` to the scenario.`;
    throw OptionError.expected('faults.upgrade', 'a list of hosts with several versions', host, hint);
  }
  if (versions.size === 0) return budget;
  const counts = Object.fromEntries([...versions].map(([name, list]) => [name, list.length]));
  return Object.freeze({ ...budget, versions: counts });
}
