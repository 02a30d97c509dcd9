// An answer that breaks off, read by one who keeps what came. The service answers on a socket, in chunks.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { handler, swarm } from '../../../src/index.ts';
import { insist } from './calls.ts';
import type { StormRow } from './row.ts';
import { twins } from './twins.ts';

const LINES = Array.from({ length: 20 }, (_, i) => `user-${i}`);

async function rest(body: ReadableStream<Uint8Array>, into: string[]): Promise<string[]> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of body) {
    text += decoder.decode(part, { stream: true });
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    into.push(...lines);
  }
  return into;
}

/** See the first line. */
export const truncateRows: readonly StormRow[] = [
  twins({ kind: 'truncate', what: 'a list that broke off is taken for the whole' }, (isCareful) => ({
    hosts: {
      directory: handler(() => (request: IncomingMessage, response: ServerResponse) => {
        request.resume();
        for (const line of LINES) response.write(`${line}\n`);
        response.end();
      }),
      access: handler((host) => {
        let allowed: readonly string[] = [];
        host.expose({
          get allowed() {
            return allowed;
          },
        });
        const read = async (): Promise<string[]> => {
          const lines: string[] = [];
          const { body } = await fetch('http://directory/users', { signal: AbortSignal.timeout(200) });
          const all = rest(body as ReadableStream<Uint8Array>, lines);
          return isCareful ? all : all.catch(() => lines);
        };
        return async () => {
          allowed = await insist(read);
          return new Response('read');
        };
      }),
    },
    faults: swarm({ truncate: ['directory'] }),
    drive: (world) =>
      world.client('admin', async () => {
        for (let i = 0; i < 3; i++) await fetch('http://access/reload', { method: 'POST' });
      }),
    always: {
      'nobody is locked out': (world) => {
        const { length } = (world.host('access').exports?.['allowed'] as string[] | undefined) ?? [];
        return length === 0 || length === LINES.length || `${length} of ${LINES.length} users are known`;
      },
    },
  })),
];
