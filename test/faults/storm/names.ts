// Names that are not found, that take their time, or that lead to an old address.

import dns from 'node:dns/promises';
import net from 'node:net';
import { daemon, handler, type Host } from '../../../src/index.ts';
import { networkRow } from './network-rows.ts';
import type { StormRow } from './row.ts';

const PORT = 4_000;
const EVERY_MS = 200;

/** A service that says hello. */
const greeter = handler(() => () => new Response('hello'), { port: 80 });

/** Signs up once: naively, an unknown name is taken for good; with care, for a while. */
async function signUp(host: Host, isCareful: boolean): Promise<void> {
  let isSignedUp = false;
  host.expose({
    get isSignedUp() {
      return isSignedUp;
    },
  });
  while (!isSignedUp) {
    await sleep(EVERY_MS);
    const code = await codeOf(() => fetch('http://registry/'));
    if (code === undefined) isSignedUp = true;
    else if (!isCareful && code !== 'ECONNREFUSED') return;
  }
}

/** Asks, then works, in turn: naively, it waits for the answer as long as that takes; with care, not. */
async function patient(host: Host, isCareful: boolean): Promise<void> {
  let workedMs = performance.now();
  host.expose({ idleMs: () => performance.now() - workedMs });
  for (;;) {
    await sleep(EVERY_MS);
    await codeOf(() => fetch('http://registry/', isCareful ? { signal: AbortSignal.timeout(400) } : {}));
    workedMs = performance.now();
  }
}

/** Talks to a server: naively, at the address that it looked up once; with care, by its name. */
async function talker(host: Host, isCareful: boolean): Promise<void> {
  let heardMs = 0;
  host.expose({ heardMs: () => heardMs });
  const { address } = await dns.lookup('registry');
  for (;;) {
    await sleep(EVERY_MS);
    if (await answers(isCareful ? 'registry' : address)) heardMs = performance.now();
  }
}

function answers(at: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: at, port: PORT, timeout: 500 });
    const end = (isAnswered: boolean): void => {
      socket.destroy();
      resolve(isAnswered);
    };
    socket.on('data', () => end(true));
    socket.on('error', () => end(false));
    socket.on('timeout', () => end(false));
  });
}

function answering(): void {
  net.createServer((socket) => socket.on('error', () => {}).end('hello')).listen(PORT);
}

async function codeOf(ask: () => Promise<Response>): Promise<string | undefined> {
  try {
    await (await ask()).text();
    return undefined;
  } catch (error) {
    const { cause, name } = error as Error & { cause?: { code?: string } };
    return cause?.code ?? name;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The rows. */
export const nameRows: readonly StormRow[] = [
  networkRow({
    kind: 'dnsFailure',
    what: 'a name that is not found once is given up for good',
    faults: { dnsFailure: ['member'] },
    hosts: (isCareful) => ({
      member: daemon((host) => void signUp(host, isCareful)),
      registry: greeter,
    }),
    eventually: {
      'the member has signed up': (world) =>
        world.host('member').exports?.['isSignedUp'] === true || 'it has not',
    },
  }),
  networkRow({
    kind: 'dnsDelay',
    what: 'who waits for a slow name without a time-out misses its turn',
    faults: { dnsDelay: ['member'] },
    hosts: (isCareful) => ({
      member: daemon((host) => void patient(host, isCareful)),
      registry: greeter,
    }),
    always: {
      'the member looks after its work': (world) => {
        const { idleMs } = (world.host('member').exports ?? {}) as { idleMs?: () => number };
        const idle = idleMs?.() ?? 0;
        return idle <= 1_000 || `it did not for ${Math.round(idle)} ms`;
      },
    },
  }),
  networkRow({
    kind: 'move',
    what: 'an address that was looked up once leads to nobody after the host moved',
    faults: { move: ['registry'] },
    hosts: (isCareful) => ({
      member: daemon((host) => talker(host, isCareful)),
      registry: daemon(answering),
    }),
    eventually: {
      'the member reaches the registry': (world) => {
        const { heardMs } = (world.host('member').exports ?? {}) as { heardMs?: () => number };
        return world.nowMs - (heardMs?.() ?? 0) < 500 || 'it does not';
      },
    },
  }),
];
