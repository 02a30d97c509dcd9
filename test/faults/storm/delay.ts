// A late answer: what was true when it was sent, and is not any more.

import {
  daemon,
  defineScenario,
  handler,
  latency,
  swarm,
  type Host,
  type Scenario,
} from '../../../src/index.ts';
import { pause } from './calls.ts';
import type { StormRow } from './row.ts';

const POLL_MS = 20;

/** A price list that has a new version every 50 ms, ten of them. */
function prices(): () => Response {
  let version = 1;
  const timer = setInterval(() => {
    if (++version === 10) clearInterval(timer);
  }, 50);
  return () => new Response(String(version));
}

/** Keeps the newest prices: the naive one takes what came last for what is newest. */
async function cache(host: Host, isCareful: boolean): Promise<void> {
  const seen: number[] = [];
  host.expose({ seen });
  let version = 0;
  const ask = async (): Promise<void> => {
    const next = Number(await (await fetch('http://prices/')).text());
    if (isCareful && next < version) return;
    version = next;
    seen.push(version);
  };
  for (let i = 0; i < 40; i++) {
    void ask();
    await pause(POLL_MS);
  }
}

function system(isCareful: boolean): Scenario {
  return defineScenario({
    name: `late answer, ${isCareful ? 'careful' : 'naive'}`,
    hosts: { prices: handler(prices), cache: daemon((host) => cache(host, isCareful)) },
    network: { latency: latency.constant(1) },
    faults: swarm({ delay: ['prices -> cache'] }),
    drive: () => pause(1_000),
    always: {
      'prices never become older': (world) => {
        const seen = (world.host('cache').exports?.['seen'] ?? []) as number[];
        const [before = 0, now = 0] = seen.slice(-2);
        return seen.length < 2 || before <= now || `version ${before} became version ${now}`;
      },
    },
  });
}

/** See the first line. */
export const delayRows: readonly StormRow[] = [
  {
    kind: 'delay',
    what: 'an answer that is overtaken by the next one puts back an old price',
    naive: system(false),
    careful: system(true),
  },
];
