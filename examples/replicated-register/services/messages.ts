// What nodes and clients say to each other: JSON over HTTP, and a time-out on every request.

/** What the register holds. Each write has a number; one that is older than what is there changes nothing. */
export interface Entry {
  readonly number: number;
  readonly text: string;
}

/** What is written with a number. */
export function textOf(number: number): string {
  return `text ${number}`;
}

/** The nodes, in the order of their rank. */
export const NODES = ['alpha', 'beta', 'gamma'] as const;

/** The port on which each of them listens. */
export const PORT = 7000;

/** An answer, or `undefined` where there was none in time. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Asks a node. Without an answer nobody knows whether it did what it was asked for. */
export async function ask(
  node: string,
  { method, path, body, timeoutMs }: { method: string; path: string; body?: unknown; timeoutMs: number },
): Promise<Answer | undefined> {
  try {
    const response = await fetch(`http://${node}:${PORT}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, body: await response.json() };
  } catch {
    return undefined;
  }
}

/** Answers clients of a node that does not lead: ask that one. */
export function notHere(leader: string | undefined): Response {
  return Response.json({ leader }, { status: 421 });
}
