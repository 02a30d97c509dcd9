// All models with their services, one a line.

import type { SimulatedModel } from '../simulated.ts';
import { registerModel } from './register.ts';

export const systems: readonly SimulatedModel[] = [registerModel];
