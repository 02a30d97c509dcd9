// What becomes of the globals of Node.js on a host: those of the language, of the web, and of Node.js itself.

import type { SurfaceGroup } from './surface-group.ts';

/** All properties of `globalThis`. */
export const globals: readonly SurfaceGroup[] = [
  { fate: 'virtual', names: 'Date', test: 'ambient/date' },
  { fate: 'virtual', names: 'Math', test: 'ambient/randomness', note: '`Math.random`; the rest is pure.' },
  {
    fate: 'virtual',
    names: 'Intl Temporal',
    test: 'ambient/date',
    note: 'Where they read the clock; time zone and locale are those of the process.',
  },
  {
    fate: 'virtual',
    names: 'setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate',
    test: 'ambient/timer-globals',
  },
  { fate: 'virtual', names: 'queueMicrotask', test: 'ambient/ticks' },
  { fate: 'virtual', names: 'AbortSignal', test: 'ambient/abort-signal', note: '`AbortSignal.timeout`.' },
  { fate: 'virtual', names: 'performance', test: 'ambient/process-clock', note: 'Its methods are patched.' },
  { fate: 'virtual', names: 'Event', test: 'ambient/process-clock', note: '`timeStamp`.' },
  { fate: 'virtual', names: 'console', test: 'ambient/console', note: 'Its methods are patched.' },
  { fate: 'virtual', names: 'process', test: 'ambient/process', note: 'See `process` above.' },
  { fate: 'virtual', names: 'fetch', test: 'ambient/fetch' },
  {
    fate: 'virtual',
    names: 'Request Response',
    test: 'ambient/fetch',
    note: 'They also know where they came from, which only `fetch` tells them.',
  },
  {
    fate: 'virtual',
    names: 'WebSocket',
    test: 'conformance/http',
    note: "undici's, over simulated connections.",
  },
  { fate: 'virtual', names: 'MessageChannel', test: 'ambient/message-channel' },
  {
    fate: 'virtual',
    names: 'crypto Crypto SubtleCrypto',
    test: 'ambient/randomness',
    note: 'The methods are patched; see `crypto.subtle`.',
  },
  {
    fate: 'virtual',
    names: 'CompressionStream DecompressionStream',
    test: 'ambient/zlib',
    note: 'They are made of `zlib`.',
  },
  { fate: 'virtual', names: 'Blob File', test: 'ambient/form-bodies', note: '`stream`.' },
  {
    fate: 'virtual',
    names: 'WebAssembly',
    test: 'ambient/web-assembly',
    note: '`compile`, `instantiate` and their streaming twins; the rest is synchronous.',
  },
  { fate: 'virtual', names: 'WeakRef', test: 'ambient/weak', note: 'It keeps its target.' },
  {
    fate: 'virtual',
    names: 'FinalizationRegistry',
    test: 'ambient/weak',
    note: '`register` does nothing: garbage is never collected in a run.',
  },
  {
    fate: 'virtual',
    names: 'navigator Navigator',
    test: 'ambient/machine-readings',
    note: '`hardwareConcurrency` is 1.',
  },
  {
    fate: 'virtual',
    names: 'localStorage sessionStorage',
    test: 'ambient/machine-readings',
    note: 'A host has neither, as on a Node.js without them.',
  },
  { fate: 'trapped', names: 'BroadcastChannel', test: 'ambient/traps' },
  {
    fate: 'pure',
    names: 'Atomics SharedArrayBuffer',
    note: '`Atomics.wait` and `waitAsync` are trapped. Without threads, shared memory is memory.',
  },
  {
    fate: 'pure',
    names: 'PerformanceObserver',
    note: '`observe` is trapped, but for garbage collection, which never happens.',
  },
  {
    fate: 'pure',
    names:
      'Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol ' +
      'Promise RegExp ' +
      'Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError ' +
      'SuppressedError globalThis ' +
      'JSON ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array ' +
      'Float16Array Float32Array ' +
      'Float64Array Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set Iterator ' +
      'WeakMap WeakSet Proxy ' +
      'Reflect decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval ' +
      'isFinite isNaN ' +
      'DisposableStack AsyncDisposableStack',
  },
  { fate: 'pure', names: 'global Buffer structuredClone atob btoa' },
  {
    fate: 'pure',
    names:
      'URL URLSearchParams URLPattern DOMException QuotaExceededError AbortController EventTarget ' +
      'CustomEvent MessageEvent ' +
      'CloseEvent ErrorEvent TextEncoder TextDecoder TextEncoderStream TextDecoderStream FormData ' +
      'Headers EventSource',
  },
  {
    fate: 'pure',
    names:
      'TransformStream TransformStreamDefaultController WritableStream WritableStreamDefaultController ' +
      'WritableStreamDefaultWriter ReadableStream ReadableStreamDefaultReader ReadableStreamBYOBReader ' +
      'ReadableStreamBYOBRequest ReadableByteStreamController ReadableStreamDefaultController ' +
      'ByteLengthQueuingStrategy ' +
      'CountQueuingStrategy',
  },
  {
    fate: 'pure',
    names:
      'MessagePort CryptoKey Storage Performance PerformanceEntry PerformanceMark PerformanceMeasure ' +
      'PerformanceObserverEntryList PerformanceResourceTiming',
    note: 'Classes of what is listed elsewhere.',
  },
];
