// Third parties as msw handlers: a payment provider, a mail gateway, whatever answers HTTP and is not ours.

import { checkKeys, EnvironmentError, OptionError } from '../errors.ts';
import type { Host, HostDefinition } from '../host/definition.ts';
import { checkRateLimit, rateLimit, type RateLimitOptions } from '../host/rate-limit.ts';

/** What a factory returns: handlers of msw, of whichever version is installed. */
type Handlers = readonly object[];
type GetResponse = (handlers: Handlers, request: Request) => Promise<Response | undefined>;

/** Options of {@link virtualService}. */
export interface VirtualServiceOptions {
  /** How many requests it takes; what is more is answered 429 with `Retry-After`. Default: any number. */
  readonly rateLimit?: RateLimitOptions;
}

/**
 * Defines a third party by msw handlers (msw 2.10 and later, and 3; an optional peer dependency).
 *
 * @param factory - Makes the handlers; called at each boot, because `once` and generators keep state in them.
 * @param options.rateLimit - Turns away what is too much, before any handler is asked. Default: nothing.
 * @throws {OptionError} If `factory` is no function, or an option is unknown or out of range.
 * @throws {EnvironmentError} Before the first run, if msw is not installed.
 * @example
 * virtualService(() => [
 *   http.post('https://api.cards.test/charges', () => HttpResponse.json({ id: 'ch-1' })),
 * ])
 */
export function virtualService(
  factory: (host: Host) => Handlers,
  options: VirtualServiceOptions = {},
): HostDefinition {
  if (typeof factory !== 'function')
    throw OptionError.expected('virtualService(factory)', 'a function', factory);
  checkKeys('virtualService', options, ['rateLimit']);
  if (options.rateLimit !== undefined) checkRateLimit(options.rateLimit);
  let getResponse: GetResponse | undefined;
  return {
    kind: 'virtual service',
    async prepare() {
      getResponse ??= await loadGetResponse();
    },
    boot(host) {
      const handlers = factory(host);
      if (!Array.isArray(handlers)) {
        throw OptionError.expected(
          'what the factory of virtualService() returned',
          'a list of handlers',
          handlers,
        );
      }
      const limited = options.rateLimit === undefined ? undefined : rateLimit(options.rateLimit);
      return {
        async handle(request) {
          const refusal = limited?.(request);
          if (refusal !== undefined) return refusal;
          // msw consumes the body of the request it is given.
          const response = await getResponse?.(handlers, request.clone());
          return response ?? noHandler(host.name, request);
        },
      };
    },
  };
}

async function loadGetResponse(): Promise<GetResponse> {
  try {
    const { getResponse } = (await import('msw')) as unknown as { getResponse: GetResponse };
    return getResponse;
  } catch (error) {
    const refusal = new EnvironmentError('virtualService() needs msw: run `npm install --save-dev msw`.');
    throw Object.assign(refusal, { cause: error });
  }
}

/** A mistake in the scenario, so it is loud: an unhandled rejection, which crashes the virtual service. */
function noHandler(host: string, request: Request): Response {
  const { pathname } = new URL(request.url);
  const what = `${request.method} ${pathname}`;
  const text = `the virtual service "${host}" has no handler for ${what}; add one to it`;
  void Promise.reject(new EnvironmentError(text));
  return new Response(text, { status: 501 });
}
