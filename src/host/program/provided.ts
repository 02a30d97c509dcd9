// Modules that are no files: values that whoever boots a program gives to one incarnation, under the names by
// which the program imports them.

import type { HostContext } from '../../ambient/context.ts';
import { currentHost } from '../../ambient/registry.ts';
import { InternalError } from '../../errors.ts';

const provided = new WeakMap<HostContext, ReadonlyMap<string, unknown>>();

/** Gives modules to an incarnation, before it evaluates its program: what `require` of each is. */
export function provideModules(host: HostContext, modules: ReadonlyMap<string, unknown>): void {
  provided.set(host, modules);
}

/** The module for the incarnation that asks. */
export function providedModule(specifier: string): unknown {
  const host = currentHost();
  const modules = host === undefined ? undefined : provided.get(host);
  if (modules?.has(specifier) === true) return modules.get(specifier);
  throw new InternalError(`The module ${specifier} was not provided to its host.`);
}
