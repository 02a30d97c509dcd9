// Stands between the hosts of a run and their disks: notes what they read and write, and loses, delays or
// makes stale the one operation that is altered. What the fault plan has in store goes first.

import type { Disks } from '../scenario/tampering.ts';
import type { DiskCall, DiskVerdict, Interference } from '../storage/interference.ts';
import type { Loss, Pending } from '../storage/pending.ts';
import type { DiskAlteration } from './alteration.ts';

/** An operation on a disk, in the order in which they were made. */
export interface NotedCall extends Pick<DiskCall, 'path' | 'nth'> {
  readonly host: string;
  readonly operation: 'read' | 'write';
}

/** What is done to the disks of a run. */
export interface DiskTask {
  readonly alteration: DiskAlteration | undefined;
  readonly note: (call: NotedCall) => void;
}

/** Makes the disks of one run. */
export function alteredDisks(planned: Disks | undefined, task: DiskTask): Disks {
  return { of: (host) => new AlteredDisk(host, planned?.of(host), task) };
}

class AlteredDisk implements Interference {
  readonly fills: Set<() => void>;
  readonly #host: string;
  readonly #planned: Interference | undefined;
  readonly #task: DiskTask;

  constructor(host: string, planned: Interference | undefined, task: DiskTask) {
    this.#host = host;
    this.#planned = planned;
    this.#task = task;
    this.fills = planned?.fills ?? new Set();
  }

  befall(call: DiskCall): DiskVerdict | undefined {
    const planned = this.#planned?.befall(call);
    const { operation, path, nth } = call;
    if (planned !== undefined || (operation !== 'read' && operation !== 'write')) return planned;
    const { alteration, note } = this.#task;
    note({ host: this.#host, operation, path, nth });
    if (alteration?.host !== this.#host || alteration.path !== path || alteration.nth !== nth)
      return undefined;
    if (alteration.of !== `disk ${operation}`) return undefined;
    return { kind: VERDICTS[alteration.kind], struck: () => {} };
  }

  delayUs(call: DiskCall): number {
    return this.#planned?.delayUs(call) ?? 0;
  }

  losses(pending: readonly Pending[]): readonly Loss[] {
    return this.#planned?.losses(pending) ?? [];
  }
}

const VERDICTS: Readonly<Record<DiskAlteration['kind'], 'lose' | 'swap' | 'stale'>> = {
  dropped: 'lose',
  swapped: 'swap',
  stale: 'stale',
};
