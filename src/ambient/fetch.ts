// The global `fetch`: a host's requests go over the simulated network, as messages to what is a function of a
// request, and over sockets to what listens on them.

import { type Patch, dispatch, patchMethod } from './patch.ts';
import { dispatcherOf } from './net/dispatcher.ts';

type Fetch = typeof fetch;

/** Patches `fetch`. */
export function fetchPatches(): Patch[] {
  return [
    patchMethod('fetch', globalThis, 'fetch', (original) =>
      dispatch(original, (host, args) => {
        const overSockets: Fetch = (input, init) => {
          // The option is undici's own.
          const options = { dispatcher: dispatcherOf(host), ...init };
          return Reflect.apply(original, globalThis, [input, options]) as ReturnType<Fetch>;
        };
        const [input, init] = args as Parameters<Fetch>;
        return host.fetch(input, init, overSockets);
      }),
    ),
  ];
}
