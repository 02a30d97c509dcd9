// A body that comes in pieces.

import { sleep } from '../scenario/driven.ts';

/** Gives one part after the other, each after some virtual time. */
export function dripping(parts: readonly string[], everyMs: number): ReadableStream<Uint8Array> {
  const bytes = parts.map((part) => new TextEncoder().encode(part));
  return new ReadableStream({
    async pull(controller) {
      const next = bytes.shift();
      if (next === undefined) return controller.close();
      await sleep(everyMs);
      controller.enqueue(next);
    },
  });
}
