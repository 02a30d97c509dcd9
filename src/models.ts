// `wavetank/models`: sequential specifications, as oracles for checkers and as fast-check models.

export { UNKNOWN, type Answer, type Model } from '../models/model.ts';
export { modelCommands, possibleStates, ModelError, type PossibleStates } from '../models/commands.ts';
export { register, registerOperations, type RegisterInput } from '../models/register.ts';
export { casRegister, type CasInput } from '../models/cas-register.ts';
export { fifoQueue, type QueueInput } from '../models/fifo-queue.ts';
