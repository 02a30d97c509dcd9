// A box office counts seats in memory, and begins anew after a crash.

import { handler, swarm } from '../../../../src/index.ts';
import { noDuplicate } from '../../../../src/checkers.ts';
import { integrityRow, type IntegrityRow } from '../row.ts';
import { done, insist, pathOf } from './calls.ts';

interface Ticket {
  seat: number;
}

export const ticket: IntegrityRow = integrityRow(
  {
    check: 'noDuplicate',
    what: 'a seat is sold again after a crash',
    said: [
      /`(g-\d)` and `g-\d` share 1, .*:\n +`\1` was .* handling POST \/tickets\/\1 #\d+ from `door`/,
      /`(g-\d)` share 1, [^]*\n +`\1` was .* handling POST \/tickets\/\1 #\d+ from `door`/,
    ],
  },
  (isRepaired) => ({
    hosts: {
      office: handler((host) => {
        let seats = isRepaired ? host.disk.keys().length : 0;
        return (request) => {
          const key = pathOf(request).slice(1);
          if (host.disk.get(key) === undefined) host.disk.put(key, { seat: ++seats } satisfies Ticket);
          host.disk.sync();
          return done();
        };
      }),
      door: handler(() => async (request) => {
        await insist(`http://office/tickets${pathOf(request)}`);
        return done();
      }),
    },
    faults: swarm({ crash: ['office'] }),
    drive: (world) =>
      world.client('guests', async () => {
        for (let i = 1; i <= 5; i++) await insist(`http://door/g-${i}`);
      }),
    always: {
      'each seat is sold once': (world) =>
        noDuplicate({ of: world.host('office').disk.records<Ticket>('tickets/'), by: ({ seat }) => seat }),
    },
  }),
);
