// `fetch` as code on a host calls it: finds the host behind the URL, follows redirects, obeys the signal.

import { markRedirected } from '../ambient/fetch-objects.ts';
import { hashBytes, hashText } from '../random/hash.ts';
import { Exchange, portOf, type PreparedRequest } from './exchange.ts';
import { fetchFailed, outOfDescriptors, lookupError } from './fetch-errors.ts';
import type { ResponseWaiter } from './exchange-client.ts';
import { obstacleTo, type Obstacle } from './fetch-lookup.ts';
import type { Incarnation } from './incarnation.ts';
import type { HostMachine } from './machine.ts';

/** What `fetch` takes, in the words of Node.js' own types. */
type FetchInput = Parameters<typeof fetch>[0];
type FetchBody = RequestInit['body'];

const REDIRECTS_MAX = 20;
const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Headers that Node.js' fetch adds to every request. */
const CLIENT_HEADERS: readonly (readonly [string, string])[] = [
  ['accept', '*/*'],
  ['accept-language', '*'],
  ['sec-fetch-mode', 'cors'],
  ['user-agent', 'node'],
];

/**
 * Answers a `fetch` of code on `client`. Code of an incarnation that has ended waits for ever.
 *
 * Written with callbacks: while contexts are tracked, each promise on the way costs as much as an event.
 */
export function fetchFrom(
  client: Incarnation,
  { input, init, overSockets }: FetchArguments,
): Promise<Response> {
  if (speaksTcp(client, urlOf(input))) return overSockets(input, init);
  return new Promise((resolve, reject) => {
    const signal = signalOf(input, init);
    const call: Call = { client, signal, body: init?.body, overSockets, resolve, reject };
    send(call, prepare(input, init), 0);
  });
}

/** What `fetch` was called with, and Node.js' own, for servers that listen on sockets. */
export interface FetchArguments {
  readonly input: FetchInput;
  readonly init: RequestInit | undefined;
  readonly overSockets: typeof fetch;
}

/** What one `fetch` keeps in mind over its redirects. */
interface Call extends ResponseWaiter {
  readonly client: Incarnation;
  readonly signal: AbortSignal | undefined;
  readonly body: FetchBody;
  readonly overSockets: typeof fetch;
}

function send(call: Call, prepared: PreparedRequest, redirects: number): void {
  const { client, signal, reject } = call;
  if (!client.isAlive) return;
  if (signal?.aborted === true) return reject(signal.reason);
  const { hostname } = prepared.url;
  const port = portOf(prepared.url);
  const server = findServer(client, hostname);
  if (server?.speaksTcp(port) === true) return sendOverSockets(call, prepared);
  const obstacle = obstacleTo(client, server, { hostname, port });
  if (obstacle !== undefined)
    return overcome(call, obstacle, () => connect(call, server, prepared, redirects));
  connect(call, server, prepared, redirects);
}

/** Waits for what stands in the way, and goes on if that is not the end. */
function overcome({ client, signal, reject }: Call, obstacle: Obstacle, goOn: () => void): void {
  const { what, afterUs, error } = obstacle;
  signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  client.complete(what, afterUs, () => {
    if (signal?.aborted === true) return;
    if (error === undefined) goOn();
    else reject(fetchFailed(error));
  });
}

function connect(
  call: Call,
  server: HostMachine | undefined,
  prepared: PreparedRequest,
  redirects: number,
): void {
  const { client, signal, reject } = call;
  if (server === undefined) return reject(fetchFailed(lookupError(prepared.url.hostname)));
  const exchange = new Exchange(client, server, prepared);
  if (needsConnection(client, exchange) && client.isOutOfDescriptors())
    return reject(fetchFailed(outOfDescriptors(exchange.peer)));
  exchange.clientSide.begin({
    resolve: (response) => received(call, prepared, response, redirects),
    reject,
  });
  signal?.addEventListener('abort', () => exchange.clientSide.giveUp(signal.reason), { once: true });
}

/** Whether there is no connection to the server, or each one is busy with another request. */
function needsConnection(client: Incarnation, exchange: Exchange): boolean {
  if (client.machine.lacksDescriptors === undefined) return false;
  return !exchange.isConnected || [...client.requesting].some(({ server }) => server === exchange.server);
}

/** A server that is no function of a request redirected to one that listens on sockets. */
function sendOverSockets({ overSockets, signal, resolve, reject }: Call, { request }: PreparedRequest): void {
  const arrived = (response: Response): void => {
    markRedirected(response);
    resolve(response);
  };
  overSockets(request, signal === undefined ? undefined : { signal }).then(arrived, reject);
}

/** Whether the server behind a URL listens on sockets. What is no URL is refused further on. */
function speaksTcp(client: Incarnation, url: URL | undefined): boolean {
  if (url === undefined) return false;
  // `data:` and `blob:` need no server.
  if (!isHttp(url)) return url.protocol === 'data:' || url.protocol === 'blob:';
  return findServer(client, url.hostname)?.speaksTcp(portOf(url)) === true;
}

