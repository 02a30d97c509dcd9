// What the cases of `node:http` are made of: a server on the server's machine, and requests of the client's.

import http from 'node:http';
import type net from 'node:net';
import { event, type Stage } from './stage.ts';

/** A server that listens. */
export interface HttpServing {
  readonly server: http.Server;
  readonly port: number;
  /** How many connections it accepted so far. */
  connections: number;
}

interface ServeOptions extends http.ServerOptions {
  readonly timeouts?: Partial<
    Pick<
      http.Server,
      'headersTimeout' | 'requestTimeout' | 'keepAliveTimeout' | 'timeout' | 'maxRequestsPerSocket'
    > & { keepAliveTimeoutBuffer: number }
  >;
}

const REQUEST_EVENTS: readonly string[] = [
  'abort',
  'continue',
  'error',
  'finish',
  'information',
  'response',
  'timeout',
  'close',
];
const MESSAGE_EVENTS: readonly string[] = ['data', 'end', 'aborted', 'error', 'close'];
const RESPONSE_EVENTS: readonly string[] = ['prefinish', 'finish', 'timeout', 'error', 'close'];

/** Serves on the server's machine. */
export async function serveHttp(
  stage: Stage,
  listener: http.RequestListener | undefined,
  { timeouts = {}, ...options }: ServeOptions = {},
): Promise<HttpServing> {
  const serving = await stage.onServer(async () => {
    const server = http.createServer(options, listener);
    Object.assign(server, timeouts);
    const made: HttpServing = { server, port: 0, connections: 0 };
    server.on('connection', () => void made.connections++);
    server.listen(0, '0.0.0.0');
    await event(server, 'listening');
    return Object.assign(made, { port: (server.address() as net.AddressInfo).port });
  });
  stage.after(() =>
    stage.onServer(() => {
      serving.server.closeAllConnections();
      if (serving.server.listening) serving.server.close();
    }),
  );
  return serving;
}

/** Notes all that a server's request and response say. */
export function watchExchange(
  stage: Stage,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  events: readonly string[] = MESSAGE_EVENTS,
): void {
  stage.server.note(`${request.method} ${request.url}`);
  stage.server.watch('request', request, events);
  stage.server.watch('response', response, RESPONSE_EVENTS);
}

/** A pool of connections of the client, which ends with the case. */
export function agentOf(stage: Stage, options: http.AgentOptions = {}): http.Agent {
  const agent = new http.Agent(options);
  stage.after(() => agent.destroy());
  return agent;
}

/** Begins a request of the client, and notes what it says, and what its response says. */
export function ask(
  stage: Stage,
  serving: { port: number },
  { name = 'client', ...options }: http.RequestOptions & { name?: string } = {},
): http.ClientRequest {
  const request = http.request({ host: stage.address, port: serving.port, agent: false, ...options });
  stage.client.watch(name, request, REQUEST_EVENTS);
  request.on('response', (response) => {
    stage.client.note(`${name} ${response.statusCode} ${response.statusMessage}`);
    stage.client.watch(`${name} <`, response, MESSAGE_EVENTS);
  });
  stage.after(() => void request.destroy());
  return request;
}

/** Waits until all is over. @returns the response, if there was one. */
export function answered(request: http.ClientRequest): Promise<http.IncomingMessage | undefined> {
  return new Promise((resolve) => {
    let isAnswered = false;
    request.on('response', (response) => {
      isAnswered = true;
      response.on('close', () => resolve(response));
    });
    request.on('close', () => {
      if (!isAnswered) resolve(undefined);
    });
  });
}

/** Sends bytes as they are, and notes what comes back. */
export async function sendRaw(stage: Stage, socket: net.Socket, text: string): Promise<void> {
  socket.setEncoding('latin1');
  let answer = '';
  socket.on('data', (part) => (answer += String(part)));
  socket.on('error', (error: NodeJS.ErrnoException) => stage.client.note(`error ${error.code}`));
  const closed = event(socket, 'close');
  socket.write(text);
  await closed;
  stage.client.note(dateless(answer));
}

/** Headers in the order in which they came. */
export function headersOf(message: http.IncomingMessage): string {
  const { rawHeaders } = message;
  const lines: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return dateless(lines.join(', '));
}

function dateless(text: string): string {
  return text.replaceAll(/Date: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g, 'Date: DATE');
}
