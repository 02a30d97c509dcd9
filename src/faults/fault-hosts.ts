// Which hosts a fault befalls: where a report draws it.

import { isMessageFault, isRequestFault, type Fault } from './fault.ts';

/** The hosts, and clients, that a fault befalls; of a fault of a link both ends, the sender first. */
export function hostsOf(fault: Fault): readonly string[] {
  if (isMessageFault(fault)) return distinct([fault.from, fault.to]);
  // What is wrong is how the service answers.
  if (isRequestFault(fault)) return [fault.to];
  if ('host' in fault) return [fault.host];
  if ('hosts' in fault) return fault.hosts;
  if ('ring' in fault) return fault.ring;
  return distinct([fault.from, fault.to].flat());
}

function distinct(hosts: readonly string[]): string[] {
  return [...new Set(hosts)];
}
