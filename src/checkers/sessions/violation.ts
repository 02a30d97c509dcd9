// What breaks the promises of a store to its clients, as data and in words.

import type { Operation } from '../../history/operation.ts';
import { inWords } from './access.ts';
import { becauseOf, type Causes } from './causes.ts';
import type { Precedence, SessionGuarantee, TooOldRead } from './visibility.ts';

/** Operations that break what a store promises to its clients. */
export interface SessionViolation {
  /** Which promises cannot all have been kept. None: no store that makes any could have answered so. */
  readonly guarantees: readonly SessionGuarantee[];
  /**
   * As named by Bouajjani and others: a read of what nobody wrote, operations that each follow from the
   * next, a read of the initial value after a write, a read of what had been overwritten, and writes of
   * which each must come before the other.
   */
  readonly kind: 'ThinAirRead' | 'CyclicCO' | 'WriteCOInitRead' | 'WriteCORead' | 'CyclicCF';
  /** The operations that show it, in the order of the message. */
  readonly operations: readonly Operation[];
  readonly message: string;
}

/** So many violations of one sort are told. */
export const TOLD_MAX = 10;

/** What was found not to hold. */
export interface Broken {
  readonly guarantees: readonly SessionGuarantee[];
  /** In words: `monotonic reads`. */
  readonly promise: string;
  readonly causes: Causes;
}

/** A read that answered too old a value; a write of its key that it had to see. */
export function readViolation(
  kind: 'WriteCOInitRead' | 'WriteCORead',
  { read, write }: TooOldRead,
  { guarantees, promise, causes }: Broken,
): SessionViolation {
  const chain = causes.chain(write, read);
  const why = becauseOf(chain);
  return {
    guarantees,
    kind,
    operations: (chain.length === 0 ? [write, read] : chain).map(({ operation }) => operation),
    message: `not ${promise}: ${inWords(read)}, though ${inWords(write)} before it${why}`,
  };
}

/** Writes that each come before the next, the last before the first. */
export function cyclicViolation(
  cycle: readonly Precedence[],
  { guarantees, promise, causes }: Broken,
): SessionViolation {
  const operations = new Set<Operation>();
  const reasons = cycle.map(({ from, to, reason, read }) => {
    const chain = reason === 'overwritten' && read !== undefined ? causes.chain(from, read) : [];
    for (const { operation } of chain) operations.add(operation);
    for (const each of [from, to, read]) if (each !== undefined) operations.add(each.operation);
    if (read === undefined) {
      return reason === 'version'
        ? `${from.shown} is version ${from.version} of ${from.key}, and ${to.shown} version ${to.version}`
        : `${inWords(from)} before ${to.shown} to ${to.key} (operation ${to.operation.id})`;
    }
    return reason === 'follows'
      ? `${inWords(read)} before it wrote ${to.shown} to ${to.key} (operation ${to.operation.id})`
      : `${inWords(read)}, though ${inWords(from)} before it${becauseOf(chain)}`;
  });
  const message = `not ${promise}: ${reasons.join('; ')}`;
  return { guarantees, kind: 'CyclicCF', operations: [...operations], message };
}
