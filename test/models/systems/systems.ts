// All models with their services, one a line.

import type { SimulatedModel } from '../simulated.ts';
import { logModel } from './append-only-log.ts';
import { deliveryModel } from './at-least-once-queue.ts';
import { bankModel } from './bank.ts';
import { casRegisterModel } from './cas-register.ts';
import { counterModel } from './counter.ts';
import { fencedLockModel } from './fenced-lock.ts';
import { fencedRegisterModel } from './fenced-register.ts';
import { queueModel } from './fifo-queue.ts';
import { keyValueModel } from './key-value-store.ts';
import { electionModel } from './leader-election.ts';
import { listAppendModel } from './list-append.ts';
import { lockModel } from './lock.ts';
import { priorityModel } from './priority-queue.ts';
import { registerModel } from './register.ts';
import { sagaModel } from './saga.ts';
import { semaphoreModel } from './semaphore.ts';
import { setModel } from './set.ts';
import { votedElectionModel } from './voters.ts';

export const systems: readonly SimulatedModel[] = [
  registerModel,
  casRegisterModel,
  keyValueModel,
  counterModel,
  setModel,
  queueModel,
  priorityModel,
  deliveryModel,
  logModel,
  listAppendModel,
  lockModel,
  fencedLockModel,
  fencedRegisterModel,
  semaphoreModel,
  bankModel,
  electionModel,
  votedElectionModel,
  sagaModel,
];
