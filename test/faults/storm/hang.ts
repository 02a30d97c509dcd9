// A service that never answers, to one who waits for ever. It answers on a socket.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { handler, swarm } from '../../../src/index.ts';
import { insist } from './calls.ts';
import type { StormRow } from './row.ts';
import { twins } from './twins.ts';

/** See the first line. */
export const hangRows: readonly StormRow[] = [
  twins({ kind: 'hang', what: 'a worker without a time-out stops for good' }, (isCareful) => ({
    hosts: {
      scanner: handler(() => (request: IncomingMessage, response: ServerResponse) => {
        request.resume().on('end', () => response.end('clean'));
      }),
      worker: handler((host) => {
        const queue = ['f-1', 'f-2', 'f-3', 'f-4', 'f-5', 'f-6', 'f-7', 'f-8'];
        host.expose({ queue });
        const scan = (name: string): Promise<Response> =>
          fetch(`http://scanner/${name}`, isCareful ? { signal: AbortSignal.timeout(200) } : {});
        const work = async (): Promise<void> => {
          while (queue.length > 0) {
            await insist(() => scan(String(queue[0])));
            queue.shift();
          }
        };
        void work();
        return () => new Response('at work');
      }),
    },
    faults: swarm({ hang: ['scanner'] }),
    drive: () => new Promise((resolve) => setTimeout(resolve, 500)),
    eventually: {
      'every file is scanned': {
        withinMs: 5_000,
        check: (world) => {
          const queue = (world.host('worker').exports?.['queue'] as string[] | undefined) ?? [];
          return queue.length === 0 || `${queue.join(', ')} wait`;
        },
      },
    },
  })),
];
