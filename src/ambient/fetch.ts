// The global `fetch`: a host's requests go over the simulated network, which the host brings along.

import { type Patch, dispatch, patchMethod } from './patch.ts';

/** Patches `fetch`. */
export function fetchPatches(): Patch[] {
  return [
    patchMethod('fetch', globalThis, 'fetch', (original) =>
      dispatch(original, (host, args) => host.fetch(...(args as Parameters<typeof fetch>))),
    ),
  ];
}
