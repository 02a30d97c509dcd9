// A connection that is refused: nothing was executed, and somebody has to ask again.

import { defineScenario, handler, swarm, type Host, type Scenario } from '../../../src/index.ts';
import { insist, post } from './calls.ts';
import type { StormRow } from './row.ts';

/** Sends a mail for each sign-up that it is told of. */
function mailer(host: Host): (request: Request) => Promise<Response> {
  const mails = new Set<string>();
  host.expose({ mails });
  return async (request) => {
    mails.add((await request.json()) as string);
    return new Response('sent');
  };
}

/** Takes sign-ups, and tells the mailer: once, or until it has heard. */
function accounts(host: Host, isCareful: boolean): (request: Request) => Promise<Response> {
  const names = new Set<string>();
  host.expose({ names });
  return async (request) => {
    const name = await request.text();
    names.add(name);
    const tell = (): Promise<Response> => post('http://mailer/welcome', name);
    void (isCareful ? insist(tell) : tell().catch(() => undefined));
    return new Response('welcome');
  };
}

function system(isCareful: boolean): Scenario {
  return defineScenario({
    name: `refused connection, ${isCareful ? 'careful' : 'naive'}`,
    hosts: { mailer: handler(mailer), accounts: handler((host) => accounts(host, isCareful)) },
    faults: swarm({ refuse: ['accounts -> mailer'] }),
    drive: (world) =>
      world.client('guest', async () => {
        for (const body of ['ann', 'bob', 'eve']) await fetch('http://accounts/', { method: 'POST', body });
      }),
    eventually: {
      'everybody who signed up has a mail': {
        withinMs: 2_000,
        check: (world) => {
          const names = world.host('accounts').exports?.['names'] as Set<string>;
          const mails = world.host('mailer').exports?.['mails'] as Set<string>;
          const missing = [...names].find((name) => !mails.has(name));
          return missing === undefined || `${missing} has none`;
        },
      },
    },
  });
}

/** See the first line. */
export const refuseRows: readonly StormRow[] = [
  {
    kind: 'refuse',
    what: 'an event that is posted once is lost',
    naive: system(false),
    careful: system(true),
  },
];
