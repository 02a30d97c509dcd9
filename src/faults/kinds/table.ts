// The kinds of timed faults, in the order in which a plan draws them: a new one comes last, so that what is
// drawn for the others stays.

import type { TimedFault } from '../fault.ts';
import type { TimedKind } from '../timed.ts';
import { bandwidthKind } from './bandwidth.ts';
import { brownoutKind } from './brownout.ts';
import { burstLossKind } from './burst-loss.ts';
import { clockDriftKind } from './clock-drift.ts';
import { clockSkewKind } from './clock-skew.ts';
import { clockSmearKind } from './clock-smear.ts';
import { clockStepKind } from './clock-step.ts';
import { clockZoneKind } from './clock-zone.ts';
import { clogKind } from './clog.ts';
import { congestionKind } from './congestion.ts';
import { crashKind } from './crash.ts';
import { crashLoopKind } from './crash-loop.ts';
import { crashTogetherKind } from './crash-together.ts';
import { dnsDelayKind } from './dns-delay.ts';
import { dnsFailureKind } from './dns-failure.ts';
import { descriptorsKind } from './descriptors.ts';
import { loopLagKind } from './loop-lag.ts';
import { memoryKind } from './memory.ts';
import { slowHostKind } from './slow-host.ts';
import { upgradeKind } from './upgrade.ts';
import { moveKind } from './move.ts';
import { outageKind } from './outage.ts';
import { partitionKind } from './partition.ts';
import { diskFullKind } from './disk-full.ts';
import { pauseKind } from './pause.ts';
import { powerLossKind } from './power-loss.ts';
import { stopKind } from './stop.ts';

/** All of them. */
export const TIMED_KINDS: readonly TimedKind[] = [
  crashKind,
  stopKind,
  pauseKind,
  partitionKind,
  clogKind,
  powerLossKind,
  diskFullKind,
  outageKind,
  brownoutKind,
  clockSkewKind,
  clockDriftKind,
  clockStepKind,
  clockSmearKind,
  clockZoneKind,
  crashLoopKind,
  crashTogetherKind,
  upgradeKind,
  slowHostKind,
  loopLagKind,
  descriptorsKind,
  memoryKind,
  burstLossKind,
  bandwidthKind,
  congestionKind,
  dnsFailureKind,
  dnsDelayKind,
  moveKind,
] as readonly unknown[] as readonly TimedKind[];

const byKind: ReadonlyMap<string, TimedKind> = new Map(TIMED_KINDS.map((each) => [each.kind, each]));

/** What there is to know of a fault's kind. */
export function kindOf(fault: TimedFault): TimedKind {
  return byKind.get(fault.kind) as TimedKind;
}

/** The same by its name; undefined for a kind that is none of these. */
export function timedKind(name: string): TimedKind | undefined {
  return byKind.get(name);
}