function urlOf(input: FetchInput): URL | undefined {
  if (input instanceof URL) return input;
  try {
    return new URL(typeof input === 'string' ? input : input.url);
  } catch {
    return undefined;
  }
}

function received(call: Call, prepared: PreparedRequest, response: Response, redirects: number): void {
  const location = REDIRECT_STATUSES.has(response.status) ? response.headers.get('location') : null;
  const { redirect } = prepared.request;
  if (location === null || redirect === 'manual') {
    if (redirects > 0) markRedirected(response);
    return call.resolve(response);
  }
  try {
    if (redirect === 'error') throw fetchFailed(new Error('unexpected redirect'));
    if (redirects === REDIRECTS_MAX) throw fetchFailed(new Error('redirect count exceeded'));
    send(call, redirected(prepared, response.status, location, call.body), redirects + 1);
  } catch (error) {
    call.reject(error);
  }
}

function signalOf(input: FetchInput, init: RequestInit | undefined): AbortSignal | undefined {
  if (init?.signal !== undefined) return init.signal ?? undefined;
  return input instanceof Request ? input.signal : undefined;
}

function findServer(client: Incarnation, hostname: string): HostMachine | undefined {
  if (hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]') return client.machine;
  return client.machine.park.find(hostname) ?? client.machine.park.findByAddress(hostname);
}

function prepare(input: FetchInput, init: RequestInit | undefined): PreparedRequest {
  // The signal stays with the client: the server gets one of its own.
  const request = withoutFragment(
    new Request(input, init?.signal == null ? init : { ...init, signal: null }),
  );
  const url = new URL(request.url);
  if (!isHttp(url)) {
    throw fetchFailed(
      new Error(`unknown scheme: simulated hosts answer http: and https:, got "${url.protocol}"`),
    );
  }
  addClientHeaders(request, url.host);
  const bodyHash = hashInMemory(input, init);
  const spare = bodyHash === undefined ? spareOf(request, init?.body) : undefined;
  const content = bodyHash === undefined ? undefined : weighed(init?.body);
  return { request, url, label: `${request.method} ${url.pathname}`, bodyHash, content, spare };
}

function addClientHeaders({ headers }: Request, host: string): void {
  for (const [name, value] of CLIENT_HEADERS) if (!headers.has(name)) headers.append(name, value);
  if (!headers.has('host')) headers.append('host', host);
}

/** A copy, in case that a redirect asks for the same body again: what only a stream cannot give. */
function spareOf(request: Request, body: FetchBody): Request | undefined {
  const isStream = typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
  return isStream || request.body === null || request.redirect !== 'follow' ? undefined : request.clone();
}

/** A fragment never leaves the client. */
function withoutFragment(request: Request): Request {
  const at = request.url.indexOf('#');
  return at === -1 ? request : new Request(request.url.slice(0, at), request);
}

/** The hash of a body that is whole already, or `undefined`: then it has to be read. */
function hashInMemory(input: FetchInput, init: RequestInit | undefined): number | undefined {
  const body = init?.body;
  if (typeof body === 'string') return hashText(body);
  if (body instanceof URLSearchParams) return hashText(body.toString());
  if (body instanceof Uint8Array) return hashBytes(body);
  if (body == null) return input instanceof Request && input.body !== null ? undefined : 0;
  return undefined;
}

/** A body that is in memory, as it is sent. */
function weighed(body: FetchBody): string | Uint8Array | undefined {
  return body instanceof URLSearchParams
    ? body.toString()
    : ((body ?? undefined) as string | Uint8Array | undefined);
}

function redirected(
  previous: PreparedRequest,
  status: number,
  location: string,
  body: FetchBody,
): PreparedRequest {
  const { request, url, bodyHash, spare } = previous;
  const target = targetOf(location, url);
  const headers = new Headers(request.headers);
  headers.delete('host');
  if (target.origin !== url.origin) for (const name of ['authorization', 'cookie']) headers.delete(name);
  const becomesGet = status === 303 ? request.method !== 'HEAD' : status < 303 && request.method === 'POST';
  const { method, redirect } = request;
  if (!becomesGet) {
    if (bodyHash !== undefined) return prepare(target, { method, headers, redirect, body: body ?? null });
    if (spare === undefined) throw fetchFailed(new Error('redirect of a request whose body is a stream'));
    return prepare(
      new Request(target, { method, headers, redirect, body: spare.body, duplex: 'half' }),
      undefined,
    );
  }
  for (const name of ['content-type', 'content-length', 'content-encoding', 'content-language'])
    headers.delete(name);
  return prepare(target, { method: 'GET', headers, redirect });
}

function targetOf(location: string, url: URL): URL {
  let target: URL;
  try {
    target = new URL(location, url);
  } catch (error) {
    throw fetchFailed(error);
  }
  if (isHttp(target)) return target;
  throw fetchFailed(new Error('URL scheme must be a HTTP(S) scheme'));
}

function isHttp({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}
