// What a scenario says about a host, and what its code gets from wavetank.

import type { Server } from 'node:http';
import { OptionError } from '../errors.ts';
import { type NodeApp, serverOf } from './node-listener.ts';
import type { Disk } from '../storage/disk.ts';
import type { Store, StoreOptions } from './store.ts';

/** What the factory of a host gets: the things that plain Node.js cannot give. */
export interface Host {
  readonly name: string;
  /** Which life of the host this is, counted from 1. */
  readonly incarnation: number;
  /** The host's disk. It outlives a crash; what was never synced does not. */
  readonly disk: Disk;
  /**
   * Opens a store: immutable state that checks can see as `world.host(name).store()`, and of which a replay
   * knows every change, with the message that caused it.
   *
   * @param initial - Plain data: objects, arrays, maps, sets. It is copied.
   * @throws {OptionError} If the state is no plain data, or this incarnation has a store of that name.
   * @example
   * const bank = host.store<{ balances: Record<string, number> }>({ balances: {} });
   * bank.update((draft) => {
   *   draft.balances['ann'] = 100;
   * });
   */
  store<State extends object>(initial: State, options?: StoreOptions): Store<State>;
  /** Publishes values for checks, which read them as `world.host(name).exports`. */
  expose(exports: Record<string, unknown>): void;
  /** Registers work to do on a graceful stop, before the host ends. */
  onStop(hook: () => void | Promise<void>): void;
  /** Sends a datagram to another host: it may be lost, doubled and overtaken. The payload is copied. */
  send(target: string, payload: unknown, label?: string): void;
  /** Receives datagrams. One receiver a host; a later call replaces it. */
  onMessage(receive: (payload: unknown, from: string) => void | Promise<void>): void;
}

/** Anything that answers a request with a response: a Hono app has this shape. */
export interface FetchHandler {
  fetch(request: Request): Response | Promise<Response>;
}

/** What a booted host does with requests; without `handle` it refuses connections. */
export interface Service {
  readonly handle?: RequestFunction;
  /** In place of `handle`: an HTTP server of Node.js that need not listen. */
  readonly server?: Server;
  /** The only port that accepts connections. Default: every port does. */
  readonly port?: number;
}

/** How a host is made; see `handler`, `daemon` and `virtualService`. */
export interface HostDefinition {
  readonly kind: 'handler' | 'daemon' | 'program' | 'virtual service';
  /** Loads what the host needs before the first run; not part of any run. */
  prepare?(): Promise<void>;
  /** Boots one incarnation. */
  boot(host: Host): Service | Promise<Service>;
}

/** Options of {@link handler}. */
export interface HandlerOptions {
  /** The port that accepts connections, from 1 to 65535. Default: every port does. */
  readonly port?: number;
}

type Factory<Made> = (host: Host) => Made | Promise<Made>;
/** A function of a request. */
export type RequestFunction = (request: Request) => Response | Promise<Response>;

/**
 * Defines a host that answers HTTP requests: a Hono app, an object with a `fetch` method, or a function from
 * `Request` to `Response`; or what answers Node.js' own requests: a listener `(req, res)`, an Express, Koa,
 * Fastify or NestJS app, an `http.Server`. It need not listen.
 *
 * @param factory - Called at each boot, so that a restart begins with fresh state.
 * @throws {OptionError} If `factory` is no function or the port is not one.
 * @example
 * handler(() => {
 *   const app = new Hono();
 *   app.get('/health', (c) => c.text('ok'));
 *   return app;
 * })
 */
export function handler(
  factory: Factory<FetchHandler | RequestFunction>,
  options?: HandlerOptions,
): HostDefinition;
export function handler(factory: Factory<NodeApp>, options?: HandlerOptions): HostDefinition;
export function handler(
  factory: Factory<FetchHandler | RequestFunction | NodeApp>,
  options: HandlerOptions = {},
): HostDefinition {
  checkFactory('handler(factory)', factory);
  const { port } = options;
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    throw OptionError.expected('port', 'an integer from 1 to 65535', port);
  }
  return {
    kind: 'handler',
    async boot(host) {
      const app = await factory(host);
      const server = await serverOf(app);
      const service = server === undefined ? { handle: checkedApp(app) } : { server };
      return port === undefined ? service : { ...service, port };
    },
  };
}

/**
 * Defines a host that is a plain function: a consumer, a poller, a cron job. It serves no HTTP; it can
 * `fetch`, set timers, and exchange datagrams by its `host`.
 *
 * @param main - Called at each boot. The host stays up after it returns; an error it throws crashes the host.
 * @throws {OptionError} If `main` is no function.
 */
export function daemon(main: (host: Host) => void | Promise<void>): HostDefinition {
  checkFactory('daemon(main)', main);
  return {
    kind: 'daemon',
    boot(host) {
      const running = main(host);
      // Not awaited: a daemon that loops for ever has booted all the same. A rejection crashes the host.
      void running;
      return {};
    },
  };
}

function checkFactory(option: string, factory: unknown): void {
  if (typeof factory === 'function') return;
  const hint = 'Pass a function that makes the app, so that a restart begins with fresh state.';
  throw OptionError.expected(option, 'a function', factory, hint);
}

function checkedApp(app: unknown): RequestFunction {
  if (typeof app === 'function') return app as RequestFunction;
  const fetcher = (app as { fetch?: unknown } | null | undefined)?.fetch;
  if (typeof fetcher !== 'function') {
    throw OptionError.expected(
      'what the factory of handler() returned',
      'a function, an object with `fetch`, or an app or server of Node.js',
      app,
    );
  }
  return (request) => (app as FetchHandler).fetch(request);
}
