// Takes down what a service is asked and what it answers, as operations of a history: what a model of the
// service is compared with. It sits between the service and its host, and changes nothing.

import type { World } from 'wavetank';
import type { Operation } from 'wavetank/checkers';

interface Service {
  fetch(request: Request): Response | Promise<Response>;
}

/** The input of such an operation. Its name is the method of the request. */
export interface Asked {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The value of such an operation, whatever the status: a refusal tells something as well. */
export interface Answered {
  readonly status: number;
  readonly body: string;
}

/**
 * A service, and every request that it got: each is an operation of a client of its own, from its arrival to
 * its answer. Times are counted in events, since the clock of a host may be wrong.
 */
export class Recorded {
  readonly #service: Service;
  readonly #operations: Operation[] = [];
  #moment = 0;

  constructor(service: Service) {
    this.#service = service;
  }

  /** A method, not a property: what was asked is no state that a change of it should be noticed in. */
  history(): readonly Operation[] {
    return this.#operations;
  }

  readonly handle = async (request: Request): Promise<Response> => {
    const id = this.#operations.length;
    const { method: name, url, headers } = request;
    const began = { id, client: `request ${id}`, name, invokedMs: this.#moment++ };
    const input: Asked = { path: new URL(url).pathname, headers: Object.fromEntries(headers), body: '' };
    this.#operations.push({ ...began, input, type: 'pending' });
    const asked: Asked = { ...input, body: await request.clone().text() };
    const response = await this.#service.fetch(request);
    const value: Answered = { status: response.status, body: await response.clone().text() };
    this.#operations[id] = { ...began, input: asked, type: 'ok', endedMs: this.#moment++, value };
    return response;
  };
}

/** What a host recorded, which exposes it as `requests`. */
export function requestsTo(world: World, host: string): readonly Operation[] {
  return (world.host(host).exports?.['requests'] as Recorded | undefined)?.history() ?? [];
}
