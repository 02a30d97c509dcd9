// Who uses the queue: somebody who submits jobs, and workers that claim, render and deliver them. What they
// ask for is named as the models have it, and is one operation however often it is repeated.

import type { Client } from 'wavetank';
import type { Claim, JobRequest } from './services/jobs.ts';

/** A job, and how long its submitter waits before it. */
export interface Wish extends JobRequest {
  readonly afterMs: number;
}

const JOBS = 'http://jobs:6000';
const PERMITS = 'http://permits:6100';
const IDLE_MS = 600;

/** What a worker is told when it comes to work. */
interface Shift {
  /** How long each render takes, from the first again when there are no more. */
  readonly renderMs: readonly number[];
  /** Whether it may go home. */
  readonly isOver: () => boolean;
}

export async function submitJobs(client: Client, wishes: readonly Wish[]): Promise<void> {
  for (const [i, { afterMs, ...job }] of wishes.entries()) {
    await sleep(afterMs);
    const id = `job-${i + 1}`;
    await client.operation('submit', { id, ...job }, () => insist('PUT', `${JOBS}/jobs/${id}`, job));
  }
}

export async function work(client: Client, { renderMs, isOver }: Shift): Promise<void> {
  let rendered = 0;
  while (!isOver()) {
    const job = await claim(client);
    if (job === null) await sleep(IDLE_MS);
    if (job === null || job === undefined) continue;
    const render = `${client.name}-${++rendered}`;
    await renderAndDeliver(client, job, { render, takesMs: renderMs[rendered % renderMs.length] ?? 0 });
  }
}

/** @returns null where there was none, undefined where nobody knows. */
async function claim(client: Client): Promise<Claim | null | undefined> {
  const { value } = await client.operation('claim', {}, async () => {
    const answer = await attempt('POST', `${JOBS}/claims`);
    // Not repeated: it might be another job.
    if (answer === undefined) throw new Error('no answer');
    return answer.body as Claim | null;
  });
  return value;
}

async function renderAndDeliver(
  client: Client,
  { id, pages, attempt: nth }: Claim,
  { render, takesMs }: { render: string; takesMs: number },
): Promise<void> {
  const permit = `${PERMITS}/permits/${render}`;
  await client.operation('acquire', { holder: render }, () => insist('PUT', permit));
  await client.operation('render', { id, pages }, () => sleep(takesMs));
  const result = `${id}, rendered as ${render}`;
  await client.operation('deliver', { id, attempt: nth, pages, result }, () =>
    insist('PUT', `${JOBS}/jobs/${id}/results/${nth}`, result),
  );
  await client.operation('release', { holder: render }, () => insist('DELETE', permit));
}

/** Asks until it is done, and answers true; or false, if it was refused because another came first. */
async function insist(method: string, url: string, body?: unknown): Promise<boolean> {
  for (;;) {
    const answer = await attempt(method, url, body);
    if (answer !== undefined && answer.status < 400) return true;
    if (answer?.status === 409 && url.startsWith(JOBS)) return false;
    await sleep(100);
  }
}

async function attempt(
  method: string,
  url: string,
  body?: unknown,
): Promise<{ status: number; body: unknown } | undefined> {
  try {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(url, { method, signal: AbortSignal.timeout(400), ...content });
    return response.status >= 500 ? undefined : { status: response.status, body: await response.json() };
  } catch {
    return undefined;
  }
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
