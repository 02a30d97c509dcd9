// The client of the lock service.

import type { Lease, LeaseRequest } from './locks.ts';

/** Ten times what a worker needs. */
const TTL_MS = 2_000;
/** A lease that is nearly over counts as over: the work that is to be done under it takes its time too. */
const MARGIN_MS = 500;
const RETRY_MS = 100;
const PATIENCE_MS = 5_000;

export interface Held extends Lease {
  readonly lock: string;
  /** Who asked for it. */
  readonly by: string;
}

/** Waits until the lock is free. @throws {Error} If that takes too long. */
export async function acquire(lock: string, owner: string): Promise<Held> {
  const wanted: LeaseRequest = { owner, ttlMs: TTL_MS };
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const response = await fetch(`http://locks:7000/locks/${lock}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(wanted),
    });
    if (response.ok) return { ...((await response.json()) as Lease), lock, by: owner };
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new Error(`no lease for ${lock} in ${PATIENCE_MS} ms`);
}

/** Whether a lease is over, or will be in a moment. */
export function isOver({ expiresAt }: Held): boolean {
  return Date.now() >= expiresAt - MARGIN_MS;
}

/** Gives a lock back. One that is another's by now stays with them. */
export async function release({ lock, token }: Held): Promise<void> {
  await fetch(`http://locks:7000/locks/${lock}/${token}`, { method: 'DELETE' });
}
