// The watch: names what the patches and the trap list missed, by the native asynchronous resource that it
// made. On only while a run is recorded, because each promise is told to it.

import { AsyncResource, asyncWrapProviders, createHook } from 'node:async_hooks';
import type { HostContext } from '../context.ts';
import { currentHost } from '../registry.ts';
import { noteEscape } from './trap.ts';

/** Watches until it is stopped. */
export interface NativeWatch {
  /** To be called when an event has settled: judges what could not be judged when it was made. */
  settled(): void;
  stop(): void;
}

/** Native resources that Node.js makes for hosts, and that wait for nothing real. Each with its reason. */
const harmless: ReadonlySet<string> = new Set([
  'PROMISE', // Microtasks are drained with their event.
  'HTTPINCOMINGMESSAGE', // A parser: it works on the bytes that it is given.
  'HTTPCLIENTREQUEST', // The same, for a client.
  'HTTP2SESSION', // Works on the bytes of a simulated socket; its turns of the loop are waited for.
  'HTTP2STREAM', // A part of a session.
  'HTTP2PING', // A part of a session.
  'HTTP2SETTINGS', // A part of a session.
  'JSSTREAM', // What http2 has for a socket that is not native: its bytes come from the simulation.
  'TCPCONNECTWRAP', // A request object that node:net makes; the simulated handle answers it.
  'PIPECONNECTWRAP', // The same, for a socket by path.
  'SHUTDOWNWRAP', // The same, for the end of a stream.
  'WRITEWRAP', // The same, for a write.
  'UDPWRAP', // Made with each `dgram.Socket`, and closed unused.
  'UDPSENDWRAP', // The same, for a datagram.
  'FSREQCALLBACK', // A request object of node:fs: all functions that take one answer for the host's own disk.
  'STREAMPIPE', // Joins two streams of http2.
  'ZLIB', // An engine: its asynchronous writes are patched.
  'BLOBREADER', // Reads a blob in memory; needs microtasks only.
  'DNSCHANNEL', // Made with each `dns.Resolver`; what asks is a QUERYWRAP.
  'ELDHISTOGRAM', // Made for the sake of its arguments, and never started.
  'SIGINTWATCHDOG', // Of the guard around a slice.
  'INSPECTORJSBINDING', // Of a debugger that is attached to the test.
]);

/** Timers that Node.js sets for itself on a host, by the module that sets them. Nothing depends on them. */
const harmlessTimers: readonly RegExp[] = [
  /node:internal\/http:/, // Throws the cached `Date` header away, which is virtual on a host.
  /node:internal\/js_stream_socket:/, // What http2 writes through; its turns are waited for, too.
  /node:internal\/http2\//, // http2 goes on in turns of the real loop, and they are waited for.
];

const WAY_OUT =
  'Something made it that wavetank does not reach: a function that a package took before wavetank came ' +
  '(`node --import wavetank/register` comes first), or a native add-on. Otherwise replace the module ' +
  'in the ' +
  'scenario (`program(..., { replace: ... })`).';

const IMPORT_WAY_OUT =
  'If it was an `import()`: load the module before (`import` it in the scenario), because loading it takes ' +
  `real time. ${WAY_OUT}`;

interface Pending {
  readonly host: HostContext;
  readonly type: string;
  readonly resource: object;
  readonly trace: Error;
}

/** Notes an escape for each native resource that code of a host makes and that is not known as harmless. */
export function watchNativeResources(): NativeWatch {
  const pending: Pending[] = [];
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (harmless.has(type)) return;
      const isTimer = type === 'Timeout' || type === 'Immediate';
      if (!isTimer && !Object.hasOwn(asyncWrapProviders, type)) return;
      // A host's own timers, and whatever code under test calls by such a name.
      if (resource instanceof AsyncResource) return;
      const host = currentHost();
      if (host === undefined || !host.isAlive) return;
      const found = { host, type, resource, trace: here() };
      // Whether it is synchronous is seen once it has begun.
      if (type.endsWith('REQUEST')) pending.push(found);
      else report(found);
    },
    trackPromises: false,
  } as Parameters<typeof createHook>[0]);
  hook.enable();
  return {
    settled() {
      for (const found of pending.splice(0)) if ('ondone' in found.resource) report(found);
    },
    stop() {
      hook.disable();
    },
  };
}

function report({ host, type, trace }: Pending): void {
  const stack: unknown = trace.stack;
  const text = typeof stack === 'string' ? stack : undefined;
  const isTimer = type === 'Timeout' || type === 'Immediate';
  if (isTimer && harmlessTimers.some((each) => each.test(text ?? ''))) return;
  const mayBeImport = type.startsWith('FSREQ') || type === 'MESSAGEPORT';
  const wayOut = mayBeImport ? IMPORT_WAY_OUT : WAY_OUT;
  noteEscape(host, { api: `a native ${type}`, did: `made a native ${type}`, wayOut, stack: text });
}

/** Where it was made; the text is not written before somebody asks. */
function here(): Error {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  const trace = new Error('here');
  Error.stackTraceLimit = stackTraceLimit;
  return trace;
}
