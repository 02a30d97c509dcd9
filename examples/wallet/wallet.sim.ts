// The wallets as they were first shipped: of two transfers at once, one is forgotten. No fault is needed.

import { defineScenario } from 'wavetank';
import { wallet } from './scenario.ts';

export default defineScenario(wallet({ name: 'wallet', writing: 'last write wins' }));
