// What stops a host at the call, as data: which functions, and what to do instead. What else Node.js has, and
// what becomes of it, is in the table of surface.ts.

/** Functions and classes of one module that cannot be made deterministic. */
export interface TrapEntry {
  /** A built-in module without `node:`, or `globalThis`. */
  readonly module: string;
  /** Paths from there: `fork`, `Session.prototype.connect`. Those that this Node.js has not are left out. */
  readonly keys: readonly string[];
  /** What to do about it, as one or more sentences. */
  readonly wayOut: string;
  /** Which calls are stopped. Default: all. */
  readonly when?: (args: readonly unknown[], self: unknown) => boolean;
}

/** The way out for a whole module. */
export function replaced(module: string): string {
  const option = `{ replace: { "node:${module}": ... } }`;
  return `Replace it in the scenario (\`program(..., ${option})\`), or move it out of the service.`;
}

const inspecting = 'Attach the inspector to the test process instead (`node --inspect-brk --test ...`).';
const diagnosing = 'Take it in the test, around `simulate`, or leave it out of what the scenario runs.';
const identity =
  'It would change the process of the test. Leave it out of what the scenario runs, or replace the module ' +
  'that calls it (`program(..., { replace: ... })`).';
const randomKey =
  "The randomness is OpenSSL's own. Give the service a key that was made before (in `env`, or a file " +
  'of the ' +
  'project).';

/** The bindings behind `process.binding` that open no handle and read no clock. */
const harmlessBindings = new Set(
  'buffer config constants contextify http_parser icu inspector js_stream natives os url util uv v8'.split(
    ' ',
  ),
);

