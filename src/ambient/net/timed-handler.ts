// Watches one request of undici: aborts it when the headers, or the next piece of the body, take too long.
// undici itself does so with a clock that ticks twice a real second.

import type { HostContext } from '../context.ts';
import type { AnyFunction } from '../patch.ts';
import type { Timeout } from '../timeout.ts';

/** undici's own defaults. */
const HEADERS_MS = 300_000;
const BODY_MS = 300_000;

type Step = 'begins' | 'hasHeaders' | 'goesOn' | 'ends' | 'isOther';

/** What each call to a handler says, by the names of undici 6 and of undici 7 and later. */
const CALLS: readonly (readonly [name: string, step: Step])[] = [
  ['onConnect', 'begins'],
  ['onRequestStart', 'begins'],
  ['onHeaders', 'hasHeaders'],
  ['onResponseStart', 'hasHeaders'],
  ['onData', 'goesOn'],
  ['onResponseData', 'goesOn'],
  ['onComplete', 'ends'],
  ['onResponseEnd', 'ends'],
  ['onError', 'ends'],
  ['onResponseError', 'ends'],
  ['onUpgrade', 'ends'],
  ['onRequestUpgrade', 'ends'],
  ['onRequestSent', 'isOther'],
  ['onBodySent', 'isOther'],
  ['onResponseStarted', 'isOther'],
  ['onResponseInformation', 'isOther'],
];

type Handler = Readonly<Record<string, unknown>>;

/** A handler of undici that keeps the time and passes everything on. */
class TimedHandler {
  readonly handler: Handler;
  readonly #host: HostContext;
  #abort: ((reason: Error) => void) | undefined;
  #timer: Timeout | undefined;

  constructor(host: HostContext, handler: Handler) {
    this.#host = host;
    this.handler = handler;
  }

  begins(control: unknown): void {
    this.#abort =
      typeof control === 'function'
        ? (reason) => void Reflect.apply(control, undefined, [reason])
        : (reason) => (control as { abort(reason: Error): void }).abort(reason);
    this.#arm(HEADERS_MS, 'HeadersTimeoutError', 'UND_ERR_HEADERS_TIMEOUT', 'Headers');
  }

  hasHeaders(): void {
    this.#arm(BODY_MS, 'BodyTimeoutError', 'UND_ERR_BODY_TIMEOUT', 'Body');
  }

  goesOn(): void {
    this.#timer?.refresh();
  }

  ends(): void {
    this.#timer?.close();
  }

  isOther(): void {}

  #arm(ms: number, name: string, code: string, what: string): void {
    this.#timer?.close();
    this.#timer = this.#host.timers.setTimeout(() => {
      this.#abort?.(Object.assign(new Error(`${what} Timeout Error`), { name, code }));
    }, ms);
    this.#timer.unref();
  }
}

/** One class for all handlers that take the same calls; its key has a bit for each of them. */
const classes = new Map<number, typeof TimedHandler>();

/** Gives a handler that takes the calls that `handler` takes: undici looks which these are. */
export function timedHandler(host: HostContext, handler: object): object {
  const calls = handler as Handler;
  let taken = 0;
  for (const [i, [name]] of CALLS.entries()) if (typeof calls[name] === 'function') taken |= 1 << i;
  let Class = classes.get(taken);
  if (Class === undefined) classes.set(taken, (Class = classFor(taken)));
  return new Class(host, calls);
}

function classFor(taken: number): typeof TimedHandler {
  class Taking extends TimedHandler {}
  for (const [i, [name, step]] of CALLS.entries()) {
    if ((taken & (1 << i)) === 0) continue;
    const call = function (this: Taking, ...args: unknown[]): unknown {
      this[step](args[0]);
      return (this.handler[name] as AnyFunction)(...args);
    };
    Object.defineProperty(Taking.prototype, name, { value: call });
  }
  return Taking;
}
