// What the services of these rows call each other with.

/** Posts JSON. @throws What `fetch` throws; a `TimeoutError` where there is no answer in time. */
export function post(url: string, body: unknown, timeoutMs = 200): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(timeoutMs) });
}

/** Tries until there is an answer. */
export async function insist<Value>(attempt: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await pause(50);
    }
  }
}

/** Waits for virtual milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The first value that is there twice. */
export function repeated(values: readonly string[]): string | undefined {
  return values.find((value, i) => values.indexOf(value) < i);
}
