// How the systems of this folder call each other.

export const sleep = (delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });

/** Asks once. @returns undefined where no answer came, or a 5xx. */
export async function ask(url: string, body?: unknown, method = 'POST'): Promise<Response | undefined> {
  try {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(url, { method, signal: AbortSignal.timeout(100), ...content });
    return response.status < 500 ? response : undefined;
  } catch {
    return undefined;
  }
}

/** Asks until an answer comes. */
export async function insist(url: string, body?: unknown, method = 'POST'): Promise<Response> {
  for (;;) {
    const response = await ask(url, body, method);
    if (response !== undefined) return response;
    await sleep(50);
  }
}

export const bodyOf = async <Body>(request: Request): Promise<Body> => (await request.json()) as Body;
export const done = (status = 200): Response => new Response(null, { status });
export const pathOf = (request: Request): string => new URL(request.url).pathname;
