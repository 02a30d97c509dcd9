// The fault vocabulary as plain data: a plan can be printed, edited, stored and replayed.

import type { MessageKind } from '../network/message.ts';
import type { RequestChance, RequestFault } from './answers/answer-fault.ts';
import type { BuggifyChance, BuggifyFault } from './buggify.ts';
import type { DiskChance, DiskFault } from './disk-fault.ts';
import type { BandwidthFault } from './kinds/bandwidth.ts';
import type { BurstLossFault } from './kinds/burst-loss.ts';
import type { CongestionFault } from './kinds/congestion.ts';
import type { ClockDriftFault } from './kinds/clock-drift.ts';
import type { ClockSkewFault } from './kinds/clock-skew.ts';
import type { ClockSmearFault } from './kinds/clock-smear.ts';
import type { ClockStepFault } from './kinds/clock-step.ts';
import type { ClockZoneFault } from './kinds/clock-zone.ts';
import type { ClogFault } from './kinds/clog.ts';
import type { BrownoutFault } from './kinds/brownout.ts';
import type { CrashFault } from './kinds/crash.ts';
import type { CrashLoopFault } from './kinds/crash-loop.ts';
import type { CrashTogetherFault } from './kinds/crash-together.ts';
import type { DnsDelayFault } from './kinds/dns-delay.ts';
import type { DnsFailureFault } from './kinds/dns-failure.ts';
import type { DescriptorsFault } from './kinds/descriptors.ts';
import type { LoopLagFault } from './kinds/loop-lag.ts';
import type { MemoryFault } from './kinds/memory.ts';
import type { SlowHostFault } from './kinds/slow-host.ts';
import type { EventOrder } from './order.ts';
import type { UpgradeFault } from './kinds/upgrade.ts';
import type { MoveFault } from './kinds/move.ts';
import type { OutageFault } from './kinds/outage.ts';
import type { PartitionFault } from './kinds/partition.ts';
import type { PauseFault } from './kinds/pause.ts';
import type { DiskFullFault } from './kinds/disk-full.ts';
import type { PowerLossFault } from './kinds/power-loss.ts';
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
/** A clock of a machine is wrong. */
export type ClockFault = ClockSkewFault | ClockDriftFault | ClockStepFault | ClockSmearFault | ClockZoneFault;
/** A fault that begins at a time. */
export type TimedFault =
  | BrownoutFault
  | OutageFault
  | CrashFault
  | StopFault
  | PauseFault
  | PartitionFault
  | ClogFault
  | PowerLossFault
  | DiskFullFault
  | ClockFault
  | CrashLoopFault
  | CrashTogetherFault
  | UpgradeFault
  | SlowHostFault
  | LoopLagFault
  | DescriptorsFault
  | MemoryFault
  | BurstLossFault
  | BandwidthFault
  | CongestionFault
  | DnsFailureFault
  | DnsDelayFault
  | MoveFault;
/** One deviation from the calm run. */
export type Fault = MessageFault | RequestFault | TimedFault | DiskFault | BuggifyFault;
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
  readonly answerChances?: readonly RequestChance[];
  readonly diskChances?: readonly DiskChance[];
  /** Whether code misbehaves on purpose: at the `buggify` points of `wavetank/markers`. Default: nowhere. */
  readonly buggify?: BuggifyChance;
  /** `drawn`: messages take times from the latency distributions. `calm`: each takes the base of its link. */
  readonly latency: 'drawn' | 'calm';
  /** What decides which of several events goes first; `calm`: they run in the order of queueing. */
  readonly order: EventOrder;
  /**
   * The hosts that come back after the storm, and must suffice for every `eventually`: the others are dead
   * from then on, and nothing passes to or from them. Default: all hosts.
   */
  readonly core?: readonly string[];
}

/** The plan of a run in which nothing deviates. */
export const calmPlan: FaultPlan = { faults: [], latency: 'calm', order: 'calm' };

/** Tells a fault that begins at a time from the others, which befall one message, operation or call. */
export function isTimedFault(fault: Fault): fault is TimedFault {
  return 'atMs' in fault;
}

/** Tells a message fault from the others. */
export function isMessageFault(fault: Fault): fault is MessageFault {
  return 'message' in fault;
}

/** Tells a fault in how a service answers one request from the others. */
export function isRequestFault(fault: Fault): fault is RequestFault {
  return 'label' in fault && !('message' in fault);
}
