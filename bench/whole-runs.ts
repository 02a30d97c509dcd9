// Whole runs: three hosts and twenty requests at message level, under faults, as an exploration makes them.
// Beside it, the bar of a thousand runs a second; and the memory of a process that makes many.

import { daemon, defineScenario, explore, latency, simulate, swarm, type Host } from 'wavetank';
import { perSecond, ratioOf, type Ratio } from './ratio.ts';

const REQUESTS = 10;
const BAR_RUNS_PER_SECOND = 1_000;

interface Call {
  readonly id: number;
  readonly isReply: boolean;
}

/** Requests with replies, time-outs and retries over datagrams; answers what it is asked. */
function peer(host: Host, answer: () => Promise<void>): (target: string) => Promise<void> {
  const waiting = new Map<number, () => void>();
  let calls = 0;
  host.onMessage(async (payload, from) => {
    const { id, isReply } = payload as Call;
    if (isReply) return waiting.get(id)?.();
    await answer();
    host.send(from, { id, isReply: true }, 'reply');
  });
  return async (target) => {
    const id = ++calls;
    const replied = new Promise<void>((resolve) => waiting.set(id, resolve));
    for (let isWaiting = true; isWaiting;) {
      host.send(target, { id, isReply: false }, 'request');
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<true>((resolve) => (timer = setTimeout(resolve, 200, true)));
      isWaiting = (await Promise.race([replied, late])) === true;
      clearTimeout(timer);
    }
  };
}

/** The reader asks the front ten times, and each time the front asks the stock: twenty requests. */
const scenario = defineScenario({
  name: 'three-hosts',
  hosts: {
    stock: daemon((host) => void peer(host, () => Promise.resolve())),
    front: daemon((host) => {
      const call = peer(host, () => call('stock'));
    }),
    reader: daemon(async (host) => {
      const call = peer(host, () => Promise.resolve());
      let reads = 0;
      host.expose({ reads: () => reads });
      for (; reads < REQUESTS; reads++) await call('front');
    }),
  },
  network: { latency: latency.longTail({ medianMs: 2, p99Ms: 40 }) },
  faults: swarm({ delay: true, drop: true, duplicate: true }),
  // For as long as the requests take, faults strike.
  drive: () => new Promise((resolve) => setTimeout(resolve, 400)),
  eventually: {
    'everything is read': {
      check(world) {
        const reads = world.host('reader').exports?.reads as (() => number) | undefined;
        return reads?.() === REQUESTS;
      },
    },
  },
});

/** Runs per second on one core, against the bar. */
export async function runsRatio(): Promise<Ratio> {
  await explore(scenario, { runs: 300 });
  const ours = await perSecond(3_000, () => explore(scenario, { runs: 3_000, seed: 2 }));
  return ratioOf(
    'whole runs of three hosts and twenty requests, against the bar',
    'runs/s',
    ours,
    BAR_RUNS_PER_SECOND,
  );
}

/** Megabytes of heap gained from run 2,000 to run 20,000, against the bar of 20. Less is better. */
export async function memoryRatio(): Promise<Ratio> {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) throw new Error('Run with --expose-gc.');
  const heapMb = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 1_048_576;
  };
  for (let seed = 0; seed < 2_000; seed++) await simulate(scenario, { seed });
  const early = heapMb();
  for (let seed = 2_000; seed < 20_000; seed++) await simulate(scenario, { seed });
  return ratioOf(
    'heap gained between run 2,000 and run 20,000, against 20 MB (less is better)',
    'MB',
    heapMb() - early,
    20,
  );
}
