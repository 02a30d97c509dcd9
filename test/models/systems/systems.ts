// All models with their services, one a line.

import type { SimulatedModel } from '../simulated.ts';
import { deliveryModel } from './at-least-once-queue.ts';
import { casRegisterModel } from './cas-register.ts';
import { counterModel } from './counter.ts';
import { queueModel } from './fifo-queue.ts';
import { keyValueModel } from './key-value-store.ts';
import { priorityModel } from './priority-queue.ts';
import { registerModel } from './register.ts';
import { setModel } from './set.ts';

export const systems: readonly SimulatedModel[] = [
  registerModel,
  casRegisterModel,
  keyValueModel,
  counterModel,
  setModel,
  queueModel,
  priorityModel,
  deliveryModel,
];
