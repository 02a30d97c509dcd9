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

/**
 * Calls until there is an answer, so the request must be safe to repeat.
 *
 * @throws {RefusedError} If the answer is a 4xx.
 * @throws {UnknownOutcomeError} If there was none after `attemptsMax` attempts (default 4).
 */
export async function call(method: string, url: string, options: CallOptions = {}): Promise<unknown> {
  const { body, headers, timeoutMs = 1_500, attemptsMax = 4 } = options;
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    if (attempt > 1) await sleep(backoffMs(attempt - 1));
    const answer = await tryOnce(url, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer === undefined || answer.status >= 500) continue;
    if (answer.status >= 400) throw new RefusedError(`${method} ${url}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  throw new UnknownOutcomeError(`${method} ${url}: no answer`);
}

async function tryOnce(
  url: string,
  init: RequestInit,
): Promise<{ status: number; body: unknown } | undefined> {
  try {
    const response = await fetch(url, init);
    return { status: response.status, body: await response.json() };
  } catch {
    return undefined; // Timed out, refused or reset, perhaps in the middle of the answer.
  }
}

/** Doubles from 100 ms to at most 5 s; half of it is random, so that callers do not come back all at once. */
function backoffMs(retry: number): number {
  const delayMs = Math.min(5_000, 100 * 2 ** (retry - 1));
  return delayMs * (0.5 + Math.random() / 2);
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
