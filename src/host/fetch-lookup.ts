// What stands between a `fetch` and its server before there is a connection: a name that is not found, that
// takes its time, or whose address leads to nobody.

import { isIP } from 'node:net';
import { clientTimeoutsUs, connectionError, lookupError, timeoutError } from './fetch-errors.ts';
import type { Incarnation } from './incarnation.ts';
import type { HostMachine } from './machine.ts';
import { NO_ROUTE_US } from './tcp/host-streams.ts';

/** It costs time, and may be the end. */
export interface Obstacle {
  readonly what: string;
  readonly afterUs: number;
  /** How the attempt ends; undefined where it goes on. */
  readonly error: Error | undefined;
}

/** What stands in the way; undefined where nothing does. */
export function obstacleTo(
  client: Incarnation,
  server: HostMachine | undefined,
  peer: { hostname: string; port: number },
): Obstacle | undefined {
  const { hostname, port } = peer;
  const { names } = client.machine;
  // A name is told without the expression for IPv6, whose compilation takes longer than a run.
  const isAddress = /^[\d.]+$|:/.test(hostname) && isIP(hostname) !== 0;
  if (server === undefined) return isAddress ? unreachable({ address: hostname, port }, 0) : undefined;
  if (isAddress || server === client.machine) return undefined;
  const trouble = names.trouble(hostname);
  const delayUs = trouble?.delayUs ?? 0;
  const address = names.addressOf(hostname) ?? server.address;
  if (delayUs >= clientTimeoutsUs.connect) {
    const error = timeoutError('connect', { address, port });
    return { what: 'connect time-out', afterUs: clientTimeoutsUs.connect, error };
  }
  if (trouble?.code !== undefined) {
    const error = lookupError(hostname, trouble.code === 'EAI_AGAIN' ? 'EAI_AGAIN' : 'ENOTFOUND');
    return { what: `dns.lookup ${hostname}`, afterUs: delayUs, error };
  }
  if (server.names.isStale) return unreachable({ address, port }, delayUs);
  return trouble === undefined
    ? undefined
    : { what: `dns.lookup ${hostname}`, afterUs: delayUs, error: undefined };
}

/** Nobody has the address. */
function unreachable(peer: { address: string; port: number }, delayUs: number): Obstacle {
  const error = connectionError('EHOSTUNREACH', peer);
  return { what: `connect ${peer.address}`, afterUs: delayUs + NO_ROUTE_US, error };
}
