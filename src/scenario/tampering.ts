// What may reach into a run to alter it and to look at what is left of it, for whoever wants to know whether
// its checks would notice. Ordinary runs have none of it.

import type { Operation } from '../history/operation.ts';
import type { AnswerPolicy } from '../host/answering.ts';
import type { HostMachine } from '../host/machine.ts';
import type { Interference } from '../storage/interference.ts';
import type { VirtualNow } from '../time/host-clock.ts';

/** What befalls the disks of a run, by host. */
export interface Disks {
  of(host: string): Interference | undefined;
}

/** A run that is over, before its hosts are discarded. */
export interface Ended {
  readonly hosts: ReadonlyMap<string, HostMachine>;
  readonly operations: readonly Operation[];
  /** When the storm ended, in virtual milliseconds; 0 if the run did not get there. */
  readonly drivenMs: number;
}

/** Stands between the hosts of one run and what serves them. The run is a function of it, too. */
export interface Tampering {
  /** @param planned - What the fault plan has in store for disks. */
  disks(planned: Disks | undefined): Disks;
  /** @param planned - What the fault plan has in store for requests. */
  answers(planned: AnswerPolicy | undefined, time: VirtualNow & { readonly steps: number }): AnswerPolicy;
  /** What checks see of the operations. */
  observed(operations: readonly Operation[]): readonly Operation[];
  ended(run: Ended): void;
}
