// `AbortSignal.timeout` on a host's timers: Node.js makes it with an internal timer that no patch reaches.

import { type Patch, dispatch, patchMethod, refuseAsNode } from './patch.ts';

const DELAY_MS_MAX = 2 ** 32 - 1;

/** Patches `AbortSignal.timeout`. */
export function abortSignalPatches(): Patch[] {
  return [
    patchMethod('AbortSignal.timeout', AbortSignal, 'timeout', (original) =>
      dispatch(original, (host, args, self) => {
        const delayMs = args[0];
        const isDelay =
          Number.isInteger(delayMs) && (delayMs as number) >= 0 && (delayMs as number) <= DELAY_MS_MAX;
        if (!isDelay) return refuseAsNode(original, self, args);
        const controller = new AbortController();
        const abort = (): void => {
          const message = 'The operation was aborted due to timeout';
          controller.abort(new DOMException(message, 'TimeoutError'));
        };
        host.timers.setTimeout(abort, delayMs).unref();
        return controller.signal;
      }),
    ),
  ];
}
