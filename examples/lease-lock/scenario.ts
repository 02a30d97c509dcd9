// Two workers, one report, and a lock service: what may go wrong, what the desks do, and what must hold.

import fc from 'fast-check';
import { handler, latency, swarm } from 'wavetank';
import type { Client, FaultBudget, Host, HostDefinition, ScenarioOptions, World } from 'wavetank';
import { Recorded } from '../recorded.ts';
import * as model from './models.ts';
import { lockService } from './services/locks.ts';
import { storageService } from './services/storage.ts';
import { workerService } from './services/worker.ts';

/** How many lines each of the two desks adds. */
type Workload = [number, number];

/** A worker stops in the middle of what it does, and goes on as if nothing had been. */
export const pauses: FaultBudget = swarm({ pause: ['worker-a', 'worker-b'] });

/** The clock of the lock service or of a worker is set, forward or back. */
export const clockSteps: FaultBudget = swarm({ clockStep: ['locks', 'worker-a', 'worker-b'] });

/** Both, with clocks that run fast or slow besides. */
export const pausesAndClocks: FaultBudget = swarm({
  pause: ['worker-a', 'worker-b'],
  clockStep: ['locks', 'worker-a', 'worker-b'],
  clockSkew: ['locks', 'worker-a', 'worker-b'],
  clockDrift: ['locks', 'worker-a', 'worker-b'],
});

/** What `defineScenario` takes, for a storage with or without fencing. */
export function leaseLock(options: {
  name: string;
  fencing: boolean;
  faults: FaultBudget;
}): ScenarioOptions<Workload> {
  return {
    name: options.name,
    tags: ['locks'],
    hosts: hosts(options.fencing),
    // The network is not what this is about.
    network: { latency: latency.constant(5) },
    faults: options.faults,

    workload: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
    async drive(world, [linesOfA, linesOfB]) {
      await Promise.all([
        world.client('desk-a', (client) => addLines(client, 'a', linesOfA)),
        world.client('desk-b', (client) => addLines(client, 'b', linesOfB)),
      ]);
    },

    always: {
      'no line is lost that was added': noLineIsLost,
      'no line is there that nobody added': noLineIsAlien,
    },
    // Asked once, at the end, about all requests that the two services answered.
    finally: {
      'the lock is one with fencing tokens': model.isFencedLock,
      "work is done under a lease of one's own": model.workIsUnderOwnLease,
      'the storage is a register': model.isRegister,
      'the report is behind a fence': model.isBehindFence,
      'the report is a log of lines': model.linesAreAppended,
    },
    ...(options.fencing ? { sometimes: ['a late writer was fenced off'] } : {}),
  };
}

function hosts(fencing: boolean): Record<string, HostDefinition> {
  return {
    locks: handler(bootLocks, { port: 7000 }),
    storage: handler((host) => bootStorage(host, fencing), { port: 9000 }),
    'worker-a': handler(() => workerService('worker-a'), { port: 3000 }),
    'worker-b': handler(() => workerService('worker-b'), { port: 3000 }),
  };
}

function bootLocks(host: Host) {
  const requests = new Recorded(lockService());
  host.expose({ requests });
  return requests.handle;
}

function bootStorage(host: Host, fencing: boolean) {
  const files = new Map<string, string>();
  const requests = new Recorded(storageService({ files, fencing }));
  host.expose({ files, requests });
  return requests.handle;
}

/** Adds lines one after another, each until the worker says that it did. */
async function addLines(client: Client, desk: string, count: number): Promise<void> {
  for (let i = 1; i <= count; i++) {
    const body = `${desk}-${i}`;
    for (let isAdded = false; !isAdded;) {
      const outcome = await client.operation('add', body, () =>
        fetch(`http://worker-${desk}:3000/lines`, { method: 'POST', body }),
      );
      isAdded = outcome.type === 'ok';
      if (!isAdded) await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** Each line that a worker said it added is in the report. */
function noLineIsLost(world: World): string | undefined {
  const report = model.reportOf(world);
  const lost = world.history.find(({ type, input }) => type === 'ok' && !report.includes(input as string));
  if (lost === undefined) return undefined;
  return `line ${String(lost.input)} was added, and the report has ${report.join(', ')}`;
}

function noLineIsAlien(world: World): string | undefined {
  const alien = model.reportOf(world).find((line) => !world.history.some(({ input }) => input === line));
  return alien === undefined ? undefined : `the report has line ${alien}, which nobody added`;
}
