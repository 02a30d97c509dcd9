// A message that is sent three times survives single losses; in a burst, all three are lost.

import { daemon, type Host } from '../../../src/index.ts';
import { networkRow } from './network-rows.ts';
import type { StormRow } from './row.ts';

const REPORT_MS = 100;
const REPORTS = 8;

/** Reports numbers: naively, each three times at once; with care, until it hears that it arrived. */
function reporter(host: Host, isCareful: boolean): void {
  const unheard = new Set<number>();
  host.onMessage((number) => void unheard.delete(Number(number)));
  for (let number = 1; number <= REPORTS; number++) {
    setTimeout(() => {
      unheard.add(number);
      for (let copy = 1; copy <= 3; copy++) host.send('desk', number, 'report');
    }, number * REPORT_MS);
  }
  if (!isCareful) return;
  setInterval(() => {
    for (const number of unheard) host.send('desk', number, 'report');
  }, REPORT_MS);
}

function desk(host: Host): void {
  const reports = new Set<unknown>();
  host.expose({ reports });
  host.onMessage((number) => {
    reports.add(number);
    host.send('reporter', number, 'heard');
  });
}

/** The row. */
export const burstLossRows: readonly StormRow[] = [
  networkRow({
    kind: 'burstLoss',
    what: 'three copies sent at once are lost together',
    faults: { burstLoss: true },
    hosts: (isCareful) => ({ reporter: daemon((host) => reporter(host, isCareful)), desk: daemon(desk) }),
    eventually: {
      'the desk has every report': (world) => {
        const size = (world.host('desk').exports?.['reports'] as Set<number> | undefined)?.size;
        return size === REPORTS || `it has ${size} of ${REPORTS}`;
      },
    },
  }),
];
