// The wallets with a ledger that is replaced only by who has read the newest: they keep their promises.

import { defineScenario } from 'wavetank';
import { wallet } from './scenario.ts';

export default defineScenario(wallet({ name: 'wallet-repaired', writing: 'if unchanged' }));
