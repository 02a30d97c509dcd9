// A `lookup` of the program's own may find several addresses. Node.js tries them one after another, by a real
// timer and with handles of its own; a host tries the one that would have answered.

import { isIP } from 'node:net';
import type { HostContext } from '../context.ts';
import type { AnyFunction } from '../patch.ts';

interface Found {
  readonly address: string;
}
type Answer = (error: unknown, found?: string | readonly Found[], family?: number) => void;
type Lookup = (hostname: string, options: unknown, answer: Answer) => unknown;

/** @returns the arguments of `socket.connect`, with a look-up that gives one address at most. */
export function withOneAddress(host: HostContext, args: unknown[]): unknown[] {
  const [first, ...rest] = args;
  // Node.js passes on a list that it made of the arguments of `net.connect`.
  const options: unknown = Array.isArray(first) ? first[0] : first;
  const lookup: unknown = (options as { lookup?: unknown } | null | undefined)?.lookup;
  if (typeof lookup !== 'function') return args;
  const changed = { ...(options as object), lookup: oneOf(host, lookup as Lookup) };
  if (!Array.isArray(first)) return [changed, ...rest];
  first[0] = changed;
  return args;
}

function oneOf(host: HostContext, lookup: Lookup): AnyFunction {
  return (hostname, options, answer) =>
    lookup(hostname as string, options, (error, found, family) => {
      const chosen = Array.isArray(found) ? choose(host, found as Found[]) : found;
      (answer as Answer)(error, chosen, family);
    });
}

/** The first address behind which there is a machine, or else the first. */
function choose({ names }: HostContext, found: readonly Found[]): readonly Found[] {
  const usable = found.filter(({ address }) => isIP(address) !== 0);
  const best = usable.find(({ address }) => names.nameOf(address) !== undefined) ?? found[0];
  return best === undefined ? [] : [best];
}
