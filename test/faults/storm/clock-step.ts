// A wall clock that jumps: forward, and what should last half an hour is over; back, and the newest entry of
// a journal is not the one with the latest time.

import { defineScenario, handler, swarm, type Host, type Scenario } from '../../../src/index.ts';
import { pause, post } from './calls.ts';
import type { StormRow } from './row.ts';

const HALF_HOUR_MS = 1_800_000;

/** Keeps sessions for half an hour: by the wall clock, or by the one that does not jump. */
function sessions(host: Host, isCareful: boolean): (request: Request) => Response {
  const nowMs = (): number => (isCareful ? performance.now() : Date.now());
  const endMs = new Map<string, number>();
  const seen: Date[] = [];
  const ended: string[] = [];
  host.expose({ ended });
  return (request) => {
    const { pathname } = new URL(request.url);
    seen.push(new Date());
    if (request.method === 'POST') endMs.set(pathname, nowMs() + HALF_HOUR_MS);
    else if (nowMs() >= (endMs.get(pathname) ?? 0)) ended.push(pathname);
    return new Response(null);
  };
}

function forward(isCareful: boolean): Scenario {
  return defineScenario({
    name: `clock steps forward, ${isCareful ? 'careful' : 'naive'}`,
    hosts: { web: handler((host) => sessions(host, isCareful)) },
    faults: swarm({ clockStep: { hosts: ['web'], msMax: 4 * HALF_HOUR_MS }, horizonMs: 1_000 }),
    drive: (world) =>
      world.client('guest', async () => {
        await post('http://web/session-1', null);
        for (let i = 1; i <= 10; i++) {
          await pause(100);
          await fetch('http://web/session-1');
        }
      }),
    always: {
      'a session lasts half an hour': (world) => {
        const [ended] = (world.host('web').exports?.['ended'] ?? []) as string[];
        return ended === undefined || `${ended} was over after a second`;
      },
    },
  });
}

interface Entry {
  readonly at: number;
  readonly balance: number;
}

/** Keeps a journal of deposits. The balance is that of the newest entry: by its time, or by its place. */
function account(host: Host, isCareful: boolean): () => Response {
  const journal: Entry[] = [];
  const newest = (): Entry | undefined =>
    isCareful ? journal.at(-1) : journal.toSorted((left, right) => left.at - right.at).at(-1);
  host.expose({ balance: () => newest()?.balance ?? 0 });
  return () => {
    journal.push({ at: Date.now(), balance: (newest()?.balance ?? 0) + 10 });
    return new Response(null);
  };
}

function backward(isCareful: boolean): Scenario {
  return defineScenario({
    name: `clock steps back, ${isCareful ? 'careful' : 'naive'}`,
    hosts: { account: handler((host) => account(host, isCareful)) },
    faults: swarm({ clockStep: ['account'], horizonMs: 500 }),
    drive: (world) =>
      world.client('saver', async (client) => {
        for (let i = 1; i <= 10; i++) {
          await client.operation('deposit', 10, () => post('http://account/', null));
          await pause(50);
        }
      }),
    always: {
      'no deposit is lost': (world) => {
        const paid = world.history.filter(({ type }) => type === 'ok').length * 10;
        const balance = (world.host('account').exports?.['balance'] as (() => number) | undefined)?.() ?? 0;
        return balance >= paid || `${paid} were paid in, and the balance is ${balance}`;
      },
    },
  });
}

/** See the first lines. */
export const clockStepRows: readonly StormRow[] = [
  {
    kind: 'clockStep',
    what: 'a step forward ends a session that has just begun',
    naive: forward(false),
    careful: forward(true),
  },
  {
    kind: 'clockStep',
    what: 'a step back hides the newest entry behind an older one',
    naive: backward(false),
    careful: backward(true),
  },
];
