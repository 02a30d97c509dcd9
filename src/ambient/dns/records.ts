// What the scenario answers to questions about names: every host and client has an IPv4 address, and nobody
// has anything else.

import { isIP } from 'node:net';
import type { HostContext } from '../context.ts';

/** An answer as the binding below node:dns hands it over: an error code, or a result and times to live. */
export type Answer = readonly [error: string] | readonly [error: null, result: unknown, ttls?: number[]];

const TTL_SECONDS = 60;

/** Finds the address of a name, by family. @returns the code of an error where there is none. */
export function addressOf(
  host: HostContext,
  hostname: string,
  family: 4 | 6,
): { address: string } | { code: 'ENOTFOUND' | 'ENODATA' } {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  if (isIP(name) === family) return { address: name };
  if (name === 'localhost') return { address: family === 4 ? '127.0.0.1' : '::1' };
  const address = host.names.addressOf(hostname) ?? host.names.addressOf(name);
  if (address === undefined) return { code: 'ENOTFOUND' };
  return isIP(address) === family ? { address } : { code: 'ENODATA' };
}

/** Answers a question by the name of its method: `queryA`, `queryMx`. */
export function answerQuery(host: HostContext, method: string, hostname: string): Answer {
  const inFour = addressOf(host, hostname, 4);
  if (method === 'queryA' || method === 'queryAaaa') {
    const found = method === 'queryA' ? inFour : addressOf(host, hostname, 6);
    return 'code' in found ? [found.code] : [null, [found.address], [TTL_SECONDS]];
  }
  if ('code' in inFour) return [inFour.code];
  if (method !== 'queryAny') return ['ENODATA'];
  return [null, [{ address: inFour.address, ttl: TTL_SECONDS, type: 'A' }]];
}

/** Answers whose address it is. */
export function answerReverse(host: HostContext, address: string): Answer {
  const name = nameOf(host, address);
  return name === undefined ? ['ENOTFOUND'] : [null, [name]];
}

/** The name behind an address. */
export function nameOf(host: HostContext, address: string): string | undefined {
  return address === '127.0.0.1' || address === '::1' ? 'localhost' : host.names.nameOf(address);
}
