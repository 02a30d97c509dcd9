// What a simulation knows of `Request` and `Response` objects beyond what they know themselves: the text a
// response was made of, the URL it came from, the signal that tells a server of a client that went away.

import { STATUS_CODES } from 'node:http';
import { bodyOf } from './form-bodies.ts';
import { dispatch, patchGetter, patchValue, type Patch } from './patch.ts';
import { currentHost } from './registry.ts';

/** Where a response came from. */
export interface ResponseOrigin {
  readonly url: string;
  isRedirected: boolean;
}

/** Returns the object it is given, so that a class can extend it and add private fields to that object. */
const Given = function (object: object): object {
  return object;
} as unknown as new (object: object) => object;

/**
 * A private field on an object of somebody else: nobody sees it, and it lives as long as the object. A
 * `WeakMap` would do, but one with many short-lived keys doubles what the garbage collector costs.
 */
class ResponseNote extends Given {
  #text: string | undefined;
  #origin: ResponseOrigin | undefined;

  static of(response: Response): ResponseNote {
    const object: object = response;
    return #text in object ? object : new ResponseNote(object);
  }

  static text(response: object): string | undefined {
    return #text in response ? response.#text : undefined;
  }

  static origin(response: object): ResponseOrigin | undefined {
    return #text in response ? response.#origin : undefined;
  }

  static setText(response: Response, text: string): void {
    ResponseNote.of(response).#text = text;
  }

  static setOrigin(response: Response, origin: ResponseOrigin): void {
    ResponseNote.of(response).#origin = origin;
  }
}

class RequestNote extends Given {
  readonly #signal: () => AbortSignal;

  constructor(request: Request, signal: () => AbortSignal) {
    super(request);
    this.#signal = signal;
  }

  static signal(request: object): AbortSignal | undefined {
    return #signal in request ? request.#signal() : undefined;
  }
}

/**
 * The whole body of a response, if a host made it of text and nobody read it: so it need not be read back.
 */
export function unreadText(response: Response): string | undefined {
  return response.bodyUsed ? undefined : ResponseNote.text(response);
}

/** Tells a response where it came from; `fetch` is the only other one that can. */
export function setOrigin(response: Response, origin: ResponseOrigin): void {
  ResponseNote.setOrigin(response, origin);
}

/** Marks a response as the end of a redirect. */
export function markRedirected(response: Response): void {
  const origin = ResponseNote.origin(response);
  if (origin !== undefined) origin.isRedirected = true;
}

/** Gives a request, as its server sees it, a signal of its own: made when it is first read. */
export function setServerSignal(request: Request, signal: () => AbortSignal): void {
  void new RequestNote(request, signal);
}

/** Patches `Response` and the accessors of both classes. */
export function fetchObjectPatches(): Patch[] {
  const patched = patchedResponse(Response);
  const { prototype } = Response;
  return [
    patchValue('Response', globalThis, 'Response', patched),
    patchValue('Response.prototype.constructor', prototype, 'constructor', patched),
    patchGetter('Response.prototype.url', prototype, 'url', (original) =>
      dispatch(
        original,
        (_, __, self) => ResponseNote.origin(self as object)?.url ?? Reflect.apply(original, self, []),
      ),
    ),
    patchGetter('Response.prototype.redirected', prototype, 'redirected', (original) =>
      dispatch(
        original,
        (_, __, self) =>
          ResponseNote.origin(self as object)?.isRedirected ?? Reflect.apply(original, self, []),
      ),
    ),
    patchGetter('Response.prototype.type', prototype, 'type', (original) =>
      dispatch(original, (_, __, self) =>
        ResponseNote.origin(self as object) !== undefined ? 'basic' : Reflect.apply(original, self, []),
      ),
    ),
    // Node.js' server writes the standard text where a handler gives none.
    patchGetter('Response.prototype.statusText', prototype, 'statusText', (original) =>
      dispatch(original, (_, __, self) => {
        const text = Reflect.apply(original, self, []) as string;
        if (text !== '' || ResponseNote.origin(self as object) === undefined) return text;
        return STATUS_CODES[(self as Response).status] ?? 'unknown';
      }),
    ),
    patchGetter('Request.prototype.signal', Request.prototype, 'signal', (original) =>
      dispatch(
        original,
        (_, __, self) => RequestNote.signal(self as object) ?? Reflect.apply(original, self, []),
      ),
    ),
  ];
}

/** `Response`, noting the text of those that a host makes. */
function patchedResponse(real: typeof Response): typeof Response {
  const make = (body: string, rest: unknown[], newTarget: typeof Response): Response => {
    const response = Reflect.construct(real, [body, ...rest], newTarget) as Response;
    ResponseNote.setText(response, body);
    return response;
  };
  const json = (...args: Parameters<typeof Response.json>): Response => {
    const [data, init] = args;
    const text = currentHost() === undefined ? undefined : JSON.stringify(data);
    // Without a text, Node.js throws what it always throws.
    if (text === undefined) return real.json(...args);
    const response = make(text, [init], real);
    const isTyped = init?.headers !== undefined && new Headers(init.headers).has('content-type');
    if (!isTyped) response.headers.set('content-type', 'application/json');
    return response;
  };
  const patched: typeof Response = new Proxy(real, {
    construct(target, args: unknown[], newTarget) {
      const [body, ...rest] = args;
      // With the proxy as its new.target, V8 would give each response a hidden class of its own.
      const maker = newTarget === patched ? target : (newTarget as typeof Response);
      if (typeof body === 'string' && currentHost() !== undefined) return make(body, rest, maker);
      return Reflect.construct(target, [bodyOf(body), ...rest], maker) as object;
    },
    get: (target, key) => (key === 'json' ? json : (Reflect.get(target, key) as unknown)),
  });
  return patched;
}
