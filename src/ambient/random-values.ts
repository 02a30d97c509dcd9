// Draws the values that node:crypto and Web Crypto hand out from a host's stream.

import type { HostContext } from './context.ts';

/** Fills bytes. Determinism: one draw for each 4 bytes or part of them. */
export function drawBytes(host: HostContext, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += 4) {
    let draw = host.random.uint32();
    for (let i = at; i < at + 4 && i < bytes.length; i++) {
      bytes[i] = draw;
      draw >>>= 8;
    }
  }
}

/**
 * Draws an integer from 0 to `range - 1`, each equally likely; `range` is at most 2^48 - 1.
 *
 * Determinism: one draw a try below 2^32, two above; a try that would favour the low values is repeated.
 */
export function drawInteger(host: HostContext, range: number): number {
  const isNarrow = range <= 2 ** 32;
  const limit = isNarrow ? 2 ** 32 : 2 ** 48;
  const fair = limit - (limit % range);
  for (;;) {
    const high = host.random.uint32();
    const draw = isNarrow ? high : high * 2 ** 16 + (host.random.uint32() >>> 16);
    if (draw < fair) return draw % range;
  }
}

/** Draws a UUID of version 4. Determinism: four draws. */
export function drawUuidV4(host: HostContext): string {
  return uuidText(host, 4);
}

/** Draws a UUID of version 7, beginning with the host's wall clock. Determinism: four draws. */
export function drawUuidV7(host: HostContext): string {
  return uuidText(host, 7, host.clock.wallMs());
}

function uuidText(host: HostContext, version: number, timestampMs?: number): string {
  const bytes = Buffer.alloc(16);
  drawBytes(host, bytes);
  if (timestampMs !== undefined) bytes.writeUIntBE(timestampMs, 0, 6);
  bytes[6] = (version << 4) | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
