// The queue and the licence, compared with the models of what they are. Clients name what they ask for in
// their own words; here it is said what each is to a model.

import type { World } from 'wavetank';
import { linearizable, type Decision, type Operation } from 'wavetank/checkers';
import * as models from 'wavetank/models';
import type { Claim, Job, JobRequest } from './services/jobs.ts';
import { PERMITS, type Permits } from './services/permits.ts';

type Submitted = JobRequest & { readonly id: string };
type Delivered = Pick<Claim, 'id' | 'attempt' | 'pages'> & { readonly result: string };

/** Never more permits are out than there are, who releases one has had it, and at the end none is missing. */
export function permitsAreASemaphore(world: World): Decision {
  const steps = [...named(world, 'acquire'), ...named(world, 'release')].map((each) =>
    operation(each, { ...(each.input as { holder: string }), name: each.name }),
  );
  const { free } = (world.host('permits').disk.get('permits') as Permits | undefined) ?? { free: PERMITS };
  return judged(models.semaphore(PERMITS), [...steps, atTheEnd(world, { name: 'available' }, free)]);
}

/** Every job that was submitted is there, once, and none besides. */
export function jobsAreASet(world: World): Decision {
  const adds = named(world, 'submit').map((each) =>
    operation(each, { name: 'add', value: (each.input as Submitted).id }),
  );
  const ids = jobs(world).map(({ id }) => id);
  return judged(models.set<string>(), [...adds, atTheEnd(world, { name: 'elements' }, ids)]);
}

/** A job is given out until it is delivered: none is lost, and none comes back after that. */
export function claimsAreAtLeastOnce(world: World): Decision {
  const steps = world.history.flatMap((each): Step[] => {
    const { id, attempt } = (each.input ?? {}) as Partial<Delivered>;
    if (each.name === 'claim') return [operation(each, { name: 'receive' }, claimOf(each)?.id ?? null)];
    if (id === undefined) return [];
    if (each.name === 'submit') return [operation(each, { name: 'send', message: id })];
    const isRefused = each.type === 'ok' && each.value === false;
    if (attempt === undefined || isRefused) return [];
    return [operation(each, { name: 'acknowledge', message: id }, true)];
  });
  const open = jobs(world).filter(({ result }) => result === undefined).length;
  return judged(models.atLeastOnceQueue(), [...steps, atTheEnd(world, { name: 'backlog' }, open)]);
}

/**
 * The most urgent job comes first. One whose worker was too slow, or unheard of, is back in the queue. That
 * there was none to give out tells nothing here: others were being worked on.
 */
export function urgentJobsComeFirst(world: World): Decision {
  const submitted = named(world, 'submit').map((each) => operation(each, insert(each.input as Submitted)));
  const steps = jobs(world).flatMap((job) => {
    const claims = claimsOf(world, job);
    const again = claims.slice(1).map((claim, i) => {
      // At some time between the two.
      return { ...asked(claim, insert(job), true), invokedMs: claims[i]?.invokedMs ?? 0 };
    });
    return [...again, ...claims.map((claim) => asked(claim, { name: 'take' }, job.id))];
  });
  return judged(models.priorityQueue<string>(), [...submitted, ...steps]);
}

const insert = ({ id: item, priority }: Submitted): Input => ({ name: 'insert', item, priority });

/** Among equals, jobs are given out for the first time in the order in which they were submitted. */
export function equalsComeInOrder(world: World): Decision {
  let decision = linearizable(models.fifoQueue<string>(), []);
  for (const priority of new Set(jobs(world).map((job) => job.priority))) {
    const submitted = named(world, 'submit').filter(
      ({ input }) => (input as Submitted).priority === priority,
    );
    const steps = jobs(world).flatMap((job): Step[] => {
      const [first] = job.priority === priority ? claimsOf(world, job) : [];
      return first === undefined ? [] : [asked(first, { name: 'dequeue' }, job.id)];
    });
    const enqueued = submitted.map((each) =>
      operation(each, { name: 'enqueue', value: (each.input as Submitted).id }),
    );
    decision = judged(models.fifoQueue<string>(), [...enqueued, ...steps]);
    if (decision.verdict !== 'ok') return decision;
  }
  return decision;
}

