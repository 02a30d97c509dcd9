// The planted systems, from the plainest bug to the ones that need the most particular storm.

import { doubleCharge } from './double-charge.ts';
import { duplicateDatagram } from './duplicate-datagram.ts';
import { earlyCancel } from './early-cancel.ts';
import { forgottenKeys } from './forgotten-keys.ts';
import { lostUpdate } from './lost-update.ts';
import { overtaking } from './overtaking.ts';
import type { Planted } from './planted.ts';
import { staleReplica } from './stale-replica.ts';
import { swallowedRefusal } from './swallowed-refusal.ts';
import { tornTransfer } from './torn-transfer.ts';
import { twoLeaders } from './two-leaders.ts';
import { unfencedLock } from './unfenced-lock.ts';
import { unsyncedDisk } from './unsynced-disk.ts';

export const systems: readonly Planted[] = [
  lostUpdate,
  overtaking,
  doubleCharge,
  duplicateDatagram,
  staleReplica,
  earlyCancel,
  swallowedRefusal,
  unsyncedDisk,
  tornTransfer,
  unfencedLock,
  twoLeaders,
  forgottenKeys,
];
