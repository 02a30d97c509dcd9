// `process` as a host sees it: the global itself, and what packages reach that took the real one while
// loading.

import process from 'node:process';
// Loaded before anything is patched: it takes the real functions that it needs.
import '../../engine/stopped-code.ts';
import {
  type AnyFunction,
  type Patch,
  dispatch,
  patchAccessor,
  patchGetter,
  patchMethod,
  refuseAsNode,
} from '../patch.ts';
import { currentHost } from '../registry.ts';
import { emitWarning } from './emit-warning.ts';
import { createEnvironment } from './environment.ts';
import type { HostProcess } from './host-process.ts';

/** The methods of an emitter, but `emit`, which is patched with the rejections. */
const EMITTER_METHODS: readonly string[] = [
  ...['on', 'addListener', 'once', 'off', 'removeListener', 'removeAllListeners'],
  ...['prependListener', 'prependOnceListener', 'listeners', 'rawListeners', 'listenerCount'],
  ...['eventNames', 'setMaxListeners', 'getMaxListeners'],
];

/** Patches the global `process` and its properties. */
export function processPatches(): Patch[] {
  return [
    patchGetter('process', globalThis, 'process', (original) =>
      dispatch(original, (host) => host.process.facade),
    ),
    ...EMITTER_METHODS.map(emitterMethod),
    ...endMethods(),
    ...propertyPatches(),
  ];
}

function emitterMethod(key: string): Patch {
  return patchMethod(`process.${key}`, process, key, (original) =>
    dispatch(original, (host, args) => {
      const { events, facade } = host.process;
      const result: unknown = Reflect.apply(Reflect.get(events, key) as AnyFunction, events, args);
      return result === events ? facade : result;
    }),
  );
}

function endMethods(): Patch[] {
  const method = (
    key: string,
    virtual: (own: HostProcess, args: unknown[], original: AnyFunction) => unknown,
  ): Patch =>
    patchMethod(`process.${key}`, process, key, (original) =>
      dispatch(original, (host, args) => virtual(host.process, args, original)),
    );
  return [
    method('exit', (own, [code]) => own.exit(code)),
    method('reallyExit', (own, [code]) => own.exit(code)),
    method('abort', (own) => own.abort()),
    method('kill', (own, [pid, signal]) => own.kill(pid, signal)),
    method('emitWarning', (own, args, original) => {
      const [warning] = args;
      if (typeof warning !== 'string' && !(warning instanceof Error))
        refuseAsNode(original, process, [warning]);
      return emitWarning(own, args);
    }),
    method('cwd', (own, _args, original) => own.cwd(original as () => string)),
    method('chdir', (own, [folder], original) => {
      if (typeof folder !== 'string') refuseAsNode(original, process, [folder]);
      own.chdir(folder, realCwd);
    }),
    method('setUncaughtExceptionCaptureCallback', (own, [callback], original) => {
      if (callback !== null && typeof callback !== 'function') refuseAsNode(original, process, [callback]);
      own.captureCallback = callback as (error: unknown) => void;
    }),
    method('hasUncaughtExceptionCaptureCallback', (own) => own.captureCallback !== null),
  ];
}

const realCwd = process.cwd.bind(process);

/** Properties of a program of its own; a host that is code of the test's process sees the real ones. */
function propertyPatches(): Patch[] {
  const own = (key: 'argv' | 'execArgv' | 'title'): Patch =>
    patchAccessor(`process.${key}`, process, key, ({ get, set }) => ({
      get: () => currentHost()?.process[key] ?? get(),
      set(value) {
        const mine = currentHost()?.process;
        if (mine === undefined) set(value);
        else Reflect.set(mine, key, value);
      },
    }));
  const readOnly = (key: 'pid' | 'ppid'): Patch =>
    patchAccessor(`process.${key}`, process, key, ({ get, set }) => ({
      get: () => currentHost()?.process[key] ?? get(),
      set: (value) => {
        if (currentHost() === undefined) set(value);
      },
    }));
  const stream = (key: 'stdout' | 'stderr' | 'stdin'): Patch =>
    patchGetter(`process.${key}`, process, key, (original) =>
      dispatch(original, (host) => host.process[key]),
    );
  return [
    ...(['argv', 'execArgv', 'title'] as const).map(own),
    ...(['pid', 'ppid'] as const).map(readOnly),
    ...(['stdout', 'stderr', 'stdin'] as const).map(stream),
    environmentPatch(),
  ];
}

function environmentPatch(): Patch {
  return patchAccessor('process.env', process, 'env', ({ get, set }) => {
    const environment = createEnvironment(get as () => NodeJS.ProcessEnv);
    return {
      get: () => environment,
      set(value) {
        const mine = currentHost()?.process;
        if (mine?.env === undefined) set(value);
        else mine.env = { ...(value as Record<string, string>) };
      },
    };
  });
}
