// A clogged link: work is done and its answer does not come through, while everything else works.

import { defineScenario, handler, swarm, type Host, type Scenario } from '../../../src/index.ts';
import { pause, post, repeated } from './calls.ts';
import type { StormRow } from './row.ts';

/** Pays out, once for each claim if it is careful. */
function cashier(host: Host, isCareful: boolean): (request: Request) => Promise<Response> {
  const paid: string[] = [];
  host.expose({ paid });
  return async (request) => {
    const claim = (await request.json()) as string;
    if (!isCareful || !paid.includes(claim)) paid.push(claim);
    return new Response('paid');
  };
}

/** Passes a claim on to the cashier. */
function clerk(): (request: Request) => Promise<Response> {
  return async (request) => {
    await post('http://cashier/', await request.json(), 5_000);
    return new Response('done');
  };
}

/** Gives each claim to the first clerk, and to the second where the first one is silent. */
function desk(): (request: Request) => Promise<Response> {
  return async (request) => {
    const claim = await request.text();
    await post('http://ann/', claim).catch(() => post('http://bob/', claim, 5_000));
    return new Response('settled');
  };
}

function system(isCareful: boolean): Scenario {
  return defineScenario({
    name: `clogged link, ${isCareful ? 'careful' : 'naive'}`,
    hosts: {
      desk: handler(desk),
      ann: handler(clerk),
      bob: handler(clerk),
      cashier: handler((host) => cashier(host, isCareful)),
    },
    faults: swarm({
      clog: ['desk -> ann', 'ann -> desk', 'ann -> cashier', 'cashier -> ann'],
      horizonMs: 200,
      survivable: { partitionsHealWithinMs: 1_000 },
    }),
    drive: (world) =>
      world.client('guest', async () => {
        for (let i = 1; i <= 5; i++) {
          await fetch('http://desk/', { method: 'POST', body: `c-${i}` });
          await pause(40);
        }
      }),
    always: {
      'a claim is paid once': (world) => {
        const twice = repeated((world.host('cashier').exports?.['paid'] ?? []) as string[]);
        return twice === undefined || `${twice} was paid twice`;
      },
    },
  });
}

/** See the first line. */
export const clogRows: readonly StormRow[] = [
  {
    kind: 'clog',
    what: 'work that is given to another when the first is silent is done twice',
    naive: system(false),
    careful: system(true),
  },
];
