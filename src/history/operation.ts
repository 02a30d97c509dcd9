// Operations: what clients did and what came of it, as in Jepsen. Plain data.

/** How an operation ended. `info`: nobody knows whether it had an effect. */
export type OutcomeType = 'ok' | 'fail' | 'info';

/** All of them. */
export const OUTCOME_TYPES: readonly OutcomeType[] = ['ok', 'fail', 'info'];

/** One operation of a client, with a closed interval of virtual time. */
export interface Operation {
  readonly id: number;
  readonly client: string;
  readonly name: string;
  readonly input: unknown;
  readonly invokedMs: number;
  /** `pending` while the run ended before it did. */
  readonly type: OutcomeType | 'pending';
  readonly endedMs?: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** What an operation gives back to the client's code. */
export interface Outcome<Value> {
  readonly type: OutcomeType;
  /** What `run` returned, for `ok`, and for responses that were no success. */
  readonly value?: Value;
  /** What `run` threw. */
  readonly error?: unknown;
}

/** Errors after which the request certainly had no effect: it was never received. */
const NEVER_RECEIVED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Classifies what a client's call returned: 2xx and 3xx are `ok`, 4xx `fail`, 5xx `info`; other values
 * `ok`.
 */
export function outcomeOfValue<Value>(value: Value): Outcome<Value> {
  if (!(value instanceof Response) || value.status < 400) return { type: 'ok', value };
  return { type: value.status < 500 ? 'fail' : 'info', value };
}

/** Classifies what a client's call threw; `undefined` for an error that is a bug of the caller's own code. */
export function outcomeOfError(error: unknown): Outcome<never> | undefined {
  if (isProgrammingError(error)) return undefined;
  const code = codeOf(error) ?? codeOf((error as { cause?: unknown } | undefined)?.cause);
  return { type: code !== undefined && NEVER_RECEIVED.has(code) ? 'fail' : 'info', error };
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** An assertion, or an error that no network makes. */
function isProgrammingError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'AssertionError' || codeOf(error) === 'ERR_ASSERTION') return true;
  // A SyntaxError is what `response.json()` throws for a body that is no JSON: the other side did that.
  if (error instanceof ReferenceError || error instanceof RangeError) return true;
  if (!(error instanceof TypeError)) return false;
  // What `fetch` throws has a cause, an address that is none among it: but that was the caller's.
  return error.cause === undefined || error.message.startsWith('Failed to parse URL');
}
