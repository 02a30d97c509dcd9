// How services call each other: again and again, with a pause in between, until there is an answer.

/** Whatever is asked this way must be safe to repeat: no answer does not mean that it was not done. */
export async function insist<Answer>(method: string, url: string, body?: unknown): Promise<Answer> {
  for (;;) {
    const answer = await attempt(method, url, body);
    if (answer !== undefined) return answer.value as Answer;
    await sleep(100 + Math.random() * 100);
  }
}

/** @returns undefined where there was no answer, or no good one: timed out, refused, reset, or a 5xx. */
async function attempt(method: string, url: string, body: unknown): Promise<{ value: unknown } | undefined> {
  try {
    const signal = AbortSignal.timeout(500);
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(url, { method, signal, ...content });
    return response.ok ? { value: await response.json() } : undefined;
  } catch {
    return undefined;
  }
}

export function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
