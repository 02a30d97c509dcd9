// Clocks that disagree: a token is refused because it is from the future.

import { defineScenario, handler, swarm, type Host, type Scenario } from '../../../src/index.ts';
import { pause, post } from './calls.ts';
import type { StormRow } from './row.ts';

const MINUTE_MS = 60_000;
/** What the budget allows, in both directions on both hosts. */
const WRONG_MS_MAX = 2_000;

interface Token {
  readonly notBefore: number;
  readonly expires: number;
}

/** Gives tokens, valid from now on for a minute. */
function issuer(): () => Response {
  return () => Response.json({ notBefore: Date.now(), expires: Date.now() + MINUTE_MS } satisfies Token);
}

/** Lets in who has a valid token; if it is careful, with some tolerance. */
function gate(host: Host, toleranceMs: number): (request: Request) => Promise<Response> {
  const refused: string[] = [];
  host.expose({ refused });
  return async (request) => {
    const { notBefore, expires } = (await request.json()) as Token;
    const earlyMs = notBefore - Date.now();
    if (earlyMs > toleranceMs) refused.push(`${earlyMs} ms too early`);
    if (Date.now() - expires > toleranceMs) refused.push('expired');
    return new Response(null, { status: refused.length > 0 ? 401 : 200 });
  };
}

function system(isCareful: boolean): Scenario {
  return defineScenario({
    name: `clock skew, ${isCareful ? 'careful' : 'naive'}`,
    hosts: {
      issuer: handler(issuer),
      gate: handler((host) => gate(host, isCareful ? 2 * WRONG_MS_MAX : 0)),
    },
    faults: swarm({ clockSkew: { hosts: ['issuer', 'gate'], msMax: WRONG_MS_MAX } }),
    drive: (world) =>
      world.client('guest', async () => {
        for (let i = 1; i <= 3; i++) {
          const token = (await (await fetch('http://issuer/')).json()) as Token;
          await post('http://gate/', token);
          await pause(100);
        }
      }),
    always: {
      'a fresh token is good': (world) => {
        const [refused] = (world.host('gate').exports?.['refused'] ?? []) as string[];
        return refused === undefined || `a token was refused: ${refused}`;
      },
    },
  });
}

/** See the first line. */
export const clockSkewRows: readonly StormRow[] = [
  {
    kind: 'clockSkew',
    what: 'a fresh token is refused because it is not valid yet',
    naive: system(false),
    careful: system(true),
  },
];
