// The one pump of the process: runs of concurrent explorations, and of two copies of the package, queue here.

import process from 'node:process';
import { Pump, type PumpHost } from '../engine/pump.ts';
import { isInspected } from './debugging.ts';
import { ambientRegistry } from './registry.ts';

const realSetImmediate = setImmediate;
const realNow = performance.now.bind(performance);

const setCapture = process.setUncaughtExceptionCaptureCallback.bind(process);

let isCapturing = false;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function capture(take: ((error: unknown) => void) | null): void {
  if (take !== null) {
    // A capture callback that somebody else set comes first.
    if (!isCapturing && process.hasUncaughtExceptionCaptureCallback()) return;
    setCapture(null);
    setCapture(take);
    isCapturing = true;
  } else if (isCapturing) {
    setCapture(null);
    isCapturing = false;
  }
}

/** What a pump takes from the real world. */
export function realPumpHost(): PumpHost {
  const { storage } = ambientRegistry();
  return {
    later: (callback) => void realSetImmediate(callback),
    nowMs: realNow,
    // Code that was stopped leaves the context of its host behind, on which the processor stands still.
    cpuMs: () => storage.exit(cpuMs),
    outside: (callback) => storage.exit(callback),
    capture,
  };
}

/** The pump that drives every run of this process. */
export function sharedPump(): Pump {
  const registry = ambientRegistry() as ReturnType<typeof ambientRegistry> & { pump?: Pump };
  // Under a debugger a breakpoint would count as endless code.
  registry.pump ??= new Pump(realPumpHost(), { isGuarded: () => !isInspected() });
  return registry.pump;
}
