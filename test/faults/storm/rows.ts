// All rows of the table, a file for each kind of fault.

import { buggifyRows } from './buggify.ts';
import { dropRows } from './drop.ts';
import { delayRows } from './delay.ts';
import { duplicateRows } from './duplicate.ts';
import { resetRows } from './reset.ts';
import { refuseRows } from './refuse.ts';
import { clockDriftRows } from './clock-drift.ts';
import { clockSkewRows } from './clock-skew.ts';
import { clockSmearRows } from './clock-smear.ts';
import { clockStepRows } from './clock-step.ts';
import { clockZoneRows } from './clock-zone.ts';
import { clogRows } from './clog.ts';
import { bandwidthRows } from './bandwidth.ts';
import { burstLossRows } from './burst-loss.ts';
import { congestionRows } from './congestion.ts';
import { nameRows } from './names.ts';
import { partitionRows } from './partition.ts';
import { crashRows } from './process/crash.ts';
import { crashesRows } from './process/crashes.ts';
import { endRows } from './process/ends.ts';
import { lateRows } from './process/late.ts';
import { limitRows } from './process/limits.ts';
import { answerRows } from './answer.ts';
import { brownoutRows } from './brownout.ts';
import { hangRows } from './hang.ts';
import { lostAnswerRows } from './lost-answer.ts';
import { malformedRows } from './malformed.ts';
import { olderSchemaRows } from './older-schema.ts';
import { outageRows } from './outage.ts';
import { slowAnswerRows } from './slow-answer.ts';
import { truncateRows } from './truncate.ts';
import { twiceRows } from './twice.ts';
import { flippedBitRows, staleReadRows } from './disk/false-reads.ts';
import { lostWriteRows, misdirectedWriteRows } from './disk/false-writes.ts';
import { ioErrorRows } from './disk/io-error.ts';
import { diskFullRows, noSpaceRows } from './disk/no-space.ts';
import { powerLossRows } from './disk/power-loss.ts';
import { shortWriteRows } from './disk/short-write.ts';
import { slowSyncRows } from './disk/slow-sync.ts';
import type { StormRow } from './row.ts';

/** In the order in which the kinds are listed in `src/faults`. */
export const stormRows: readonly StormRow[] = [
  ...dropRows,
  ...delayRows,
  ...duplicateRows,
  ...resetRows,
  ...refuseRows,
  ...clogRows,
  ...partitionRows,
  ...burstLossRows,
  ...bandwidthRows,
  ...congestionRows,
  ...nameRows,
  ...crashRows,
  ...crashesRows,
  ...endRows,
  ...lateRows,
  ...limitRows,
  ...buggifyRows,
  ...answerRows,
  ...hangRows,
  ...lostAnswerRows,
  ...truncateRows,
  ...malformedRows,
  ...olderSchemaRows,
  ...twiceRows,
  ...slowAnswerRows,
  ...outageRows,
  ...brownoutRows,
  ...powerLossRows,
  ...diskFullRows,
  ...ioErrorRows,
  ...noSpaceRows,
  ...shortWriteRows,
  ...lostWriteRows,
  ...misdirectedWriteRows,
  ...staleReadRows,
  ...flippedBitRows,
  ...slowSyncRows,
  ...clockSkewRows,
  ...clockDriftRows,
  ...clockStepRows,
  ...clockSmearRows,
  ...clockZoneRows,
];
