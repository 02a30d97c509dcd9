// A process that runs late: not at all for a while, slowly, or with a loop that is blocked now and then.

import { daemon, handler, type Host } from '../../../../src/index.ts';
import { insist, pause, post, repeated } from '../calls.ts';
import type { StormRow } from '../row.ts';
import { exposed, processRow } from './system.ts';

const LEASE_MS = 100;

/** Lends itself to one at a time, and numbers the loans. */
function leases(): () => Response {
  let until = 0;
  let fence = 0;
  return () => {
    if (Date.now() < until) return new Response('taken', { status: 409 });
    until = Date.now() + LEASE_MS;
    fence++;
    return Response.json({ fence, until });
  };
}

/** Takes writes. The careful one refuses who comes with an older number than it has seen. */
function store(host: Host, isCareful: boolean): (request: Request) => Promise<Response> {
  const fences: number[] = [];
  host.expose({ fences });
  return async (request) => {
    const fence = Number(await request.text());
    if (isCareful && fence < (fences.at(-1) ?? 0)) return new Response('too old', { status: 409 });
    fences.push(fence);
    return new Response('written');
  };
}

/** Works under a lease, and looks at its clock before it begins to write. */
async function holder(): Promise<void> {
  for (let round = 0; round < 15; round++) {
    const answer = await insist(() => post('http://leases/', null));
    await pause(10);
    if (!answer.ok) continue;
    const { fence, until } = (await answer.json()) as { fence: number; until: number };
    if (Date.now() > until - LEASE_MS / 2) continue;
    // What it writes has to be worked out.
    await pause(20);
    await insist(() => post('http://store/', fence));
  }
}

const lease = processRow({
  kind: 'pause',
  what: 'who slept with a lease wakes up, and believes that it still has it',
  hosts: (isCareful) => ({
    leases: handler(leases),
    store: handler((host) => store(host, isCareful)),
    alpha: daemon(holder),
    beta: daemon(holder),
  }),
  faults: { pause: ['alpha', 'beta'] },
  drive: () => pause(500),
  always: {
    'nobody writes under a lease that is over': (world) => {
      const { fences = [] } = exposed<{ fences: number[] }>(world, 'store');
      return fences.every((fence, i) => fence >= (fences[i - 1] ?? 0)) || `loans ${fences.join(', ')} wrote`;
    },
  },
});

/** Charges. A charge with a key that it knows was made already. */
function payments(host: Host): (request: Request) => Promise<Response> {
  const charges: string[] = [];
  const keys = new Set<string | null>();
  host.expose({ charges });
  return async (request) => {
    const key = request.headers.get('idempotency-key');
    const order = await request.text();
    if (key === null || !keys.has(key)) charges.push(order);
    keys.add(key);
    return new Response('charged');
  };
}

/** Pays for orders until it hears that they are paid. The careful one says which payment it means. */
async function shop(isCareful: boolean): Promise<void> {
  for (const order of ['o-1', 'o-2', 'o-3']) {
    const headers: Record<string, string> = isCareful ? { 'idempotency-key': order } : {};
    await insist(() => {
      const signal = AbortSignal.timeout(100);
      return fetch('http://payments/', { method: 'POST', body: order, headers, signal });
    });
    await pause(20);
  }
}

const slow = processRow({
  kind: 'slowHost',
  what: 'a time-out is taken for a no, and the request is made again',
  hosts: (isCareful) => ({ payments: handler(payments), shop: daemon(() => shop(isCareful)) }),
  faults: { slowHost: ['payments'] },
  drive: () => pause(300),
  always: {
    'charged once': (world) => {
      const twice = repeated(exposed<{ charges: string[] }>(world, 'payments').charges ?? []);
      return twice === undefined || `order ${twice} was charged twice`;
    },
  },
});

const TOKEN_MS = 50;

/** Hands out a token for a while. The naive one counts ticks of a timer; the careful one has a clock. */
function tokens(host: Host, isCareful: boolean): () => Response {
  let madeAt = Date.now();
  let ticks = 0;
  let number = 1;
  const served: number[] = [];
  host.expose({ served });
  setInterval(() => {
    ticks++;
    const isOld = isCareful ? Date.now() - madeAt >= TOKEN_MS : ticks * 10 >= TOKEN_MS;
    if (isOld) renew();
  }, 10);
  const renew = (): void => {
    madeAt = Date.now();
    ticks = 0;
    number++;
  };
  return () => {
    if (isCareful && Date.now() - madeAt >= TOKEN_MS) renew();
    served.push(Date.now() - madeAt);
    return new Response(String(number));
  };
}

const lag = processRow({
  kind: 'loopLag',
  what: 'time that is counted in ticks stands still, and what is out of date is handed out',
  hosts: (isCareful) => ({ tokens: handler((host) => tokens(host, isCareful)) }),
  faults: { loopLag: ['tokens'] },
  drive: (world) =>
    world.client('guest', async () => {
      for (let i = 0; i < 20; i++) {
        void fetch('http://tokens/').catch(() => {});
        await pause(15);
      }
    }),
  always: {
    'no token is older than it may be': (world) => {
      const oldest = Math.max(0, ...(exposed<{ served: number[] }>(world, 'tokens').served ?? []));
      return oldest <= TOKEN_MS + 10 || `one was ${oldest} ms old`;
    },
  },
});

/** See the first line. */
export const lateRows: readonly StormRow[] = [lease, slow, lag];
