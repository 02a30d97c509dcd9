// What the patched globals know of the code that calls them: the host it runs on, or none.
// Kept in one AsyncLocalStorage, so that every await, timer and callback stays with its host.

import type { AsyncLocalStorage } from 'node:async_hooks';
import type { RandomStream } from '../random/stream.ts';
import type { HostClock } from '../time/host-clock.ts';
import type { HostTimers } from './timers.ts';

/** One incarnation, as Node.js' globals see it. */
export interface HostContext {
  readonly name: string;
  readonly clock: HostClock;
  /** What `Math.random` and `crypto` consume on this host. */
  readonly random: RandomStream;
  readonly timers: HostTimers;
  /** False once the incarnation crashed or stopped: its leftover code may run, but has no effect. */
  readonly isAlive: boolean;
  /** Sends a request over the simulated network. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** An error nobody handled: crashes the host. */
  uncaught(error: unknown, origin: 'uncaughtException' | 'unhandledRejection'): void;
  /** Counts a `nextTick`; false once the current event made more than a sound program ever would. */
  mayTick(): boolean;
  /** A line that the host printed. */
  print(stream: 'stdout' | 'stderr', text: string): void;
}

/** The storage that tells which host runs; set by the registry while wavetank is installed. */
export type HostStorage = AsyncLocalStorage<HostContext>;
