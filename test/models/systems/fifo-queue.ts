// A FIFO queue as a service.

import type { Host } from '../../../src/index.ts';
import { fifoQueue, queueOperations, type QueueInput } from '../../../src/models.ts';
import { simulated, type SimulatedModel } from '../simulated.ts';
import { ownService, service, type Asked, type Kept } from './service.ts';

export const keptQueue: Kept<{ items: string[] }, QueueInput<string>, string | null | undefined> = {
  initial: () => ({ items: [] }),
  apply({ items }, input) {
    if (input.name === 'dequeue') return items.shift() ?? null;
    items.push(input.value);
    return undefined;
  },
};

/** Keeps each item under the millisecond in which it came: of two that came in the same, one is left. */
function byMillisecond({ disk }: Host): (asked: Asked<QueueInput<string>>) => string | null | undefined {
  return ({ id, input }) => {
    const before = disk.get(`answer ${id}`) as { output?: string | null } | undefined;
    if (before !== undefined) return before.output;
    let output: string | null | undefined;
    if (input.name === 'enqueue') disk.put(`item ${Date.now()}`, input.value);
    else {
      const first = disk.keys().find((key) => key.startsWith('item '));
      output = first === undefined ? null : (disk.get(first) as string);
      if (first !== undefined) disk.delete(first);
    }
    disk.put(`answer ${id}`, { output });
    disk.sync();
    return output;
  };
}

export const queueModel: SimulatedModel = simulated({
  model: fifoQueue<string>(),
  operations: () => queueOperations(),
  closing: Array.from({ length: 4 }, () => ({ name: 'dequeue' }) as const),
  correct: service(keptQueue),
  faulty: [
    {
      what: 'remembers requests in memory',
      hosts: service(keptQueue, 'remembers requests in memory'),
      names: [/no order explains \w+ dequeued/, /enqueued "\w"/],
    },
    {
      what: 'names items by the millisecond',
      hosts: ownService(byMillisecond),
      names: [/no order explains \w+ dequeued/, /the state is \["\w/],
    },
  ],
});
