// The job queue in its two forms: one lost answer gives out a permit too many, and each of its models rejects
// a service that breaks what it stands for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmPlan, defineScenario, explore, handler, simulate } from 'wavetank';
import type { Fault, FaultPlan, Host, HostDefinition, RunResult } from 'wavetank';
import repaired from '../../examples/job-queue/job-queue-repaired.sim.ts';
import faulty from '../../examples/job-queue/job-queue.sim.ts';
import { jobQueue } from '../../examples/job-queue/scenario.ts';
import { jobsService, type Claim, type Job } from '../../examples/job-queue/services/jobs.ts';

const wish = { afterMs: 0, priority: 1, pages: 1 };
const WORK = { wishes: [wish, wish, wish, wish, wish], renderMs: [600] };

/** The permit was given back, and its holder does not know. */
const lost: Fault = {
  kind: 'drop',
  from: 'permits',
  to: 'worker-1',
  message: 'response',
  label: 'DELETE /permits/worker-1-1',
  nth: 1,
};

test('one lost answer to a release lets three render at once, and none where holders are known', async () => {
  const plan: FaultPlan = { ...calmPlan, faults: [lost] };
  const broken = await simulate(faulty, { workload: WORK, plan });
  assert.match(broken.violations[0]?.message ?? '', /render at once, and 2 may/);
  const held = await simulate(repaired, { workload: WORK, plan });
  assert.equal(held.verdict, 'ok', held.violations[0]?.message);
  assert.equal(held.reached['a permit was released a second time'], 1);
});

test('the model of a semaphore finds the permit too many by what workers were answered', async () => {
  const { always: _, ...options } = jobQueue({ name: 'models', release: 'whatever is asked' });
  const { violations } = await simulate(defineScenario(options), {
    workload: WORK,
    plan: { ...calmPlan, faults: [lost] },
  });
  assert.deepEqual(
    violations.map(({ name }) => name),
    ['permits are a semaphore'],
  );
  assert.match(violations[0]?.message ?? '', /acquired a permit as/);
});

/** What goes between the jobs service and its host. */
type Meddle = (
  request: Request,
  serve: (request: Request) => Promise<Response>,
  disk: Host['disk'],
) => Promise<Response>;

/** A calm run with a service that does something else than it should. */
async function meddledWith(meddle: Meddle, work: Partial<typeof WORK> = {}): Promise<RunResult> {
  const { faults: _, sometimes: __, ...options } = jobQueue({ name: 'x', release: 'what was held' });
  const jobs: HostDefinition = handler(
    ({ disk }) => {
      const app = jobsService(disk);
      return (request: Request) => meddle(request, async (each) => app.fetch(each), disk);
    },
    { port: 6000 },
  );
  const scenario = defineScenario({ ...options, eventually: {}, hosts: { ...options.hosts, jobs } });
  return simulate(scenario, { workload: { ...WORK, ...work }, plan: calmPlan });
}

const broken = ({ violations }: RunResult): string[] => violations.map(({ name }) => name);
const urgentLast = { wishes: [1, 1, 1, 1, 9].map((priority) => ({ ...wish, priority })) };

test('a service that does what it should breaks nothing', async () => {
  assert.deepEqual(broken(await meddledWith((request, serve) => serve(request), urgentLast)), []);
});

test('urgent jobs that come last are found', async () => {
  const upsideDown: Meddle = async (request, serve) => {
    if (!request.url.includes('/jobs/') || request.url.includes('/results/')) return serve(request);
    const body = (await request.json()) as { priority: number };
    return serve(
      new Request(request.url, {
        method: 'PUT',
        body: JSON.stringify({ ...body, priority: 10 - body.priority }),
      }),
    );
  };
  const names = broken(await meddledWith(upsideDown, urgentLast));
  assert.ok(names.includes('urgent jobs come first'), String(names));
});

test('a job that is acknowledged and forgotten is found', async () => {
  const forgetful: Meddle = async (request, serve) =>
    request.url.endsWith('/jobs/job-2') ? Response.json('job-2', { status: 201 }) : serve(request);
  const names = broken(await meddledWith(forgetful));
  assert.ok(names.includes('jobs are a set'), String(names));
  assert.ok(names.includes('a job is given out until it is delivered'), String(names));
});

test('jobs that are given out newest first are found', async () => {
  const stack: Meddle = async (request, serve, disk) => {
    const response = await serve(request);
    const key = new URL(request.url).pathname.replace('/jobs', 'job');
    const job = disk.get(key) as Job | undefined;
    if (job !== undefined) disk.put(key, { ...job, place: -job.place });
    return response;
  };
  assert.deepEqual(broken(await meddledWith(stack)), ['jobs that are equally urgent come in order']);
});

test('pages that are billed twice are found', async () => {
  const greedy: Meddle = async (request, serve, disk) => {
    const response = await serve(request);
    if (request.url.includes('/job-1/results/'))
      disk.put('pages billed', (disk.get('pages billed') as number) + 1);
    return response;
  };
  assert.deepEqual(broken(await meddledWith(greedy)), ['pages are billed once']);
});

test('claims that all have one token are found, and the late result that they let through', async () => {
  const newest = new Map<string, number>();
  const tokenless: Meddle = async (request, serve) => {
    const [, id = ''] = /jobs\/(.*)\/results/.exec(request.url) ?? [];
    if (id !== '') {
      const url = request.url.replace(/\d+$/, String(newest.get(id)));
      return serve(new Request(url, { method: 'PUT', body: await request.text() }));
    }
    const response = await serve(request);
    if (!request.url.endsWith('/claims')) return response;
    const claim = (await response.json()) as Claim | null;
    if (claim !== null) newest.set(claim.id, claim.attempt);
    return Response.json(claim && { ...claim, attempt: 1 }, { status: 201 });
  };
  const names = broken(await meddledWith(tokenless, { renderMs: [1_200] }));
  assert.ok(names.includes('a claim is a lock with fencing tokens'), String(names));
  assert.ok(names.includes('a result is behind a fence'), String(names));
});

test('the repaired queue keeps its promises in 60 runs', async () => {
  const { runs } = await explore(repaired, { runs: 60 });
  assert.equal(runs, 60);
});
