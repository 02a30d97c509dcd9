// The vocabulary of faults in how a service answers one request, as plain data.

import type { Ending } from '../../host/answering.ts';

/** Names one request to a service: the `nth` (from 1) with its label that `from` sent to `to`. */
export interface RequestRef {
  readonly from: string;
  readonly to: string;
  /** `POST /charge`. */
  readonly label: string;
  readonly nth: number;
}

/**
 * A service answers with an error. `executed: false`: an overloaded instance, or what stands in front of it,
 * turns the request away. `executed: true`: it was executed all the same, and only its answer is lost.
 */
export interface AnswerFault extends RequestRef {
  readonly kind: 'answer';
  /** From 400 to 599. */
  readonly status: number;
  readonly executed: boolean;
  /** Sent as the header `Retry-After`, in whole seconds, rounded up. Default: no such header. */
  readonly retryAfterMs?: number;
}

/** A service takes `byMs` longer: before it executes the request, or afterwards. */
export interface SlowAnswerFault extends RequestRef {
  readonly kind: 'slowAnswer';
  readonly byMs: number;
  readonly executed: boolean;
}

/** A service takes the request and never answers. The connection stays open. */
export interface HangFault extends RequestRef {
  readonly kind: 'hang';
  readonly executed: boolean;
}

/** A request was executed, and its connection ends in place of an answer. */
export interface LostAnswerFault extends RequestRef {
  readonly kind: 'lostAnswer';
  readonly ending: Exclude<Ending, 'hang'>;
}

/**
 * A request was executed, and the body of its answer breaks off after `bytes`: fewer come than
 * `Content-Length` says, or the last chunk is missing. Then the connection is closed, reset, or silent.
 */
export interface TruncateFault extends RequestRef {
  readonly kind: 'truncate';
  readonly bytes: number;
  readonly ending: Ending;
}

/** What comes in place of a body that makes sense. */
export type MalformedBody = 'html' | 'broken-json' | 'empty';

/** A request was executed, and the body of its answer is not what its service sends. */
export interface MalformedFault extends RequestRef {
  readonly kind: 'malformed';
  /** `html`: the error page of a proxy. `broken-json`: half of the body. `empty`: none. */
  readonly body: MalformedBody;
  /** The status that comes with an error page, 200 to 599. Default: the one of the answer. */
  readonly status?: number;
}

/** A request was executed, and answered in an older schema: as the function in the budget makes it. */
export interface OlderSchemaFault extends RequestRef {
  readonly kind: 'olderSchema';
}

/**
 * A proxy did not get the answer, and sent the request again `afterMs` later: it is executed twice, and the
 * client gets the second answer. Only for methods in `network.mayDuplicate` (default: the idempotent ones).
 */
export interface TwiceFault extends RequestRef {
  readonly kind: 'twice';
  readonly afterMs: number;
}

/** A deviation in how a service answers one request. */
export type RequestFault =
  | AnswerFault
  | SlowAnswerFault
  | HangFault
  | LostAnswerFault
  | TruncateFault
  | MalformedFault
  | OlderSchemaFault
  | TwiceFault;

/** Faults of this sort that strike at random: each request is drawn for separately. */
export interface RequestChance {
  readonly kind: RequestFault['kind'];
  /** Probability for each request, from 0 to 1. */
  readonly rate: number;
  /** Services that it is limited to. Default: all. */
  readonly hosts?: readonly string[];
  /** For `answer`: the statuses that are drawn. Default: 429, 500, 502, 503 and 504. */
  readonly statuses?: readonly number[];
  /** For `slowAnswer` and `twice`: the longest time drawn, in virtual milliseconds. Default 1,000. */
  readonly msMax?: number;
}

/** Makes of the body of an answer, as `JSON.parse` gives it, what an older version would have sent. */
// oxlint-disable-next-line typescript/no-explicit-any -- whatever the JSON of the service is
export type OlderSchema = (body: any) => unknown;
