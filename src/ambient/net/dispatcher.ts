// The HTTP client below `fetch` is undici, bundled with Node.js. Each host has its own: pools never cross
// hosts, and the time-outs that undici measures with a clock of its own are kept in virtual time.

import net from 'node:net';
import tls from 'node:tls';
import type { HostContext } from '../context.ts';
import { type Patch, patchValue } from '../patch.ts';
import { currentHost } from '../registry.ts';
import { timedHandler } from './timed-handler.ts';

/** What fetch asks of a dispatcher. */
export interface Dispatcher {
  dispatch(options: unknown, handler: object): boolean;
}

type DispatcherClass = new (options: object) => Dispatcher;
type Connected = (error: Error | null, socket: net.Socket | null) => void;

interface ConnectOptions {
  readonly hostname: string;
  readonly host?: string;
  readonly protocol: string;
  readonly port: string | number;
  readonly servername?: string | null;
  readonly localAddress?: string | null;
}

/** undici's own default. */
const CONNECT_MS = 10_000;
const realClearResourceTimings = performance.clearResourceTimings.bind(performance);
const GLOBAL_DISPATCHERS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')];

const dispatchers = new WeakMap<HostContext, Dispatcher>();

/** Patches the dispatchers that copies of undici share by way of the global object. */
export function dispatcherPatches(): Patch[] {
  loadUndici();
  return GLOBAL_DISPATCHERS.filter((key) => key in globalThis).map((key) => {
    const real = Reflect.get(globalThis, key) as object;
    const perHost = new Proxy(real, {
      get(target, property) {
        const host = currentHost();
        const own = host === undefined || key !== newestKey() ? target : dispatcherOf(host);
        const value: unknown = Reflect.get(own, property, own);
        return typeof value === 'function' && own !== target ? value.bind(own) : value;
      },
    });
    return patchValue(`globalThis[${String(key)}]`, globalThis, key, perHost);
  });
}

/** The HTTP client of a host. */
export function dispatcherOf(host: HostContext): Dispatcher {
  let dispatcher = dispatchers.get(host);
  if (dispatcher === undefined) dispatchers.set(host, (dispatcher = makeDispatcher(host)));
  return dispatcher;
}

let Agent: DispatcherClass | undefined;

/** Node.js loads undici when something of it is used for the first time. */
function loadUndici(): void {
  void globalThis.Response;
  Agent ??= (Reflect.get(globalThis, newestKey()) as object).constructor as DispatcherClass;
}

function newestKey(): symbol {
  return GLOBAL_DISPATCHERS.findLast((key) => key in globalThis) ?? Symbol.for('undici.globalDispatcher.1');
}

/** Makes an agent of the undici that is bundled with Node.js. */
export function undiciAgent(options: object): Dispatcher {
  loadUndici();
  return new (Agent as DispatcherClass)(options);
}

function makeDispatcher(host: HostContext): Dispatcher {
  const agent = undiciAgent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options: ConnectOptions, connected: Connected) => connect(host, options, connected),
  });
  return {
    dispatch(options, handler) {
      // Each `fetch` leaves an entry in a list of the process; when that is full, a turn of the real event
      // loop is taken to say so.
      realClearResourceTimings();
      return agent.dispatch(options, timedHandler(host, handler));
    },
  };
}

/** Opens a connection as undici does. */
function connect(host: HostContext, options: ConnectOptions, connected: Connected): net.Socket {
  const { hostname, protocol, servername, localAddress } = options;
  const isSecure = protocol === 'https:';
  const port = Number(options.port) || (isSecure ? 443 : 80);
  const place = { host: hostname, port, ...(localAddress == null ? {} : { localAddress }) };
  const socket: net.Socket = isSecure
    ? tls.connect({ ...place, servername: servername ?? hostname, ALPNProtocols: ['http/1.1'] })
    : net.connect(place);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  const timer = host.timers.setTimeout(() => socket.destroy(connectTimeout(hostname, port)), CONNECT_MS);
  let isDecided = false;
  const decide = (error: Error | null): void => {
    timer.close();
    if (isDecided) return;
    isDecided = true;
    connected(error, error === null ? socket : null);
  };
  socket.once(isSecure ? 'secureConnect' : 'connect', () => decide(null));
  return socket.on('error', decide);
}

function connectTimeout(hostname: string, port: number): Error {
  const attempted = `attempted address: ${hostname}:${port}, timeout: ${CONNECT_MS}ms`;
  const error = new Error(`Connect Timeout Error (${attempted})`);
  return Object.assign(error, { name: 'ConnectTimeoutError', code: 'UND_ERR_CONNECT_TIMEOUT' });
}
