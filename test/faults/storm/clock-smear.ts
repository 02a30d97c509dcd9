// A leap second that one region smears and the other does not: the last write does not win.

import { defineScenario, handler, swarm, type Host, type Scenario } from '../../../src/index.ts';
import { pause, post } from './calls.ts';
import type { StormRow } from './row.ts';

const HOUR_MS = 3_600_000;

interface Version {
  readonly at: number;
  readonly name: string;
}

/**
 * One of two regions that keep the name of a user, and tell each other. The one with the later time wins. If
 * it is careful, no version has an earlier time than one that it was made after.
 */
function region(_host: Host, other: string, isCareful: boolean): (request: Request) => Promise<Response> {
  let newest: Version = { at: 0, name: '' };
  const keep = (version: Version): void => {
    if (version.at > newest.at) newest = version;
  };
  return async (request) => {
    if (request.method === 'GET') return new Response(newest.name);
    const body = await request.text();
    if (new URL(request.url).pathname === '/replicate') keep(JSON.parse(body) as Version);
    else {
      const at = isCareful ? Math.max(newest.at + 1, Date.now()) : Date.now();
      keep({ at, name: body });
      await post(`http://${other}/replicate`, { at, name: body });
    }
    return new Response(null);
  };
}

function system(isCareful: boolean): Scenario {
  return defineScenario({
    name: `leap smear, ${isCareful ? 'careful' : 'naive'}`,
    hosts: {
      east: handler((host) => region(host, 'west', isCareful)),
      west: handler((host) => region(host, 'east', isCareful)),
    },
    faults: swarm({ clockSmear: ['east', 'west'] }),
    stormMs: 30 * HOUR_MS,
    limits: { virtualMsMax: 31 * HOUR_MS },
    drive: (world) =>
      world.client('user', async (client) => {
        for (let i = 1; i <= 6; i++) {
          await pause(4 * HOUR_MS);
          for (const side of i % 2 === 0 ? ['east', 'west'] : ['west', 'east']) {
            const name = `${side}-${i}`;
            const write = () => fetch(`http://${side}/`, { method: 'PUT', body: name });
            await client.operation('rename', name, write);
            await client.operation('read', name, async () => (await fetch(`http://${side}/`)).text());
            await pause(200);
          }
        }
      }),
    always: {
      'the last write wins': ({ history }) => {
        const lost = history.find(({ name, type, input, value }) => {
          return name === 'read' && type === 'ok' && value !== input;
        });
        return lost === undefined || `${String(lost.input)} was written, and ${String(lost.value)} is read`;
      },
    },
  });
}

/** See the first line. */
export const clockSmearRows: readonly StormRow[] = [
  {
    kind: 'clockSmear',
    what: 'of two writes by clocks that differ by half a second, the first one wins',
    naive: system(false),
    careful: system(true),
  },
];
