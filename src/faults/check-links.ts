// Checks which links a budget allows a fault on.

import { OptionError } from '../errors.ts';
import { checkHostList } from './timed.ts';

/** @throws {OptionError} If it is neither true or false nor a list of links that the scenario can have. */
export function checkLinks(option: string, links: unknown, hosts: readonly string[]): void {
  if (typeof links === 'boolean') return;
  const what = 'true, or links like "a -> b"';
  if (!Array.isArray(links)) throw OptionError.expected(option, what, links);
  for (const link of links as unknown[]) {
    const ends = typeof link === 'string' ? link.split(' -> ') : [];
    if (ends.length !== 2) throw OptionError.expected(option, what, link);
    // One end may be a client, which has no name before a run.
    if (!ends.some((end) => hosts.includes(end))) checkHostList(option, ends, hosts);
  }
}
