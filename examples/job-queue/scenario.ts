// The job queue in the tank: what may go wrong, what its users do, and what must hold.

import fc from 'fast-check';
import { handler, latency, swarm } from 'wavetank';
import type { ScenarioOptions, World } from 'wavetank';
import * as model from './models.ts';
import { jobsService } from './services/jobs.ts';
import { PERMITS, permitsService, type Release } from './services/permits.ts';
import { submitJobs, work, type Wish } from './workers.ts';

interface Workload {
  readonly wishes: readonly Wish[];
  /** How long the renders of each worker take, now and then longer than a worker has. */
  readonly renderMs: readonly number[];
}

const wish: fc.Arbitrary<Wish> = fc.record(
  {
    afterMs: fc.constantFrom(0, 100),
    priority: fc.constantFrom(1, 9),
    pages: fc.constantFrom(1, 3),
  },
  { noNullPrototype: true },
);

const WORKERS = ['worker-1', 'worker-2', 'worker-3'];

/** What `defineScenario` takes, for a licence with or without the bug. */
export function jobQueue(options: { name: string; release: Release }): ScenarioOptions<Workload> {
  return {
    name: options.name,
    tags: ['queues'],
    hosts: {
      jobs: handler(({ disk }) => jobsService(disk), { port: 6000 }),
      permits: handler(({ disk }) => permitsService(disk, options), { port: 6100 }),
    },
    network: { latency: latency.longTail({ medianMs: 3, p99Ms: 60 }) },
    // Not doubled: a claim that arrives twice is two claims, and no answer tells so.
    faults: swarm({ drop: true, delay: true, reset: true, refuse: true, crash: ['jobs', 'permits'] }),

    workload: fc.record(
      {
        wishes: fc.array(wish, { minLength: 4, maxLength: 6 }),
        renderMs: fc.array(fc.constantFrom(600, 50, 1_200), { minLength: 1, maxLength: 3 }),
      },
      { noNullPrototype: true },
    ),
    async drive(world, { wishes, renderMs }) {
      let isSubmitted = false;
      // A claim that comes late is given a job that nobody renders: somebody has to be there until the end.
      const isOver = () => isSubmitted && model.jobs(world).every(({ result }) => result !== undefined);
      const submitted = world.client('submitter', (client) => submitJobs(client, wishes));
      await Promise.all([
        submitted.then(() => (isSubmitted = true)),
        ...WORKERS.map((name) => world.client(name, (client) => work(client, { renderMs, isOver }))),
      ]);
    },

    always: { 'no more renders at once than are licensed': licenceIsKept },
    eventually: { 'every job is done': { withinMs: 20_000, check: everyJobIsDone } },
    // Asked once, at the end.
    finally: {
      'permits are a semaphore': model.permitsAreASemaphore,
      'jobs are a set': model.jobsAreASet,
      'a job is given out until it is delivered': model.claimsAreAtLeastOnce,
      'urgent jobs come first': model.urgentJobsComeFirst,
      'jobs that are equally urgent come in order': model.equalsComeInOrder,
      'a claim is a lock with fencing tokens': model.aClaimIsALock,
      'a result is behind a fence': model.aResultIsBehindAFence,
      'pages are billed once': model.pagesAreCounted,
    },
    sometimes: [
      'a job was claimed again',
      'a late result was refused',
      'a render waited for a permit',
      'a permit was released a second time',
    ],
  };
}

/** What workers do at the moment, by their own account. */
function licenceIsKept({ history }: World): string | undefined {
  const under = history.filter(({ name, type }) => name === 'render' && type === 'pending');
  if (under.length <= PERMITS) return undefined;
  return `${under.map(({ client }) => client).join(', ')} render at once, and ${PERMITS} may`;
}

function everyJobIsDone(world: World): string | undefined {
  const pending = world.history.find(({ type }) => type === 'pending');
  if (pending !== undefined) return `${pending.client} waits for the answer to \`${pending.name}\``;
  const open = model.jobs(world).find(({ result }) => result === undefined);
  return open === undefined ? undefined : `${open.id} was claimed ${open.attempts} times, and is not done`;
}
