// The functions of node:crypto that take a callback and run in the thread pool: on a host their synchronous
// twins do the work, and the callback comes in virtual time.

import crypto from 'node:crypto';
import type { HostContext } from '../context.ts';
import type { AnyFunction, Patch } from '../patch.ts';
import { currentHost } from '../registry.ts';
import { JOB_US, type Outcome, outcomeOf } from './completed.ts';

/** A function with a callback, and what it takes. */
interface Job {
  readonly key: string;
  /** The synchronous function that does the same; by default the one named `...Sync`. */
  readonly twin?: string;
  /** Microseconds of virtual time, from the arguments. Default 50. */
  readonly us?: (args: readonly unknown[]) => number;
  /** Calls back with several values. */
  readonly spread?: (value: unknown) => unknown[];
}

const jobs: readonly Job[] = [
  { key: 'pbkdf2', us: ([, , iterations]) => JOB_US + Math.ceil(Number(iterations) / 2) },
  { key: 'scrypt', us: scryptUs },
  { key: 'hkdf' },
  { key: 'argon2', us: () => 50_000 },
  { key: 'checkPrime' },
  { key: 'generateKey' },
  {
    key: 'generateKeyPair',
    us: () => 1_000,
    spread: (pair) => {
      const { publicKey, privateKey } = pair as Record<string, unknown>;
      return [publicKey, privateKey];
    },
  },
  // Without a callback these are synchronous themselves.
  ...['sign', 'verify', 'diffieHellman', 'decapsulate'].map((key) => ({ key, twin: key })),
];

/** Patches the functions of the thread pool that have a synchronous twin. */
export function cryptoJobPatches(): Patch[] {
  return jobs
    .filter(({ key }) => key in crypto)
    .map((job) => ({
      name: `crypto.${job.key}`,
      target: crypto,
      key: job.key,
      part: 'value',
      make: (original) => jobOf(original as AnyFunction, job),
    }));
}

/** A proxy: `util.promisify` knows some of these by a property of theirs. */
function jobOf(original: AnyFunction, job: Job): AnyFunction {
  const twin = job.twin ?? `${job.key}Sync`;
  return new Proxy(original, {
    apply(target, self, args: unknown[]) {
      const host = currentHost();
      const callback = args.at(-1);
      if (host === undefined || typeof callback !== 'function') return Reflect.apply(target, self, args);
      const given = args.slice(0, -1);
      // Looked up now: the twin may be patched, too.
      const work = (crypto as unknown as Record<string, AnyFunction>)[twin] as AnyFunction;
      const outcome = outcomeOf(() => Reflect.apply(work, crypto, given));
      if ('error' in outcome && isRefusal(outcome.error)) throw outcome.error as Error;
      callBack(host, job, given, outcome, callback as AnyFunction);
      return undefined;
    },
  });
}

function callBack(
  host: HostContext,
  { key, us, spread }: Job,
  args: readonly unknown[],
  outcome: Outcome<unknown>,
  callback: AnyFunction,
): void {
  host.complete(`crypto.${key}`, us?.(args) ?? JOB_US, () => {
    const values =
      'value' in outcome ? [null, ...(spread?.(outcome.value) ?? [outcome.value])] : [outcome.error];
    Reflect.apply(callback, undefined, values);
  });
}

/** Whether Node.js throws this at the call, and does not call back with it. */
function isRefusal(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message: string };
  const isOfJob = String(code).startsWith('ERR_OSSL') || code === 'ERR_CRYPTO_OPERATION_FAILED';
  // Keys are read before the job begins.
  return !isOfJob || /decoder|pem|asn1/i.test(message);
}

function scryptUs([, , , options]: readonly unknown[]): number {
  const given = (options ?? {}) as Record<string, number | undefined>;
  const cost = given['N'] ?? given['cost'] ?? 16_384;
  const blockSize = given['r'] ?? given['blockSize'] ?? 8;
  return JOB_US + Math.ceil((cost * blockSize) / 3);
}
