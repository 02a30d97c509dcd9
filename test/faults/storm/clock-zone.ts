// A daily job at half past two, local time: there is a day without that time, and a day that has it twice.

import { daemon, defineScenario, swarm, type Host, type Scenario } from '../../../src/index.ts';
import { pause, repeated } from './calls.ts';
import type { StormRow } from './row.ts';

const HALF_HOUR_MS = 1_800_000;
const HOUR_MS = 3_600_000;

/** Pays interest once a day, at half past two: of local time, or of UTC. */
function bank(host: Host, isCareful: boolean): void {
  const days: string[] = [];
  const log: string[] = [];
  host.expose({ days, log });
  setInterval(() => {
    const now = new Date();
    const time = isCareful ? [now.getUTCHours(), now.getUTCMinutes()] : [now.getHours(), now.getMinutes()];
    if (time[0] === 2 && time[1] === 30) {
      log.push(`interest is paid at ${now.toString()}`);
      days.push(now.toISOString().slice(0, 10));
    }
  }, HALF_HOUR_MS);
}

function system(options: { isCareful: boolean; season: string; day: string }): Scenario {
  const { isCareful, season, day } = options;
  const daysOf = (exports: Record<string, unknown> | undefined) => (exports?.['days'] ?? []) as string[];
  return defineScenario({
    name: `time zone, ${season}, ${isCareful ? 'careful' : 'naive'}`,
    hosts: { bank: daemon((host) => bank(host, isCareful)) },
    faults: swarm({ clockZone: { hosts: ['bank'], zones: ['Europe/Berlin'] } }),
    epochMs: Date.parse(`${day}T12:00Z`) - 24 * HOUR_MS,
    stormMs: 25 * HOUR_MS,
    limits: { virtualMsMax: 26 * HOUR_MS },
    drive: (world) => world.client('day', () => pause(24 * HOUR_MS)),
    always: {
      'interest is paid once a day': (world) => {
        const twice = repeated(daysOf(world.host('bank').exports));
        return twice === undefined || `interest for ${twice} was paid twice`;
      },
    },
    eventually: {
      'interest is paid every day': {
        withinMs: 1_000,
        check: (world) => daysOf(world.host('bank').exports).includes(day) || `none was paid for ${day}`,
      },
    },
  });
}

const autumn = { season: 'end of summer time', day: '2024-10-27' };
const spring = { season: 'begin of summer time', day: '2024-03-31' };

/** See the first line. */
export const clockZoneRows: readonly StormRow[] = [
  {
    kind: 'clockZone',
    what: 'a daily job runs twice when summer time ends',
    naive: system({ isCareful: false, ...autumn }),
    careful: system({ isCareful: true, ...autumn }),
  },
  {
    kind: 'clockZone',
    what: 'a daily job is left out when summer time begins',
    naive: system({ isCareful: false, ...spring }),
    careful: system({ isCareful: true, ...spring }),
  },
];
