// Whether a history is causally consistent: what follows from something is seen only together with it.

import { OptionError } from '../../errors.ts';
import type { Operation } from '../../history/operation.ts';
import type { SessionOptions } from './access.ts';
import { cycles } from './arbitration.ts';
import { Causes } from './causes.ts';
import { judge, type SessionJudgement } from './guarantees.ts';
import { cyclicViolation, readViolation, TOLD_MAX, type Broken } from './violation.ts';
import type { SessionGuarantee } from './visibility.ts';

const ALL: readonly SessionGuarantee[] = [
  'read your writes',
  'monotonic reads',
  'monotonic writes',
  'writes follow reads',
];

/** How causal consistency is meant. */
export interface CausalOptions extends SessionOptions {
  /**
   * `CC`, causal consistency: each read answers a write of which no later one, by cause, is among its causes.
   * Clients may see concurrent writes in different orders, and so may one client, one after the other.
   * `CCv`, causal convergence: there is besides one order of all writes, the same for all; what replicated
   * stores that converge keep. Default: `CC`. The third of its kind, causal memory (`CM`), is not decided.
   */
  readonly variant?: 'CC' | 'CCv';
}

/**
 * Decides whether a history of reads and writes is causally consistent: by the patterns that are in every
 * history that is not, and in no other.
 *
 * The same histories as for {@link sessionGuarantees}: distinct values, each client in its order.
 *
 * Source: On Verifying Causal Consistency (Bouajjani, Enea, Guerraoui and Hamza, POPL 2017): CyclicCO,
 * ThinAirRead, WriteCOInitRead and WriteCORead for `CC`, CyclicCF besides for `CCv`. Differs in that the
 * clock is asked whether a read ended before its write began.
 *
 * @throws {HistoryError} If the history is malformed, a client did two things at once, an operation is
 *   neither a read nor a write, or two writes of a key have one value.
 * @throws {OptionError} If there is no such variant.
 */
export function causallyConsistent(
  history: readonly Operation[],
  options: CausalOptions = {},
): SessionJudgement {
  const { variant = 'CC' } = options;
  if (variant !== 'CC' && variant !== 'CCv') throw OptionError.expected('variant', '`CC` or `CCv`', variant);
  return judge(history, options, (accesses, visibility) => {
    const kept = new Set(ALL);
    const { precedences, initialReads, staleReads } = visibility.of(kept);
    const promise = variant === 'CC' ? 'causally consistent' : 'causally convergent';
    const broken: Broken = { guarantees: ALL, promise, causes: new Causes(accesses, kept) };
    return [
      ...initialReads.slice(0, TOLD_MAX).map((each) => readViolation('WriteCOInitRead', each, broken)),
      ...staleReads.slice(0, TOLD_MAX).map((each) => readViolation('WriteCORead', each, broken)),
      ...(variant === 'CC' ? [] : cycles(accesses, precedences).map((each) => cyclicViolation(each, broken))),
    ];
  });
}
