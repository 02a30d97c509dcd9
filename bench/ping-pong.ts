// The engine: hosts exchanging messages, each message with a timer set and cleared, against the same workload
// on fast-check's scheduler (`waitIdle`) and on fake-timers (`runAllAsync`).

import { createClock } from '@sinonjs/fake-timers';
import fc from 'fast-check';
import { calmPlan, daemon, defineScenario, latency, simulate, type Host, type Scenario } from 'wavetank';
import { compare, perSecond, type Ratio } from './ratio.ts';

const PAIRS = 4;
const TIMEOUT_MS = 1000;

function pingPong(messages: number): Scenario<undefined> {
  const player = (host: Host): void => {
    let timer: NodeJS.Timeout | undefined;
    host.onMessage((payload, from) => {
      clearTimeout(timer);
      const left = payload as number;
      if (left === 0) return;
      timer = setTimeout(() => {}, TIMEOUT_MS);
      host.send(from, left - 1);
    });
  };
  const names = Array.from({ length: PAIRS }, (_, i) => [`ping-${i}`, `pong-${i}`] as const);
  const starter = (host: Host): void => {
    player(host);
    host.send(host.name.replace('ping', 'pong'), Math.floor(messages / PAIRS));
  };
  return defineScenario({
    name: 'ping-pong',
    hosts: Object.fromEntries(
      names.flatMap(([ping, pong]) => [
        [pong, daemon(player)],
        [ping, daemon(starter)],
      ]),
    ),
    network: { latency: latency.constant(1) },
    limits: { stepsMax: 10 * messages },
    drive: () => new Promise<void>((resolve) => setTimeout(resolve, messages * 2)),
    stormMs: messages * 2,
  });
}

async function simulated(messages: number): Promise<number> {
  const scenario = pingPong(messages);
  let steps = 0;
  const rate = await perSecond(messages, async () => {
    const plan = { ...calmPlan, latency: 'drawn', order: 'drawn' } as const;
    const result = await simulate(scenario, { seed: 1, plan });
    if (result.verdict !== 'ok') throw new Error(result.violations[0]?.message);
    steps = result.steps;
  });
  if (steps < messages) throw new Error(`Expected at least ${messages} steps, got ${steps}.`);
  return rate;
}

/** The same players over any way to deliver a message and to set a timer. */
async function played(
  messages: number,
  ways: {
    deliver(run: () => void): void;
    setTimer(): unknown;
    clearTimer(timer: unknown): void;
    finish(): Promise<unknown>;
  },
): Promise<void> {
  let delivered = 0;
  const player = (): ((left: number, reply: (left: number) => void) => void) => {
    let timer: unknown;
    return (left, reply) => {
      delivered++;
      ways.clearTimer(timer);
      if (left === 0) return;
      timer = ways.setTimer();
      reply(left - 1);
    };
  };
  for (let pair = 0; pair < PAIRS; pair++) {
    const [ping, pong] = [player(), player()];
    const toPing = (left: number): void => ways.deliver(() => ping(left, toPong));
    const toPong = (left: number): void => ways.deliver(() => pong(left, toPing));
    toPong(Math.floor(messages / PAIRS));
  }
  await ways.finish();
  if (delivered < messages) throw new Error(`Expected ${messages} messages, got ${delivered}.`);
}

function onFastCheck(messages: number): Promise<number> {
  return perSecond(messages, async () => {
    const check = async (scheduler: fc.Scheduler): Promise<void> => {
      await played(messages, {
        deliver: (run) => void scheduler.schedule(Promise.resolve()).then(run),
        setTimer: () => setTimeout(() => {}, TIMEOUT_MS),
        clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
        finish: () => scheduler.waitIdle(),
      });
    };
    await fc.assert(fc.asyncProperty(fc.scheduler(), check), { numRuns: 1, seed: 1 });
  });
}

function onFakeTimers(messages: number): Promise<number> {
  return perSecond(messages, async () => {
    const clock = createClock(0, 10 * messages);
    await played(messages, {
      deliver: (run) => void clock.setTimeout(run, 1),
      setTimer: () => clock.setTimeout(() => {}, TIMEOUT_MS),
      clearTimer: (timer) => clock.clearTimeout(timer as never),
      finish: () => clock.runAllAsync(),
    });
  });
}

/** Messages per second, ours against both. */
export async function pingPongRatios(): Promise<Ratio[]> {
  const ours = (): Promise<number> => simulated(200_000);
  return [
    await compare("engine against fast-check's scheduler", 'messages/s', {
      ours,
      theirs: () => onFastCheck(20_000),
    }),
    await compare('engine against fake-timers', 'messages/s', { ours, theirs: () => onFakeTimers(50_000) }),
  ];
}
