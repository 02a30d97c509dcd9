// Two systems that make progress as long as every host comes back, and stop when one of three stays dead.

import fc from 'fast-check';
import { defineScenario, handler, swarm, type HostDefinition } from '../../src/index.ts';
import type { SwarmOptions } from '../../src/faults/budget.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { sleep } from './driven.ts';

/** How a system is built. */
export interface Variant {
  readonly isCareful: boolean;
  /** Whether two of three hosts must suffice. */
  readonly hasCore: boolean;
}

const TURNS = 8;
const HELD_MS = 10;
const LEASE_MS = 500;

const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });

/** Gives a lock to one after another. Whoever gives it back wakes the next; so does a worker that boots. */
function latch(isCareful: boolean): HostDefinition {
  return handler(() => {
    const queue: string[] = [];
    let holder: string | undefined;
    const wake = (): void => {
      holder = queue.shift();
      if (holder === undefined) return;
      const mine = holder;
      // A worker that is down when it is woken says so itself, when it is up again.
      fetch(`http://${mine}/granted`, { ...post({}), signal: AbortSignal.timeout(LEASE_MS) }).catch(() => {});
      if (isCareful) setTimeout(() => void (holder === mine && wake()), LEASE_MS);
    };
    const leave = (worker: string): void => {
      if (queue.includes(worker)) queue.splice(queue.indexOf(worker), 1);
      if (holder === worker) wake();
    };
    return async (request) => {
      const { worker } = (await request.json()) as { worker: string };
      const { pathname } = new URL(request.url);
      if (pathname !== '/take') leave(worker);
      else if (queue.push(worker) === 1 && holder === undefined) wake();
      return new Response('');
    };
  });
}

const worker = handler((host) => {
  const progress = { turns: 0 };
  host.expose({ progress });
  let granted: (() => void) | undefined;
  const tell = (path: string): Promise<Response> => fetch(`http://latch${path}`, post({ worker: host.name }));
  void (async () => {
    await tell('/booted');
    while (progress.turns < TURNS) {
      const turn = new Promise<void>((resolve) => {
        granted = resolve;
      });
      await tell('/take');
      await turn;
      await sleep(HELD_MS);
      progress.turns++;
      await tell('/give');
    }
  })();
  return () => {
    granted?.();
    return new Response('');
  };
});

/** A wake-up is lost: the one that has the lock dies, and nobody wakes the next. */
export function lostWakeUp({ isCareful, hasCore }: Variant): Scenario<number> {
  const workers = ['a', 'b', 'c'];
  return defineScenario({
    name: `lost wake-up, ${isCareful ? 'careful' : 'naive'}`,
    hosts: { latch: latch(isCareful), a: worker, b: worker, c: worker },
    faults: swarm({ crash: workers, horizonMs: 250, ...coreOf(hasCore) }),
    workload: fc.integer({ min: 1, max: 250 }),
    drive: (_, stormMs) => sleep(stormMs),
    eventually: {
      'every worker has its turns': {
        withinMs: 20_000,
        check: (world) =>
          world.core
            .filter((name) => workers.includes(name))
            .every((name) => {
              const { progress } = (world.host(name).exports ?? {}) as { progress?: { turns: number } };
              return progress?.turns === TURNS;
            }),
      },
    },
  });
}

const SLOT_MS = 100;
const BEAT_MS = 20;

/** Leads, or asks for votes in each slot of time in which it hears of no leader. */
function candidate(others: readonly string[], isCareful: boolean): HostDefinition {
  return handler((host) => {
    const state = { isLeader: false };
    host.expose({ state });
    let heardMs = Number.NEGATIVE_INFINITY;
    let votedIn = -1;
    const slotNow = (): number => Math.floor(Date.now() / SLOT_MS);
    const ask = async (other: string, path: string): Promise<boolean> => {
      try {
        const options = { ...post({ slot: slotNow() }), signal: AbortSignal.timeout(BEAT_MS * 2) };
        return (await fetch(`http://${other}${path}`, options)).ok;
      } catch {
        return false;
      }
    };
    const lead = async (): Promise<void> => {
      state.isLeader = true;
      // It gives up when it does not reach a majority.
      while ((await Promise.all(others.map((other) => ask(other, '/beat')))).includes(true))
        await sleep(BEAT_MS);
      state.isLeader = false;
    };
    const run = async (): Promise<void> => {
      const slot = slotNow();
      if (Date.now() - heardMs < SLOT_MS || votedIn >= slot) return;
      votedIn = slot;
      const votes = await Promise.all(others.map((other) => ask(other, '/vote')));
      if (votes.includes(true)) await lead();
    };
    void (async () => {
      for (;;) {
        await sleep(SLOT_MS - (Date.now() % SLOT_MS));
        // The careful one does not begin when everybody does.
        if (isCareful) await sleep(Math.random() * SLOT_MS * 0.8);
        await run();
      }
    })();
    return async (request) => {
      const { slot } = (await request.json()) as { slot: number };
      if (new URL(request.url).pathname === '/beat') heardMs = Date.now();
      else if (votedIn >= slot) return new Response('', { status: 409 });
      else votedIn = slot;
      return new Response('');
    };
  });
}

/** Votes for whoever asks first. */
const witness = handler(() => {
  let votedIn = -1;
  return async (request) => {
    const { slot } = (await request.json()) as { slot: number };
    if (new URL(request.url).pathname === '/beat') return new Response('');
    if (votedIn >= slot) return new Response('', { status: 409 });
    votedIn = slot;
    return new Response('');
  };
});

/** A livelock: without the witness, two candidates stand against each other in every slot, for ever. */
export function splitVotes({ isCareful, hasCore }: Variant): Scenario {
  return defineScenario({
    name: `split votes, ${isCareful ? 'careful' : 'naive'}`,
    hosts: {
      a: candidate(['b', 'witness'], isCareful),
      b: candidate(['a', 'witness'], isCareful),
      witness,
    },
    faults: swarm({
      crash: ['a', 'b', 'witness'],
      partition: true,
      horizonMs: 400,
      ...coreOf(hasCore, 'witness'),
    }),
    drive: () => sleep(400),
    calmMs: 200,
    eventually: {
      'there is a leader': {
        withinMs: 5_000,
        check: (world) =>
          world.core.some((name) => {
            const { isUp, exports } = world.host(name);
            return isUp && (exports?.['state'] as { isLeader: boolean } | undefined)?.isLeader === true;
          }),
      },
    },
  });
}

function coreOf(hasCore: boolean, third = 'c'): Pick<SwarmOptions, 'survivable'> {
  return hasCore ? { survivable: { core: { of: ['a', 'b', third], size: 2 } } } : {};
}
