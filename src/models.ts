// `wavetank/models`: sequential specifications, as oracles for checkers and as fast-check models.

export { UNKNOWN, type Answer, type Model } from '../models/model.ts';
export { modelCommands, possibleStates, ModelError, type PossibleStates } from '../models/commands.ts';
export { register, registerOperations, type RegisterInput } from '../models/register.ts';
export { casRegister, casOperations, type CasInput } from '../models/cas-register.ts';
export { keyValueStore, keyValueOperations } from '../models/key-value-store.ts';
export type { KeyValueInput, KeyValueState } from '../models/key-value-store.ts';
export { counter, counterOperations, type CounterInput } from '../models/counter.ts';
export { set, setOperations, type SetInput } from '../models/set.ts';
export { fifoQueue, queueOperations, type QueueInput } from '../models/fifo-queue.ts';
export { priorityQueue, priorityOperations } from '../models/priority-queue.ts';
export type { Prioritized, PriorityInput } from '../models/priority-queue.ts';
export { atLeastOnceQueue, deliveryOperations } from '../models/at-least-once-queue.ts';
export type { Copies, DeliveryInput, DeliveryState } from '../models/at-least-once-queue.ts';