/** The modules that are loaded for the sake of their traps; none of them prints or costs anything. */
export const trapList: readonly TrapEntry[] = [
  {
    module: 'child_process',
    keys: ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'],
    wayOut: replaced('child_process'),
  },
  // What `util.promisify(exec)` and functions taken earlier end in.
  { module: 'child_process', keys: ['ChildProcess.prototype.spawn'], wayOut: replaced('child_process') },
  {
    module: 'worker_threads',
    keys: ['Worker', 'postMessageToThread'],
    wayOut:
      'A thread runs beside the simulation. Call the code of the worker directly, or replace the module ' +
      '(`program(..., { replace: { "node:worker_threads": ... } })`).',
  },
  {
    module: 'worker_threads',
    keys: ['BroadcastChannel'],
    wayOut: 'Within one program, an `EventEmitter` or a `MessageChannel` does the same.',
  },
  {
    module: 'globalThis',
    keys: ['BroadcastChannel'],
    wayOut: 'Within one program, an `EventEmitter` or a `MessageChannel` does the same.',
  },
  {
    module: 'worker_threads',
    keys: ['locks.request', 'locks.query', 'moveMessagePortToContext'],
    wayOut: replaced('worker_threads'),
  },
  {
    module: 'cluster',
    keys: ['fork', 'setupPrimary', 'setupMaster', 'disconnect'],
    wayOut:
      'Let the scenario have one host for each worker, and its `program` be the file that a worker runs.',
  },
  {
    module: 'inspector',
    keys: [
      'open',
      'close',
      'url',
      'waitForDebugger',
      'Session.prototype.connect',
      'Session.prototype.connectToMainThread',
    ],
    wayOut: inspecting,
  },
  { module: 'process', keys: ['_debugProcess', '_debugEnd'], wayOut: inspecting },
  {
    module: 'process',
    keys: ['binding'],
    wayOut: 'It reaches below everything that is simulated. Update the package that calls it, or replace it.',
    when: ([name]) => typeof name === 'string' && !harmlessBindings.has(name),
  },
  {
    module: 'process',
    keys: ['setuid', 'setgid', 'seteuid', 'setegid', 'setgroups', 'initgroups', 'execve'],
    wayOut: identity,
  },
  {
    module: 'process',
    keys: ['addUncaughtExceptionCaptureCallback'],
    wayOut: "Use `process.on('uncaughtException', ...)`, which is the host's own.",
  },
  {
    module: 'process',
    keys: ['report.getReport', 'report.writeReport'],
    wayOut: diagnosing,
  },
  {
    module: 'v8',
    keys: [
      'getHeapSnapshot',
      'writeHeapSnapshot',
      'setHeapSnapshotNearHeapLimit',
      'setHeapProfileNearHeapLimit',
      'queryObjects',
      'takeCoverage',
      'stopCoverage',
      'startCpuProfile',
      'startHeapProfile',
      'GCProfiler',
    ],
    wayOut: diagnosing,
  },
  { module: 'v8', keys: ['setFlagsFromString'], wayOut: identity },
  { module: 'trace_events', keys: ['createTracing'], wayOut: diagnosing },
  {
    module: 'perf_hooks',
    keys: ['timerify', 'performance.timerify', 'createSlidingWindowHistogram'],
    wayOut: `It measures real time. ${diagnosing}`,
  },
  {
    module: 'perf_hooks',
    keys: ['PerformanceObserver.prototype.observe'],
    wayOut:
      'Its entries come in turns of the real event loop. Read them with `performance.getEntriesByName`, ' +
      'or watch what is measured itself.',
    when: ([options]) => !observesOnlyGarbage(options),
  },
  {
    module: 'globalThis',
    keys: ['Atomics.wait', 'Atomics.waitAsync'],
    wayOut:
      'It waits for another thread, in real time. To sleep, await a timer: ' +
      '`await setTimeout(ms)` of `node:timers/promises`.',
  },
  {
    module: 'vm',
    keys: ['createContext', 'runInNewContext', 'Script.prototype.runInNewContext', 'measureMemory'],
    wayOut:
      'A new context has the real clock and real randomness. Run the code in this one ' +
      '(`runInThisContext`), ' +
      'or replace the module (`program(..., { replace: { "node:vm": ... } })`).',
    // Node.js itself makes one, once, to compare regular expressions of other realms.
    when: (args) =>
      !args.some((arg) => (arg as { contextName?: unknown } | undefined)?.contextName === 'internal'),
  },
  {
    module: 'tty',
    keys: ['ReadStream', 'WriteStream'],
    wayOut: "Use `process.stdin`, `process.stdout` and `process.stderr`, which are the host's own.",
  },
  {
    module: 'zlib',
    keys: ['ZipFile', 'zipFiles', 'createZipArchive'],
    wayOut: 'Use `ZipBuffer` or `createZipArchiveSync`, which work in memory.',
  },
  {
    module: 'module',
    keys: ['register'],
    wayOut: 'It starts a thread. Register hooks for the test process (`node --import`).',
  },
  {
    module: 'crypto',
    keys: ['generatePrime', 'generatePrimeSync'],
    wayOut: "The randomness is OpenSSL's own. Use a prime that was made before.",
  },
  { module: 'crypto', keys: ['DiffieHellman.prototype.generateKeys'], wayOut: randomKey },
  { module: 'crypto', keys: ['DiffieHellmanGroup.prototype.generateKeys'], wayOut: randomKey },
  { module: 'crypto', keys: ['encapsulate'], wayOut: randomKey },
  { module: 'crypto', keys: ['setFips', 'setEngine'], wayOut: identity },
];

/** The same for modules that are trapped once somebody loads them: it prints a warning, or costs a lot. */
export const lateTrapList: readonly TrapEntry[] = [
  {
    module: 'sqlite',
    keys: ['DatabaseSync', 'backup'],
    wayOut:
      'It reads the real clock, real randomness and real files. Put the database behind an interface, and ' +
      'replace it in the scenario (`program(..., { replace: ... })`).',
  },
  { module: 'wasi', keys: ['WASI'], wayOut: replaced('wasi') },
  { module: 'repl', keys: ['start', 'REPLServer'], wayOut: replaced('repl') },
  {
    module: 'domain',
    keys: ['create', 'createDomain', 'Domain'],
    wayOut: 'Use `AsyncLocalStorage` of `node:async_hooks` instead.',
  },
  { module: 'ffi', keys: ['dlopen', 'DynamicLibrary'], wayOut: replaced('ffi') },
];

/** Garbage is never collected in a run: who observes that alone has nothing to hear. */
function observesOnlyGarbage(options: unknown): boolean {
  if (typeof options !== 'object' || options === null) return true; // Node.js throws.
  const { type, entryTypes } = options as { type?: unknown; entryTypes?: unknown };
  const types = Array.isArray(entryTypes) ? entryTypes : [type];
  return types.every((each) => each === 'gc');
}
