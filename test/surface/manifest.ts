// What becomes of Node.js on a host, as data: every module, and the exports of those modules that are mixed.
// `docs/node-surface.md` is made of it and of globals.ts, and surface.test.ts holds them against Node.js.

import { mixedModules } from './mixed-modules.ts';
import type { Surface, SurfaceGroup } from './surface-group.ts';

const pure = (note?: string): SurfaceGroup[] => [
  { fate: 'pure', names: '*', ...(note === undefined ? {} : { note }) },
];
const virtual = (test: string, note: string): SurfaceGroup[] => [{ fate: 'virtual', names: '*', test, note }];
const trapped = (note: string): SurfaceGroup[] => [
  { fate: 'trapped', names: '*', test: 'ambient/traps', note },
];

const tcp = 'The classes of Node.js over simulated connections.';
const http = 'The HTTP of Node.js over simulated connections.';

/** Modules of which all has one fate, without `node:`. */
const wholeModules: Surface = {
  _http_agent: virtual('conformance/http', http),
  _http_client: virtual('conformance/http', http),
  _http_common: virtual('conformance/http', http),
  _http_incoming: virtual('conformance/http', http),
  _http_outgoing: virtual('conformance/http', http),
  _http_server: virtual('conformance/http', http),
  _stream_duplex: pure(),
  _stream_passthrough: pure(),
  _stream_readable: pure(),
  _stream_transform: pure(),
  _stream_wrap: pure(),
  _stream_writable: pure(),
  _tls_common: virtual('conformance/tls', 'The cryptography is left out.'),
  _tls_wrap: virtual('conformance/tls', 'The cryptography is left out.'),
  assert: pure(),
  'assert/strict': pure(),
  async_hooks: pure('Asynchronous ids are those of the process: they differ from run to run.'),
  buffer: pure('`Blob.stream` needs no turn of the real event loop on a host.'),
  console: virtual('ambient/console', 'Printed lines are kept with the trace of a recorded run.'),
  constants: pure(),
  dgram: virtual('conformance/dgram', 'Datagrams of the simulated network.'),
  diagnostics_channel: pure(),
  dns: virtual('ambient/dns', 'The names are those of the scenario.'),
  'dns/promises': virtual('ambient/dns', 'The names are those of the scenario.'),
  domain: trapped('Deprecated; it takes the uncaught exceptions of the whole process.'),
  events: pure(),
  ffi: trapped('`dlopen` and `DynamicLibrary`; without a library the rest has nothing to work on.'),
  fs: virtual('ambient/files', "The host's own disk, with the project readable through it."),
  'fs/promises': virtual('ambient/files', "The host's own disk, with the project readable through it."),
  http: virtual('conformance/http', http),
  http2: virtual('conformance/http2', 'The HTTP/2 of Node.js over simulated connections.'),
  https: virtual('conformance/http', 'As `http`; the cryptography is left out.'),
  net: virtual('conformance/net', tcp),
  os: virtual('ambient/os', 'The name and the addresses of the host; nothing of the real machine.'),
  path: pure('`resolve` asks `process.cwd`.'),
  'path/posix': pure(),
  'path/win32': pure(),
  punycode: pure(),
  querystring: pure(),
  quic: pure('Only behind a flag; the watch names its endpoints.'),
  readline: pure('It works on the streams that it is given.'),
  'readline/promises': pure('It works on the streams that it is given.'),
  sea: pure(),
  stream: pure('Without a clock and without chance.'),
  'stream/consumers': pure(),
  'stream/iter': pure(),
  'stream/promises': pure(),
  'stream/web': pure('`CompressionStream` is virtual: see the globals.'),
  string_decoder: pure(),
  sys: pure(),
  test: pure('For tests, not for what they test.'),
  'test/reporters': pure(),
  timers: virtual('ambient/timer-globals', 'In virtual time, by the rules of Node.js.'),
  'timers/promises': virtual('ambient/timer-promises', 'In virtual time, by the rules of Node.js.'),
  tls: virtual('conformance/tls', 'The cryptography is left out.'),
  url: pure(),
  util: pure('`promisify` of timers gives those of `timers/promises`.'),
  'util/types': pure(),
  wasi: trapped('It has clocks, randomness and files of its own.'),
  'zlib/iter': pure('Only behind a flag.'),
};

/** All modules, without `node:`, by their names. */
export const modules: Surface = Object.fromEntries(
  Object.entries({ ...wholeModules, ...mixedModules }).toSorted(([left], [right]) => (left < right ? -1 : 1)),
);
