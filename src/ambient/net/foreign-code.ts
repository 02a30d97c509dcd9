// Notices code of one host that uses a socket of another: a package that both share keeps it in a variable.

import { longStack } from '../../engine/call-site.ts';
import type { HostContext } from '../context.ts';
import { currentHost } from '../registry.ts';
import { noteEscape } from '../traps/trap.ts';

const WAY_OUT =
  'Hosts share packages, and this one keeps its sockets in a variable of its own. Give each host a copy: ' +
  'program(..., { isolate: ["the package"] }).';

/** The scenario's own code may call what a host exports. No host has this name. */
const DRIVER = 'driver';

/**
 * Refuses a call of code that runs on another host, or in another life of this one.
 *
 * @param called - What it called: `socket.write`.
 * @throws {EscapeError} Naming both hosts.
 */
export function refuseForeigners(owned: { readonly host: HostContext }, called: string): void {
  const caller = currentHost();
  if (caller === owned.host || caller === undefined || !caller.isAlive || caller.name === DRIVER) return;
  const { name, number } = owned.host;
  const owner = name === caller.name ? `its own life #${number}, which is over` : `host \`${name}\``;
  const did = `called \`${called}()\` on a socket of ${owner}`;
  throw noteEscape(caller, { api: called, did, wayOut: WAY_OUT, stack: longStack() });
}
