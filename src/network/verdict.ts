// What may become of a message, and the rules that decide it.

import { checkedUsFromMs } from '../time/duration.ts';
import { OptionError } from '../errors.ts';
import type { MessageView } from './message.ts';

/** Error codes with which the network can answer a connection attempt or an exchange. */
export type NetworkErrorCode = 'ECONNREFUSED' | 'ECONNRESET' | 'ETIMEDOUT' | 'EHOSTUNREACH' | 'ENETUNREACH';

/** What becomes of a message. */
export type Verdict =
  /** It arrives, `extraUs` later than the calm network would bring it; `undefined`: as the link decides. */
  | { readonly kind: 'deliver'; readonly extraUs: number | undefined; readonly againAfterUs?: number }
  /** It never arrives, and its sender is not told. */
  | { readonly kind: 'drop' }
  /** It does not arrive, and its sender is told so by an error. */
  | { readonly kind: 'fail'; readonly code: NetworkErrorCode };

/** Decides about a message, or passes by returning `undefined`. The first rule that does not pass wins. */
export type NetworkRule = (message: MessageView) => Verdict | undefined;

function deliver(options: { delayMs?: number } = {}): Verdict {
  const extraUs = options.delayMs === undefined ? undefined : checkedUsFromMs('delayMs', options.delayMs);
  return { kind: 'deliver', extraUs };
}

function drop(): Verdict {
  return { kind: 'drop' };
}

function duplicate(options: { afterMs: number }): Verdict {
  return { kind: 'deliver', extraUs: undefined, againAfterUs: checkedUsFromMs('afterMs', options.afterMs) };
}

function fail(code: NetworkErrorCode): Verdict {
  if (!ERROR_CODES.includes(code))
    throw OptionError.expected('code', `one of ${ERROR_CODES.join(', ')}`, code);
  return { kind: 'fail', code };
}

function reset(): Verdict {
  return fail('ECONNRESET');
}

function refuse(): Verdict {
  return fail('ECONNREFUSED');
}

/** @throws {OptionError} If a rule returned something else. */
export function checkVerdict(value: Verdict): Verdict {
  const kind: unknown = (value as Verdict | null)?.kind;
  if (kind === 'deliver' || kind === 'drop' || kind === 'fail') return value;
  const hint = 'Rules are synchronous.';
  throw OptionError.expected(
    'what a network rule returned',
    'made by `verdict`, or undefined to pass',
    value,
    hint,
  );
}

const ERROR_CODES: readonly NetworkErrorCode[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
];

/**
 * The verdicts a network rule can return.
 *
 * - `deliver({ delayMs })`: it arrives, `delayMs` after the link's base latency (default: as the link
 *   decides).
 * - `drop()`: it never arrives; a request or response takes its whole exchange with it.
 * - `duplicate({ afterMs })`: it arrives twice, if it is of a kind that can (datagrams, idempotent requests).
 * - `reset()`, `refuse()`, `fail(code)`: the sender or the client gets this error.
 */
export const verdict: {
  readonly deliver: typeof deliver;
  readonly drop: typeof drop;
  readonly duplicate: typeof duplicate;
  readonly reset: typeof reset;
  readonly refuse: typeof refuse;
  readonly fail: typeof fail;
} = { deliver, drop, duplicate, reset, refuse, fail };
