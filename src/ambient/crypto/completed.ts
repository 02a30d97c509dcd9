// Work that Node.js gives to its thread pool: on a host it is done at once, and completes in virtual time.

import type { HostContext } from '../context.ts';

/** What work that does not depend on its input takes on a host. */
export const JOB_US = 50;

/** What came of some work. */
export type Outcome<Value> =
  { readonly error?: undefined; readonly value: Value } | { readonly error: unknown };

/** Does the work now. */
export function outcomeOf<Value>(work: () => Value): Outcome<Value> {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

/** Does the work now, and settles in virtual time. */
export function completed<Value>(
  host: HostContext,
  api: string,
  work: () => Value,
  us: number = JOB_US,
): Promise<Awaited<Value>> {
  const outcome = outcomeOf(work);
  return new Promise((resolve, reject) => {
    host.complete(api, us, () => {
      if ('value' in outcome) resolve(outcome.value as Awaited<Value>);
      else reject(outcome.error);
    });
  });
}