/** To claim a job is to lock it. The lock may be lost when the time is over, and its tokens count up. */
export function aClaimIsALock(world: World): Decision {
  const steps = world.history.flatMap((each): Step[] => {
    const { id, attempt } = claimOf(each) ?? (each.input as Partial<Delivered>);
    if (id === undefined || attempt === undefined) return [];
    if (each.name === 'deliver') return [operation(each, { name: 'release', token: attempt, lock: id })];
    return [operation(each, { name: 'acquire', owner: each.client, lock: id }, attempt)];
  });
  return judged(models.fencedLock(), steps);
}

/** A result is written by the newest attempt alone, and stays. Whoever claims a job finds none. */
export function aResultIsBehindAFence(world: World): Decision {
  let decision = linearizable(models.fencedRegister(''), []);
  for (const job of jobs(world)) {
    const claims = claimsOf(world, job).map((claim, i) => asked(claim, { name: 'read', token: i + 1 }, ''));
    const deliveries = named(world, 'deliver').flatMap((each): Step[] => {
      const { id, attempt: token, result: value } = each.input as Delivered;
      return id === job.id ? [operation(each, { name: 'write', value, token })] : [];
    });
    const last = atTheEnd(world, { name: 'read' }, job.result ?? '');
    decision = judged(models.fencedRegister(''), [...claims, ...deliveries, last]);
    if (decision.verdict !== 'ok') return decision;
  }
  return decision;
}

/** The pages of each result that was taken are billed, once. */
export function pagesAreCounted(world: World): Decision {
  const delivered = named(world, 'deliver').filter(({ type, value }) => !(type === 'ok' && value === false));
  const adds = delivered.map((each) => operation(each, { name: 'add', by: (each.input as Delivered).pages }));
  const billed = world.host('jobs').disk.get('pages billed') ?? 0;
  return judged(models.counter(), [...adds, atTheEnd(world, { name: 'get' }, billed)]);
}

/** The jobs that are on disk. */
export function jobs(world: World): Job[] {
  return world
    .host('jobs')
    .disk.records<Job>('job/')
    .records.map(({ value }) => value);
}

const named = ({ history }: World, name: string) => history.filter((each) => each.name === name);

function claimOf({ name, value }: Operation): Claim | undefined {
  return name === 'claim' ? ((value as Claim | null | undefined) ?? undefined) : undefined;
}

/** Each time that a job was claimed. If no worker was told, it was some time before the next one. */
function claimsOf(world: World, { id, attempts }: Job): Step[] {
  const claims: Step[] = [];
  let endedMs = world.nowMs;
  for (let nth = attempts; nth >= 1; nth--) {
    const told = world.history.find((each) => claimOf(each)?.id === id && claimOf(each)?.attempt === nth);
    endedMs = Math.min(endedMs, told?.endedMs ?? endedMs);
    const { client, invokedMs } = told ?? { client: 'nobody', invokedMs: 0 };
    claims.unshift({ client, name: 'claim', input: null, type: 'ok', invokedMs, endedMs });
  }
  return claims;
}

/** What a model is asked. */
type Input = Readonly<Record<string, unknown>> & { readonly name: string };

/** An operation of a model; ids are given when all are there. */
type Step = Omit<Operation, 'id'>;

/** What a client did, as a model names it; and what it was answered, if that is not what the client was. */
function operation(done: Operation, input: Input, answer: unknown = done.value): Step {
  const { id: _, error: __, value: ___, ...rest } = done;
  return { ...rest, name: input.name, input, ...(done.type === 'ok' ? { value: answer } : {}) };
}

function asked(step: Step, input: Input, value: unknown): Step {
  return { ...step, name: input.name, input, value };
}

function atTheEnd({ nowMs }: World, input: Input, value: unknown): Step {
  return {
    client: 'the check',
    name: input.name,
    input,
    type: 'ok',
    value,
    invokedMs: nowMs,
    endedMs: nowMs,
  };
}

function judged<State, Asked, Output>(
  model: models.Model<State, Asked, Output>,
  steps: readonly Step[],
): Decision {
  return linearizable(
    model,
    steps.map((step, id) => ({ ...step, id })),
  );
}
