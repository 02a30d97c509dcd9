// What may happen to a request at a service in place of a plain answer. Who decides it is elsewhere; this
// says what can be decided, and both ways to a service, by messages and by sockets, carry it out alike.

import type { Topic } from '../network/link.ts';

/** A request that reached a service. */
export interface ServedRequest {
  readonly from: string;
  readonly to: string;
  readonly method: string;
  /** The topic of the request: its label is `POST /charge`. */
  readonly topic: Topic;
  /** Which request of its topic it is, counted from 1 in the order of sending. */
  readonly nth: number;
}

/** How a connection ends: in order, or at once, or not at all. */
export type Ending = 'close' | 'reset' | 'hang';

/** An answer with its whole body. */
export interface WholeAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** After how many bytes of the body it breaks off, and how. Default: it does not. */
  readonly cut?: { readonly bytes: number; readonly ending: Ending };
}

/** What becomes of one request. Everything that it leaves out stays as it is. */
export interface Twist {
  /** The connection is refused, or reset where it is open: the program never sees the request. */
  readonly isRefused?: boolean;
  /** Keeps the request until `go` is called. */
  readonly held?: (go: () => void) => void;
  /** How long the request waits before it is executed, in microseconds. */
  readonly beforeUs?: number;
  /** How often the program executes it. Default 1. The answer is that of the last time. */
  readonly executions?: 0 | 1 | 2;
  /** How long after the first answer it is executed again, in microseconds. */
  readonly againUs?: number;
  /** The answer is that of the first time, and does not wait for the second. */
  readonly answersFirst?: boolean;
  /** How long the answer waits before it is sent, in microseconds. */
  readonly afterUs?: number;
  /** What is answered instead; a way to end where nothing is. Given what the program answered, if it did. */
  readonly answer?: (given: WholeAnswer | undefined) => WholeAnswer | Ending | undefined;
}

/** A stretch of time in which a service does not answer as usual. */
export interface AnswerWindow {
  readonly host: string;
  /** A connection is asked for. @returns whether it is refused. */
  readonly refuses: () => boolean;
  twist(request: ServedRequest): Twist | undefined;
}

/** Decides what becomes of requests. */
export interface AnswerPolicy {
  /** @returns undefined where nothing is out of the ordinary. */
  twist(request: ServedRequest): Twist | undefined;
  /** Whether a host refuses connections now. */
  refuses(host: string): boolean;
  /** Begins a stretch of time. @returns a function that ends it. */
  open(window: AnswerWindow): () => void;
  /** Tells when the storm is over: nothing waits any longer then. @returns a function that forgets it. */
  whenOver(told: () => void): () => void;
  /** The storm is over. */
  end(): void;
}
