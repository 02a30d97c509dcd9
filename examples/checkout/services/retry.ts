// How services call each other: a timeout on every attempt, then exponential backoff with jitter.

/** The other side decided against it: an answer with a status of 4xx. Asking again would not help. */
export class RefusedError extends Error {}

/** No attempt was answered. Each of them may have been executed, or may be executed later. */
export class UnknownOutcomeError extends Error {}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly timeoutMs?: number;
  readonly attemptsMax?: number;
}

/** Calls another service until there is an answer. */
export type Call = (method: string, url: string, options?: CallOptions) => Promise<unknown>;

/** One attempt, by whatever HTTP client a service uses. `undefined`: no answer, or not a whole one. */
export type Attempt = (request: {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly timeoutMs: number;
}) => Promise<{ status: number; body: unknown } | undefined>;

/**
 * Makes a function that calls until there is an answer, so that the request must be safe to repeat. It throws
 * a {@link RefusedError} if the answer is a 4xx, and an {@link UnknownOutcomeError} if there was none after
 * `attemptsMax` attempts (default 4).
 */
export function callsBy(attempt: Attempt): Call {
  return async (method, url, options = {}) => {
    const { body, headers = {}, timeoutMs = 1_500, attemptsMax = 4 } = options;
    for (let attempts = 1; attempts <= attemptsMax; attempts++) {
      if (attempts > 1) await sleep(backoffMs(attempts - 1));
      const answer = await attempt({
        method,
        url,
        ...(body === undefined ? { headers } : withJson(headers, body)),
        timeoutMs,
      });
      if (answer === undefined || answer.status >= 500) continue;
      if (answer.status >= 400) throw new RefusedError(`${method} ${url}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    }
    throw new UnknownOutcomeError(`${method} ${url}: no answer`);
  };
}

function withJson(headers: Record<string, string>, body: unknown) {
  return { headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** Calls by `fetch`. */
export const call: Call = callsBy(async ({ url, timeoutMs, ...request }) => {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { ...request, signal });
    return { status: response.status, body: await response.json() };
  } catch {
    return undefined; // Timed out, refused or reset, perhaps in the middle of the answer.
  }
});

/** Doubles from 100 ms to at most 5 s; half of it is random, so that callers do not come back all at once. */
function backoffMs(retry: number): number {
  const delayMs = Math.min(5_000, 100 * 2 ** (retry - 1));
  return delayMs * (0.5 + Math.random() / 2);
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
