// A real HTTP server on the loopback interface that answers with a fetch handler, as adapters of frameworks
// do.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

/** A function from request to response. */
export type Handle = (request: Request) => Response | Promise<Response>;

/** Serves while a body of code runs. */
export async function withRealServer<Value>(
  handle: Handle,
  body: (base: string) => Promise<Value>,
): Promise<Value> {
  const server = createServer((incoming, outgoing) => void answer(handle, incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    await close(server);
  }
}

/** A port of the loopback interface on which nobody listens. */
export async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await close(server);
  return port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(handle: Handle, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  try {
    const hangUp = new AbortController();
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) hangUp.abort();
    });
    const response = await answerOf(handle, incoming, hangUp.signal);
    if (response.type === 'error') incoming.socket.resetAndDestroy();
    else await send(response, outgoing);
  } catch {
    // The body failed, or its reader went away.
    incoming.socket.resetAndDestroy();
  }
}

async function answerOf(handle: Handle, incoming: IncomingMessage, signal: AbortSignal): Promise<Response> {
  const { method = 'GET', url = '/', headers } = incoming;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const request = new Request(`http://${headers.host}${url}`, {
    method,
    signal,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...(hasBody
      ? { body: Readable.toWeb(incoming) as unknown as ReadableStream, duplex: 'half' as const }
      : {}),
  });
  try {
    return await handle(request);
  } catch {
    return new Response('Internal Server Error', { status: 500 });
  }
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const { status, statusText, headers, body } = response;
  for (const [name, value] of headers) if (name !== 'set-cookie') outgoing.setHeader(name, value);
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  outgoing.writeHead(status, statusText === '' ? undefined : statusText);
  outgoing.flushHeaders();
  if (body !== null && outgoing.req.method !== 'HEAD') {
    const readable = Readable.fromWeb(body);
    const closed = new Promise((resolve) => outgoing.once('close', resolve));
    void closed.then(() => readable.destroy());
    for await (const part of readable) {
      if (!outgoing.write(part))
        await Promise.race([closed, new Promise((resolve) => outgoing.once('drain', resolve))]);
    }
  }
  outgoing.end();
}
