// What hosts and their transport tell whoever watches the run. Watching never changes the run.

import type { EscapeError } from '../errors.ts';
import type { Link, Topic } from '../network/link.ts';
import type { Routing } from '../network/network.ts';
import type { EndedSpan } from './open-telemetry/own-span.ts';
import type { Message } from './transport.ts';

/** What happened to a host. */
export type HostChange =
  'booted' | 'crashed' | 'stopping' | 'stopped' | 'paused' | 'resumed' | `exited with code ${number}`;

/** How a process ended itself. */
export interface Exited {
  readonly host: string;
  readonly code: number;
  /** By what: `process.exit(1)`, `SIGTERM`, `running to its end`. */
  readonly how: string;
  /** The error that a handler of its own was told of when it did. */
  readonly handling: Pick<Uncaught, 'error' | 'origin'> | undefined;
}

/** Why an incarnation ended by itself. */
export interface Uncaught {
  readonly host: string;
  readonly error: unknown;
  readonly origin: 'uncaughtException' | 'unhandledRejection';
}

/** Watches a run. The optional members are set only while a run is recorded. */
export interface Observer {
  /** A message takes longer than the base of its link. */
  delayed(topic: Topic, nth: number, extraUs: number): void;
  /** The link itself lost a datagram. */
  lost(topic: Topic, nth: number): void;
  /** A message met a partition. */
  blocked(link: Link): void;
  /** An event came due on a paused host. */
  deferred(host: string): void;
  uncaught(failure: Uncaught): void;
  exited(end: Exited): void;
  /** Code of a host was about to leave the simulation. */
  escaped(error: EscapeError): void;
  /** A host called `process.nextTick` without end. */
  hungTicking(host: string): void;
  /** Code of a host reached a marker. */
  reached(host: string, marker: string): void;
  /** A marker said that something must hold, or must not be reached, and it was not so. */
  broken(host: string, promise: 'always' | 'unreachable', name: string): void;
  changed(host: string, change: HostChange): void;
  sent?: ((message: Message, routing: Routing) => void) | undefined;
  arrived?: ((message: Message) => void) | undefined;
  /** A span ended that code of a host made. */
  spanned?: ((span: EndedSpan) => void) | undefined;
  /** Something happened to the network: in words, as it is told to people. */
  noted?: ((text: string) => void) | undefined;
  printed?: ((host: string, stream: 'stdout' | 'stderr', text: string) => void) | undefined;
}
