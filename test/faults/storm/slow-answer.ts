// Answers that come late: a newer one may have come before.

import { handler, swarm } from '../../../src/index.ts';
import { pause } from './calls.ts';
import type { StormRow } from './row.ts';
import { twins } from './twins.ts';

/** See the first line. */
export const slowAnswerRows: readonly StormRow[] = [
  twins({ kind: 'slowAnswer', what: 'an answer to an older question is shown last' }, (isCareful) => ({
    hosts: {
      search: handler(() => (request) => new Response(new URL(request.url).searchParams.get('q'))),
      page: handler((host) => {
        const page = { asked: '', shown: '' };
        host.expose({ page });
        return async (request) => {
          const asked = await request.text();
          page.asked = asked;
          const found = await (await fetch(`http://search/?q=${asked}`)).text();
          if (!isCareful || page.asked === asked) page.shown = found;
          return new Response('shown');
        };
      }),
    },
    faults: swarm({ slowAnswer: ['search'] }),
    drive: (world) =>
      world.client('guest', async () => {
        const typed: Promise<Response>[] = [];
        for (const body of ['w', 'wa', 'wave']) {
          typed.push(fetch('http://page/', { method: 'POST', body }));
          await pause(20);
        }
        await Promise.all(typed);
      }),
    eventually: {
      'what was asked last is shown': {
        withinMs: 100,
        check: (world) => {
          const { page } = (world.host('page').exports ?? {}) as { page?: Record<string, string> };
          const { asked, shown } = page ?? {};
          return shown === asked || `"${shown}" is`;
        },
      },
    },
  })),
];
