// Watches one request of undici: aborts it when the headers, or the next piece of the body, take too long.
// undici itself does so with a clock that ticks twice a real second.

import type { HostContext } from '../context.ts';
import type { AnyFunction } from '../patch.ts';
import type { Timeout } from '../timeout.ts';

/** undici's own defaults. */
const HEADERS_MS = 300_000;
const BODY_MS = 300_000;

/** The calls that a handler gets, by the names of undici 6 and of undici 7 and later. */
const BEGINS: readonly string[] = ['onConnect', 'onRequestStart'];
const HEADERS: readonly string[] = ['onHeaders', 'onResponseStart'];
const DATA: readonly string[] = ['onData', 'onResponseData'];
const ENDS: readonly string[] = [
  'onComplete',
  'onResponseEnd',
  'onError',
  'onResponseError',
  'onUpgrade',
  'onRequestUpgrade',
];
const OTHERS: readonly string[] = [
  'onRequestSent',
  'onBodySent',
  'onResponseStarted',
  'onResponseInformation',
];

/** A handler of undici that is told everything and keeps the time. */
export class TimedHandler {
  readonly wrapped: object;
  readonly #host: HostContext;
  #abort: ((reason: Error) => void) | undefined;
  #timer: Timeout | undefined;

  constructor(host: HostContext, handler: object) {
    this.#host = host;
    const wrapped: Record<string, AnyFunction> = {};
    const wrap = (names: readonly string[], before: (args: unknown[]) => void): void => {
      for (const name of names) {
        const method: unknown = Reflect.get(handler, name);
        if (typeof method !== 'function') continue;
        wrapped[name] = (...args) => {
          before(args);
          return Reflect.apply(method, handler, args);
        };
      }
    };
    wrap(BEGINS, ([control]) => this.#begins(control));
    wrap(HEADERS, () => this.#arm(BODY_MS, 'BodyTimeoutError', 'UND_ERR_BODY_TIMEOUT', 'Body'));
    wrap(DATA, () => this.#timer?.refresh());
    wrap(ENDS, () => this.#timer?.close());
    wrap(OTHERS, () => {});
    this.wrapped = wrapped;
  }

  #begins(control: unknown): void {
    this.#abort =
      typeof control === 'function'
        ? (reason) => void Reflect.apply(control, undefined, [reason])
        : (reason) => (control as { abort(reason: Error): void }).abort(reason);
    this.#arm(HEADERS_MS, 'HeadersTimeoutError', 'UND_ERR_HEADERS_TIMEOUT', 'Headers');
  }

  #arm(ms: number, name: string, code: string, what: string): void {
    this.#timer?.close();
    this.#timer = this.#host.timers.setTimeout(() => {
      this.#abort?.(Object.assign(new Error(`${what} Timeout Error`), { name, code }));
    }, ms);
    this.#timer.unref();
  }
}
