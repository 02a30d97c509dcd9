// The core: the hosts that suffice for the system to make progress. A run may end with nobody but them.

import { OptionError } from '../errors.ts';
import type { FaultBudget } from './budget.ts';
import { checkHostList, type Draw } from './timed.ts';

/**
 * Which hosts suffice: any `size` of the hosts in `of`; or a list of sets of hosts, each of which suffices.
 * Hosts that are not named here are always needed.
 */
export type CoreBudget =
  { readonly of: readonly string[]; readonly size: number } | readonly (readonly string[])[];

/** One plan in this many with faults has a core. */
const CORE_EVERY = 3;

/** The hosts that not every core has. */
function groupOf(core: CoreBudget): readonly string[] {
  return isSets(core) ? [...new Set(core.flat())] : core.of;
}

function isSets(core: CoreBudget): core is readonly (readonly string[])[] {
  return Array.isArray(core);
}

/** @throws {OptionError} If it does not say which hosts suffice. */
export function checkCoreBudget(budget: FaultBudget, hosts: readonly string[]): void {
  const core: unknown = budget.survivable?.core;
  if (core === undefined) return;
  const at = 'faults.survivable.core';
  if (typeof core !== 'object' || core === null)
    throw OptionError.expected(at, '{ of, size }, or a list of lists of hosts', core);
  if (Array.isArray(core)) {
    for (const [i, set] of core.entries()) checkCore(`${at}[${i}]`, set, hosts);
    if (core.length === 0) throw OptionError.expected(at, 'a list with at least one list of hosts', core);
  } else {
    const { of, size } = core as { of?: unknown; size?: unknown };
    checkCore(`${at}.of`, of, hosts);
    const sizeMax = (of as string[]).length;
    if (!Number.isInteger(size) || (size as number) < 1 || (size as number) > sizeMax)
      throw OptionError.expected(`${at}.size`, `an integer from 1 to ${sizeMax}`, size);
  }
  const [safe] = groupOf(core as CoreBudget).filter((host) => budget.survivable?.neverCrash?.includes(host));
  if (safe === undefined) return;
  const hint = 'Those that are outside of a core are dead. Hosts that it does not name stay alive.';
  throw OptionError.expected(at, 'without hosts of `neverCrash`', safe, hint);
}

/** @throws {OptionError} If it is no list of different hosts of the scenario. */
export function checkCore(at: string, core: unknown, hosts: readonly string[]): void {
  checkHostList(at, core, hosts);
  const list = core as readonly string[];
  if (list.length === 0 || new Set(list).size < list.length)
    throw OptionError.expected(at, 'a list of different hosts, at least one', core);
}

/** Draws the core of a plan; undefined where all hosts come back. */
export function drawCore(
  core: CoreBudget | undefined,
  hosts: readonly string[],
  draw: Draw,
): readonly string[] | undefined {
  if (core === undefined || draw(CORE_EVERY) > 0) return undefined;
  const chosen = new Set(isSets(core) ? core[draw(core.length)] : someOf(core.of, core.size, draw));
  const group = groupOf(core);
  return hosts.filter((host) => chosen.has(host) || !group.includes(host));
}

function someOf(hosts: readonly string[], size: number, draw: Draw): string[] {
  const left = [...hosts];
  return Array.from({ length: size }, () => left.splice(draw(left.length), 1)[0] as string);
}

/** Says in what a core is less than the budget says must suffice: sentences, none if it is enough. */
export function beyondCore(
  { survivable = {} }: FaultBudget,
  core: readonly string[] | undefined,
  hosts: readonly string[],
): string[] {
  if (core === undefined) return [];
  const { core: enough } = survivable;
  if (enough === undefined) return [`it does not say that ${core.join(', ')} suffice`];
  const group = groupOf(enough);
  const missing = hosts.filter((host) => !group.includes(host) && !core.includes(host));
  const suffices = isSets(enough)
    ? enough.some((set) => set.every((host) => core.includes(host)))
    : enough.of.filter((host) => core.includes(host)).length >= enough.size;
  if (suffices && missing.length === 0) return [];
  return [`the core was ${core.join(', ')}, and it says that more is needed`];
}

/** In words: `after the storm only a, b come back: all other hosts are dead`. */
export function describeCore(core: readonly string[]): string {
  const come = core.length === 1 ? 'comes' : 'come';
  return `after the storm only ${core.join(', ')} ${come} back: all other hosts are dead`;
}
