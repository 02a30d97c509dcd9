// Asynchronous zlib: each write to an engine of zlib goes to the thread pool. On a host the engine works at
// once, and says so in virtual time. Streams, one-shot functions and `CompressionStream` all end here.

import zlib from 'node:zlib';
import type { HostContext } from './context.ts';
import { type AnyFunction, type Patch, dispatch, patchMethod } from './patch.ts';

/** What handing work to a thread and back takes on a host. */
const HANDOVER_US = 20;
/** Bytes for each microsecond of work. */
const BYTES_PER_US = 50;

interface Engine {
  onerror: (...args: unknown[]) => void;
  writeSync: AnyFunction;
}

/** Patches `write` of the engines below zlib, Brotli and Zstandard. */
export function zlibPatches(): Patch[] {
  const makers = [zlib.createGzip, zlib.createBrotliCompress, zlib.createBrotliDecompress].concat(
    ['createZstdCompress', 'createZstdDecompress'].flatMap(
      (key) => (zlib as unknown as Record<string, typeof zlib.createGzip>)[key] ?? [],
    ),
  );
  const patches = new Map<object, Patch>();
  for (const make of makers) {
    const { engine, onWritten } = probe(make);
    patches.set(
      engine,
      patchMethod('zlib write', engine, 'write', (original) =>
        dispatch(original, (host, args, self) => write(host, self as Engine, args, onWritten)),
      ),
    );
  }
  return [...patches.values()];
}

/** Finds the prototype of an engine, and what Node.js calls when one has written. */
function probe(make: () => unknown): { engine: object; onWritten: AnyFunction } {
  const { _handle: handle } = make() as { _handle: object };
  const engine = Object.getPrototypeOf(handle) as { init: AnyFunction };
  const { init } = engine;
  let onWritten: AnyFunction | undefined;
  engine.init = function (...args) {
    onWritten = args.find((arg) => typeof arg === 'function') as AnyFunction;
    return Reflect.apply(init, this, args);
  };
  try {
    (make() as { close: () => void }).close();
  } finally {
    engine.init = init;
  }
  if (onWritten === undefined) throw new TypeError('no engine of zlib tells when it has written');
  return { engine, onWritten };
}

function write(host: HostContext, engine: Engine, args: unknown[], onWritten: AnyFunction): void {
  const [, , , length] = args as [number, unknown, number, number];
  const { onerror } = engine;
  let failure: unknown[] | undefined;
  // No event target: Node.js sets this property, and its C++ calls it.
  // oxlint-disable-next-line unicorn/prefer-add-event-listener
  engine.onerror = (...error) => (failure = error);
  try {
    Reflect.apply(engine.writeSync, engine, args);
  } finally {
    // oxlint-disable-next-line unicorn/prefer-add-event-listener
    engine.onerror = onerror;
  }
  const us = HANDOVER_US + Math.ceil(length / BYTES_PER_US);
  host.complete('zlib', us, () => {
    if (failure === undefined) Reflect.apply(onWritten, engine, []);
    else Reflect.apply(onerror, engine, failure);
  });
}
