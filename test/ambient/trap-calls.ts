// For each entry of the trap list, a small program that does what is trapped.

import childProcess from 'node:child_process';
import cluster from 'node:cluster';
import crypto from 'node:crypto';
import inspector from 'node:inspector';
import Module from 'node:module';
import perfHooks from 'node:perf_hooks';
import process from 'node:process';
import traceEvents from 'node:trace_events';
import tty from 'node:tty';
import v8 from 'node:v8';
import vm from 'node:vm';
import workers from 'node:worker_threads';
import zlib from 'node:zlib';

type Anything = Record<string, (...args: unknown[]) => unknown>;
type AnyClass = new (...args: unknown[]) => unknown;

/** A module of which not every version has every function. */
function any(module: object): Anything {
  return module as Anything;
}

/** A module that is loaded when it is used, and not on every version there. */
function late(name: string): Record<string, AnyClass & ((...args: unknown[]) => unknown)> {
  return process.getBuiltinModule(`node:${name}`) as never;
}

const ints = new Int32Array(new SharedArrayBuffer(4));
/** Calls by the name of what they call, as errors give it. */
export const trapCalls: Readonly<Record<string, () => unknown>> = {
  'child_process.exec': () => childProcess.exec('git status'),
  'child_process.execFile': () => childProcess.execFile('git', ['status'], () => {}),
  'child_process.execFileSync': () => childProcess.execFileSync('git', ['status', '--porcelain']),
  'child_process.execSync': () => childProcess.execSync('git rev-parse HEAD', { encoding: 'utf8' }),
  'child_process.fork': () => childProcess.fork('worker.js'),
  'child_process.spawn': () => childProcess.spawn('git', ['status'], { stdio: 'inherit' }),
  'child_process.spawnSync': () => childProcess.spawnSync('git'),
  'child_process.ChildProcess.spawn': () => {
    const child = new (childProcess.ChildProcess as unknown as AnyClass)();
    return (child as Anything)['spawn']?.({ file: 'git', args: ['git'] });
  },
  'worker_threads.Worker': () => new workers.Worker('worker.js', { workerData: 1 }),
  'worker_threads.postMessageToThread': () => any(workers)['postMessageToThread']?.(7, 'hello'),
  'worker_threads.BroadcastChannel': () => new workers.BroadcastChannel('news'),
  'worker_threads.locks.request': () =>
    any((workers as unknown as Record<string, object>)['locks'] ?? {})['request']?.('a lock', () => {}),
  'worker_threads.locks.query': () =>
    any((workers as unknown as Record<string, object>)['locks'] ?? {})['query']?.(),
  'worker_threads.moveMessagePortToContext': () => any(workers)['moveMessagePortToContext']?.({}, {}),
  BroadcastChannel: () =>
    new (globalThis as unknown as { BroadcastChannel: AnyClass }).BroadcastChannel('news'),
  'cluster.fork': () => cluster.fork({ NAME: 'worker' }),
  'cluster.setupPrimary': () => cluster.setupPrimary(),
  'cluster.setupMaster': () => any(cluster)['setupMaster']?.(),
  'cluster.disconnect': () => cluster.disconnect(),
  'inspector.open': () => inspector.open(0),
  'inspector.close': () => inspector.close(),
  'inspector.url': () => inspector.url(),
  'inspector.waitForDebugger': () => inspector.waitForDebugger(),
  'inspector.Session.connect': () => new inspector.Session().connect(),
  'inspector.Session.connectToMainThread': () => new inspector.Session().connectToMainThread(),
  'process._debugProcess': () => any(process)['_debugProcess']?.(1),
  'process._debugEnd': () => any(process)['_debugEnd']?.(),
  'process.binding': () => any(process)['binding']?.('tcp_wrap'),
  'process.setuid': () => process.setuid?.(0),
  'process.setgid': () => process.setgid?.('staff'),
  'process.seteuid': () => process.seteuid?.(0),
  'process.setegid': () => process.setegid?.(0),
  'process.setgroups': () => process.setgroups?.([1, 2]),
  'process.initgroups': () => any(process)['initgroups']?.('nobody', 1),
  'process.execve': () => any(process)['execve']?.('/bin/true'),
  'process.addUncaughtExceptionCaptureCallback': () =>
    any(process)['addUncaughtExceptionCaptureCallback']?.(() => {}),
  'process.report.getReport': () => process.report.getReport(),
  'process.report.writeReport': () => process.report.writeReport('report.json'),
  'v8.getHeapSnapshot': () => v8.getHeapSnapshot(),
  'v8.writeHeapSnapshot': () => v8.writeHeapSnapshot('a.heapsnapshot'),
  'v8.setHeapSnapshotNearHeapLimit': () => v8.setHeapSnapshotNearHeapLimit(1),
  'v8.setHeapProfileNearHeapLimit': () => any(v8)['setHeapProfileNearHeapLimit']?.(1),
  'v8.queryObjects': () => any(v8)['queryObjects']?.(Map),
  'v8.takeCoverage': () => v8.takeCoverage(),
  'v8.stopCoverage': () => v8.stopCoverage(),
  'v8.startCpuProfile': () => any(v8)['startCpuProfile']?.(),
  'v8.startHeapProfile': () => any(v8)['startHeapProfile']?.(),
  'v8.GCProfiler': () => new v8.GCProfiler(),
  'v8.setFlagsFromString': () => v8.setFlagsFromString('--expose-gc'),
  'trace_events.createTracing': () => traceEvents.createTracing({ categories: ['node'] }),
  'perf_hooks.timerify': () =>
    (any(perfHooks)['timerify'] ?? any(perfHooks.performance)['timerify'])?.(() => {}),
  'perf_hooks.createSlidingWindowHistogram': () => any(perfHooks)['createSlidingWindowHistogram']?.({}),
  'perf_hooks.PerformanceObserver.observe': () =>
    new perfHooks.PerformanceObserver(() => {}).observe({ entryTypes: ['measure'] }),
  'Atomics.wait': () => Atomics.wait(ints, 0, 0, 10),
  'Atomics.waitAsync': () => any(Atomics)['waitAsync']?.(ints, 0, 0, 10),
  'vm.createContext': () => vm.createContext({ a: 1 }),
  'vm.runInNewContext': () => vm.runInNewContext('Date.now()'),
  'vm.Script.runInNewContext': () => new vm.Script('1').runInNewContext(),
  'vm.measureMemory': () => vm.measureMemory(),
  'tty.ReadStream': () => new tty.ReadStream(0),
  'tty.WriteStream': () => new tty.WriteStream(1),
  'zlib.ZipFile': () => new (any(zlib)['ZipFile'] as unknown as AnyClass)('a.zip'),
  'zlib.zipFiles': () => any(zlib)['zipFiles']?.(['a.txt']),
  'zlib.createZipArchive': () => any(zlib)['createZipArchive']?.([]),
  'module.register': () => Module.register('./hooks.mjs', 'file:///'),
  'crypto.generatePrime': () => crypto.generatePrime(32, () => {}),
  'crypto.generatePrimeSync': () => crypto.generatePrimeSync(32),
  'crypto.DiffieHellman.generateKeys': () => crypto.createDiffieHellman(Buffer.of(23), 5).generateKeys(),
  'crypto.DiffieHellmanGroup.generateKeys': () => crypto.getDiffieHellman('modp14').generateKeys(),
  'crypto.encapsulate': () => any(crypto)['encapsulate']?.('a key'),
  'crypto.setFips': () => crypto.setFips(true),
  'crypto.setEngine': () => crypto.setEngine('engine'),
  'sqlite.DatabaseSync': () => new (late('sqlite')['DatabaseSync'] as AnyClass)(':memory:'),
  'sqlite.backup': () => late('sqlite')['backup']?.({}, 'copy.db'),
  'wasi.WASI': () => new (late('wasi')['WASI'] as AnyClass)({ version: 'preview1' }),
  'repl.start': () => late('repl')['start']?.('> '),
  'repl.REPLServer': () => new (late('repl')['REPLServer'] as AnyClass)('> '),
  'domain.create': () => late('domain')['create']?.(),
  'domain.createDomain': () => late('domain')['createDomain']?.(),
  'domain.Domain': () => new (late('domain')['Domain'] as AnyClass)(),
  'ffi.dlopen': () => late('ffi')['dlopen']?.('libc.so.6'),
  'ffi.DynamicLibrary': () => new (late('ffi')['DynamicLibrary'] as AnyClass)('libc.so.6'),
};
