// How faults of name resolution strike: they disturb what one host hears of one name.

import type { NameFault } from '../../host/machine-names.ts';
import { usFromMs } from '../../time/duration.ts';
import type { DrawContext, Storm } from '../timed.ts';
import type { DnsDelayFault } from './dns-delay.ts';
import type { DnsFailureFault } from './dns-failure.ts';

/** Disturbs the look-ups of a name on a host while the fault lasts. */
export function troubleNames(
  fault: DnsFailureFault | DnsDelayFault,
  storm: Storm,
  trouble: { readonly code?: string; readonly delayUs?: number },
): void {
  const names = storm.machine(fault.host)?.names;
  if (names === undefined) return;
  const disturb: NameFault = (hostname) => {
    if (hostname.toLowerCase() !== fault.name) return undefined;
    storm.struck(fault);
    return trouble;
  };
  names.faults.add(disturb);
  storm.lasts(usFromMs(fault.forMs), `end of ${fault.kind}`, () => names.faults.delete(disturb));
}

/** Another host of the scenario; the host itself where it is the only one. */
export function otherHost({ hosts, oneOf }: DrawContext, host: string): string {
  const others = hosts.filter((name) => name !== host);
  return others.length === 0 ? host : oneOf(others);
}
