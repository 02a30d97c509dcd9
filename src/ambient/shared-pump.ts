// The one pump of the process: runs of concurrent explorations, and of two copies of the package, queue here.

import inspector from 'node:inspector';
import { Pump, type PumpHost } from '../engine/pump.ts';
import { ambientRegistry } from './registry.ts';

const realSetImmediate = setImmediate;
const realNow = performance.now.bind(performance);

/** What a pump takes from the real world. */
export function realPumpHost(): PumpHost {
  const { storage } = ambientRegistry();
  return {
    later: (callback) => void realSetImmediate(callback),
    nowMs: realNow,
    outside: (callback) => storage.exit(callback),
  };
}

/** The pump that drives every run of this process. */
export function sharedPump(): Pump {
  const registry = ambientRegistry() as ReturnType<typeof ambientRegistry> & { pump?: Pump };
  // Under a debugger a breakpoint would count as endless code.
  registry.pump ??= new Pump(realPumpHost(), { isGuarded: inspector.url() === undefined });
  return registry.pump;
}
