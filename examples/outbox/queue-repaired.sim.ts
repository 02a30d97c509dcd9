// The queue alone: whatever crashes and whatever is lost, it delivers each message at least once.

import { defineScenario } from 'wavetank';
import { queueAlone } from './queue-scenario.ts';
import { Store } from './services/store.ts';

export default defineScenario(queueAlone({ name: 'outbox-queue', store: (disk) => new Store(disk) }));
