// The fault vocabulary as plain data: a plan can be printed, edited, stored and replayed.

import type { MessageKind } from '../network/message.ts';
import type { CrashFault } from './kinds/crash.ts';
import type { PartitionFault } from './kinds/partition.ts';
import type { PauseFault } from './kinds/pause.ts';
import type { StopFault } from './kinds/stop.ts';

/** Names one message: the `nth` (from 1) of its kind and label on the link `from` → `to`. */
export interface MessageRef {
  readonly from: string;
  readonly to: string;
  readonly message: MessageKind;
  /** `POST /charge` for a request and its response, `:5432` for a segment, `to :5432` for a connection. */
  readonly label: string;
  readonly nth: number;
}

/** A message never arrives. For a request or a response, nothing else of the exchange does either. */
export interface DropFault extends MessageRef {
  readonly kind: 'drop';
}
/** The connection is reset: the client gets `ECONNRESET`. On a response, the request was executed. */
export interface ResetFault extends MessageRef {
  readonly kind: 'reset';
}
/** The connection is refused: the client gets `ECONNREFUSED`, and nothing was executed. */
export interface RefuseFault extends MessageRef {
  readonly kind: 'refuse';
}
/** A message arrives again, `afterMs` after the first time. */
export interface DuplicateFault extends MessageRef {
  readonly kind: 'duplicate';
  readonly afterMs: number;
}
/** A message takes `byMs` longer than the base latency of its link. */
export interface DelayFault extends MessageRef {
  readonly kind: 'delay';
  readonly byMs: number;
}
export type MessageFault = DropFault | ResetFault | RefuseFault | DuplicateFault | DelayFault;
/** A fault that begins at a time. */
export type TimedFault = CrashFault | StopFault | PauseFault | PartitionFault;
/** One deviation from the calm run. */
export type Fault = MessageFault | TimedFault;
/** The name of a kind of fault. */
export type FaultKind = Fault['kind'];

/** Message faults that strike at random: each message of a fitting kind is drawn for separately. */
export interface FaultChance {
  readonly kind: MessageFault['kind'];
  /** Probability for each message, from 0 to 1. */
  readonly rate: number;
  /** Links (`'a -> b'`) that it is limited to. Default: all. */
  readonly links?: readonly string[];
  /** For `delay` and `duplicate`: the longest time drawn, in virtual milliseconds. Default 1,000. */
  readonly msMax?: number;
}

/** The faults of one run. */
export interface FaultPlan {
  readonly faults: readonly Fault[];
  readonly chances?: readonly FaultChance[];
  /** `drawn`: messages take times from the latency distributions. `calm`: each takes the base of its link. */
  readonly latency: 'drawn' | 'calm';
  /** `drawn`: events that are due together run in a random order. `calm`: in the order of queueing. */
  readonly order: 'drawn' | 'calm';
}

/** The plan of a run in which nothing deviates. */
export const calmPlan: FaultPlan = { faults: [], latency: 'calm', order: 'calm' };

/** Tells a message fault from the others. */
export function isMessageFault(fault: Fault): fault is MessageFault {
  return 'label' in fault;
}
