// Watches one request of undici: aborts it when the headers, or the next piece of the body, take too long.
// undici itself does so with a clock that ticks twice a real second.

import type { HostContext } from '../context.ts';
import type { AnyFunction } from '../patch.ts';
import type { Timeout } from '../timeout.ts';

/** undici's own default, for the headers as for each piece of the body. */
const TIMEOUT_MS = 300_000;

/** What is said where something does not come in time, as undici says it. */
interface LateError {
  readonly message: string;
  readonly name: string;
  readonly code: string;
}

const HEADERS_LATE: LateError = {
  message: 'Headers Timeout Error',
  name: 'HeadersTimeoutError',
  code: 'UND_ERR_HEADERS_TIMEOUT',
};
const BODY_LATE: LateError = {
  message: 'Body Timeout Error',
  name: 'BodyTimeoutError',
  code: 'UND_ERR_BODY_TIMEOUT',
};

/** The calls to a handler, by the names of undici 6 and of undici 7 and later. */
type CallName =
  | 'onConnect'
  | 'onRequestStart'
  | 'onHeaders'
  | 'onResponseStart'
  | 'onData'
  | 'onResponseData'
  | 'onComplete'
  | 'onResponseEnd'
  | 'onError'
  | 'onResponseError'
  | 'onUpgrade'
  | 'onRequestUpgrade'
  | 'onRequestSent'
  | 'onBodySent'
  | 'onResponseStarted'
  | 'onResponseInformation';

/** It takes some of the calls; no other is made. */
type Handler = Readonly<Record<CallName, AnyFunction>>;

/** Keeps the time of one request that a handler hears of. */
class TimedHandler {
  readonly handler: Handler;
  readonly #host: HostContext;
  #abort: ((reason: Error) => void) | undefined;
  #lateError = HEADERS_LATE;
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
    this.#lateError = HEADERS_LATE;
    this.#timer?.close();
    this.#timer = this.#host.timers.setTimeout(() => this.#isLate(), TIMEOUT_MS);
    this.#timer.unref();
  }

  hasHeaders(): void {
    this.#lateError = BODY_LATE;
    this.#timer?.refresh();
  }

  goesOn(): void {
    this.#timer?.refresh();
  }

  ends(): void {
    this.#timer?.close();
  }

  #isLate(): void {
    const { message, name, code } = this.#lateError;
    this.#abort?.(Object.assign(new Error(message), { name, code }));
  }
}

/**
 * Passes on what it hears. Each call is written out: to call by a name that varies is slow, and a request
 * makes ten calls.
 */
class PassingHandler extends TimedHandler implements Readonly<Record<CallName, AnyFunction>> {
  onConnect(...args: unknown[]): unknown {
    this.begins(args[0]);
    return this.handler.onConnect(...args);
  }

  onRequestStart(...args: unknown[]): unknown {
    this.begins(args[0]);
    return this.handler.onRequestStart(...args);
  }

  onHeaders(...args: unknown[]): unknown {
    this.hasHeaders();
    return this.handler.onHeaders(...args);
  }

  onResponseStart(...args: unknown[]): unknown {
    this.hasHeaders();
    return this.handler.onResponseStart(...args);
  }

  onData(...args: unknown[]): unknown {
    this.goesOn();
    return this.handler.onData(...args);
  }

  onResponseData(...args: unknown[]): unknown {
    this.goesOn();
    return this.handler.onResponseData(...args);
  }

  onComplete(...args: unknown[]): unknown {
    this.ends();
    return this.handler.onComplete(...args);
  }

  onResponseEnd(...args: unknown[]): unknown {
    this.ends();
    return this.handler.onResponseEnd(...args);
  }

  onError(...args: unknown[]): unknown {
    this.ends();
    return this.handler.onError(...args);
  }

  onResponseError(...args: unknown[]): unknown {
    this.ends();
    return this.handler.onResponseError(...args);
  }

  onUpgrade(...args: unknown[]): unknown {
    this.ends();
    return this.handler.onUpgrade(...args);
  }

  onRequestUpgrade(...args: unknown[]): unknown {
    this.ends();
    return this.handler.onRequestUpgrade(...args);
  }

  onRequestSent(...args: unknown[]): unknown {
    return this.handler.onRequestSent(...args);
  }

  onBodySent(...args: unknown[]): unknown {
    return this.handler.onBodySent(...args);
  }

  onResponseStarted(...args: unknown[]): unknown {
    return this.handler.onResponseStarted(...args);
  }

  onResponseInformation(...args: unknown[]): unknown {
    return this.handler.onResponseInformation(...args);
  }
}

const CALL_NAMES = Object.getOwnPropertyNames(PassingHandler.prototype).filter(
  (name) => name !== 'constructor',
) as CallName[];

/** One class for all handlers that take the same calls; its key has a bit for each of them. */
const classes = new Map<number, typeof TimedHandler>();

/** Gives a handler that takes the calls that `handler` takes: undici looks which these are. */
export function timedHandler(host: HostContext, handler: object): object {
  const calls = handler as Handler;
  let taken = 0;
  for (let i = 0; i < CALL_NAMES.length; i++)
    if (typeof calls[CALL_NAMES[i] as CallName] === 'function') taken |= 1 << i;
  let Class = classes.get(taken);
  if (Class === undefined) classes.set(taken, (Class = classFor(taken)));
  return new Class(host, calls);
}

function classFor(taken: number): typeof TimedHandler {
  class Taking extends TimedHandler {}
  for (const [i, name] of CALL_NAMES.entries()) {
    const call = PassingHandler.prototype[name];
    if ((taken & (1 << i)) !== 0) Object.defineProperty(Taking.prototype, name, { value: call });
  }
  return Taking;
}
