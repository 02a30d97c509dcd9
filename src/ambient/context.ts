// What the patched globals know of the code that calls them: the host it runs on, or none.
// Kept in one AsyncLocalStorage, so that every await, timer and callback stays with its host.

import type { AsyncLocalStorage } from 'node:async_hooks';
import type { EscapeError } from '../errors.ts';
import type { HostDatagrams } from './net/datagram-socket.ts';
import type { HostStreams } from './net/stream.ts';
import type { RandomStream } from '../random/stream.ts';
import type { OpenFiles } from '../storage/open-files.ts';
import type { HostClock } from '../time/host-clock.ts';
import type { ErrorOrigin, HostProcess } from './process/host-process.ts';
import type { HostTimers } from './timers.ts';

/** What is wrong with resolving a name at present. */
export interface NameTrouble {
  /** How much longer an answer takes. */
  readonly delayUs?: number;
  /** What the answer is: `ENOTFOUND`, `EAI_AGAIN`, or for a query `ETIMEOUT` or `ESERVFAIL`. */
  readonly code?: string;
}

/** The names and addresses of the simulated network, as one host sees them. */
export interface HostNames {
  /** The host's own address: `10.0.0.1`. */
  readonly address: string;
  /** Finds the address of a host or client by its name; undefined for a name that nobody has. */
  addressOf(hostname: string): string | undefined;
  /** Finds the name behind an address. */
  nameOf(address: string): string | undefined;
  /** Asked before each answer to a look-up or query: what faults do to it. */
  trouble?(hostname: string): NameTrouble | undefined;
}

/** Something that holds the process of a host, as an open server or socket does. */
export interface KeepsAlive {
  /** How much it holds now: 0 for what is closed or was `unref`ed. */
  readonly refCount: number;
}

/** One incarnation, as Node.js' globals see it. */
export interface HostContext {
  readonly name: string;
  /** Which life of the host this is, counted from 1. */
  readonly number: number;
  readonly names: HostNames;
  /** The connections that it can make and accept. */
  readonly streams: HostStreams;
  /** The datagram sockets that it can bind. */
  readonly datagrams: HostDatagrams;
  readonly clock: HostClock;
  /** The span of its own that is active in the code that runs. */
  readonly activeSpanId?: string | undefined;
  /** What `Math.random` and `crypto` consume on this host. */
  readonly random: RandomStream;
  readonly timers: HostTimers;
  /** What is open on the machine's disk; the disk itself outlives the incarnation. */
  readonly files: OpenFiles;
  /** What its code sees through `process`. */
  readonly process: HostProcess;
  /** False once the incarnation crashed or stopped: its leftover code may run, but has no effect. */
  readonly isAlive: boolean;
  /**
   * Sends a request over the simulated network.
   *
   * @param overSockets - Node.js' own `fetch`, for servers that listen on sockets.
   */
  fetch(
    input: string | URL | Request,
    init: RequestInit | undefined,
    overSockets: typeof fetch,
  ): Promise<Response>;
  /** An HTTP server of its program begins to listen. */
  listens?(server: object): void;
  /** An error nobody handled: the program's own handlers are asked, or the host crashes. */
  uncaught(error: unknown, origin: ErrorOrigin, promise?: unknown): void;
  /** While the source holds anything, the process does not end by itself. */
  keepAlive(source: KeepsAlive): void;
  /** Notes that code was about to leave the simulation: the run fails, whatever that code does. */
  escaped(error: EscapeError): void;
  /** Counts a `nextTick`; false once the current event made more than a sound program ever would. */
  mayTick(): boolean;
  /**
   * Completes an operation that Node.js leaves to the operating system or a thread: calls `callback` as an
   * event of its own, `us` microseconds from now, in the asynchronous context of the code that asked. Not
   * called when the incarnation has ended by then.
   */
  complete(what: string, us: number, callback: () => void): void;
  /**
   * From now on the real event loop turns a few times after each event, for native code that goes on in its
   * turns. @returns what ends that.
   */
  holdLoop(): () => void;
  /** Notes something about the whole run, in words: told once, where a run is recorded. */
  noteOnce(text: string): void;
  /** A line that the host printed. */
  print(stream: 'stdout' | 'stderr', text: string): void;
}

/** The storage that tells which host runs; set by the registry while wavetank is installed. */
export type HostStorage = AsyncLocalStorage<HostContext>;
