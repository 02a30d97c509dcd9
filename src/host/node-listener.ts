// What a `handler` may return besides a function of a request: everything that answers Node.js' own requests.

import http from 'node:http';

/** A listener as `http.createServer` takes it: an Express app, the callback of Koa. */
export type NodeListener = (request: http.IncomingMessage, response: http.ServerResponse) => unknown;

/** An app that makes a {@link NodeListener}: Koa. */
export interface ListenerSource {
  callback(): NodeListener;
}

/** An app with a server of its own that is ready after a while: Fastify. */
export interface ServerOwner {
  readonly server: http.Server;
  ready(): PromiseLike<unknown>;
}

/** An app of NestJS. */
export interface NestLike {
  init(): Promise<unknown>;
  getHttpServer(): unknown;
}

/** Everything that answers Node.js' own requests. */
export type NodeApp = NodeListener | ListenerSource | ServerOwner | NestLike | http.Server;

/** Finds, or makes, the HTTP server of an app; undefined for what is none of these. */
export async function serverOf(app: unknown): Promise<http.Server | undefined> {
  if (app instanceof http.Server) return app;
  // A function of a request takes one argument, a listener two or, as Express, three.
  if (typeof app === 'function') return app.length >= 2 ? http.createServer(app as NodeListener) : undefined;
  if (typeof app !== 'object' || app === null) return undefined;
  const has = (key: string): boolean => typeof Reflect.get(app, key) === 'function';
  if (has('callback')) return http.createServer((app as ListenerSource).callback());
  if (has('ready') && 'server' in app && app.server instanceof http.Server) {
    await (app as ServerOwner).ready();
    return app.server;
  }
  if (has('init') && has('getHttpServer')) {
    await (app as NestLike).init();
    return (app as NestLike).getHttpServer() as http.Server;
  }
  return undefined;
}
