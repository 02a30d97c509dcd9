// Randomness: `Math.random`, the random functions of node:crypto, and Web Crypto's.

import crypto, { webcrypto } from 'node:crypto';
import process from 'node:process';
import type { HostContext } from './context.ts';
import { type AnyFunction, type Patch, dispatch, ownerOf, patchMethod, refuseAsNode } from './patch.ts';
import { drawBytes, drawInteger, drawUuidV4, drawUuidV7 } from './random-values.ts';
import { currentHost } from './registry.ts';

/**
 * Patches the sources of randomness.
 *
 * Determinism: all consume the calling host's stream; one draw for each 4 bytes or part of them, one (below
 * 2^32) or two for each try of `randomInt`, four for a UUID.
 *
 * Arguments are judged by Node.js: each replacement calls the synchronous original first, whose own result it
 * overwrites or throws away.
 */
export function randomnessPatches(): Patch[] {
  const cryptoMethod = (
    key: string,
    virtual: (host: HostContext, args: unknown[], original: AnyFunction) => unknown,
  ): Patch =>
    patchMethod(`crypto.${key}`, crypto, key, (original) =>
      dispatch(original, (host, args) => virtual(host, args, original)),
    );
  const byteMakers = ['randomBytes', 'pseudoRandomBytes', 'prng', 'rng'].filter((key) => key in crypto);
  const uuidV7 = 'randomUUIDv7' in crypto ? [cryptoMethod('randomUUIDv7', withUuid(drawUuidV7))] : [];
  return [
    patchMethod('Math.random', Math, 'random', dispatchedRandom),
    ...byteMakers.map((key) => cryptoMethod(key, randomBytes)),
    cryptoMethod('randomFillSync', randomFillSync),
    cryptoMethod('randomFill', randomFill),
    cryptoMethod('randomInt', randomInt),
    cryptoMethod('randomUUID', withUuid(drawUuidV4)),
    ...uuidV7,
    webMethod('getRandomValues', (host, [array]) => {
      drawBytes(host, bytesOf(array as NodeJS.ArrayBufferView));
      return array;
    }),
    webMethod('randomUUID', (host) => drawUuidV4(host)),
  ];
}

function dispatchedRandom(original: AnyFunction): AnyFunction {
  return function random(): number {
    const host = currentHost();
    return host === undefined ? (original() as number) : host.random.double();
  };
}

/** `crypto.webcrypto` and the global `crypto` are one object; its prototype reaches captured ones too. */
function webMethod(key: string, virtual: (host: HostContext, args: unknown[]) => unknown): Patch {
  return patchMethod(`webcrypto.${key}`, ownerOf(webcrypto, key), key, (original) =>
    dispatch(original, (host, args, self) => {
      Reflect.apply(original, self, args);
      return virtual(host, args);
    }),
  );
}

function withUuid(draw: (host: HostContext) => string) {
  return (host: HostContext, args: unknown[], original: AnyFunction): string => {
    Reflect.apply(original, crypto, args);
    return draw(host);
  };
}

function randomBytes(host: HostContext, args: unknown[], original: AnyFunction): Buffer | undefined {
  const [size, callback] = args;
  const isWrong = callback !== undefined && typeof callback !== 'function';
  if (isWrong) refuseAsNode(original, crypto, args);
  const bytes = Reflect.apply(original, crypto, [size]) as Buffer;
  drawBytes(host, bytes);
  return callLater(host, callback, bytes);
}

function randomInt(host: HostContext, args: unknown[], original: AnyFunction): number | undefined {
  const at = args.findIndex((arg, index) => index > 0 && typeof arg === 'function');
  const bounds = at === -1 ? args : args.slice(0, at);
  Reflect.apply(original, crypto, bounds);
  const [first, second] = bounds as [number, number | undefined];
  const [min, max] = second === undefined ? [0, first] : [first, second];
  const drawn = min + drawInteger(host, max - min);
  if (at === -1) return drawn;
  // Node.js keeps a cache for this one: it calls back in a tick, and with undefined for the error.
  process.nextTick(args[at] as AnyFunction, undefined, drawn);
  return undefined;
}

function randomFillSync(host: HostContext, args: unknown[], original: AnyFunction): unknown {
  const [buffer, offset, size] = args;
  Reflect.apply(original, crypto, args);
  drawBytes(host, bytesOf(buffer as NodeJS.ArrayBufferView, offset as number, size as number | undefined));
  return buffer;
}

function randomFill(host: HostContext, args: unknown[], original: AnyFunction): void {
  const at = args.findIndex((arg) => typeof arg === 'function');
  if (at < 1 || at > 3) {
    refuseAsNode(original, crypto, args);
  }
  const [buffer, offset, size] = args.slice(0, at);
  crypto.randomFillSync(buffer as NodeJS.ArrayBufferView, offset as number, size as number);
  callLater(host, args[at], buffer);
}

/** Gives the value, or calls back with it as Node.js' thread pool would: not before the next loop turn. */
function callLater<T>(host: HostContext, callback: unknown, value: T): T | undefined {
  if (typeof callback !== 'function') return value;
  host.timers.setImmediate(callback, [null, value]);
  return undefined;
}

/** The bytes of a buffer; offset and size count elements, as `randomFill` has them. */
function bytesOf(buffer: NodeJS.ArrayBufferView | ArrayBuffer, offset = 0, size?: number): Uint8Array {
  const elementSize = (buffer as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
  const [memory, start] = ArrayBuffer.isView(buffer) ? [buffer.buffer, buffer.byteOffset] : [buffer, 0];
  const length = size === undefined ? buffer.byteLength - offset * elementSize : size * elementSize;
  return new Uint8Array(memory, start + offset * elementSize, length);
}
