// A priority queue as a service.

import { priorityOperations, priorityQueue, type PriorityInput } from '../../../src/models.ts';
import type { Prioritized } from '../../../src/models.ts';
import { simulated, type SimulatedModel } from '../simulated.ts';
import { service, type Kept } from './service.ts';

type Waiting = { items: Prioritized<string>[] };

/** Takes the item that comes first, by a comparison. */
function taking(
  isBefore: (left: Prioritized<string>, right: Prioritized<string>) => boolean,
): Kept<Waiting, PriorityInput<string>, string | null | undefined> {
  return {
    initial: () => ({ items: [] }),
    apply({ items }, input) {
      if (input.name === 'insert') {
        items.push({ item: input.item, priority: input.priority });
        return undefined;
      }
      let best = 0;
      for (const [i, each] of items.entries()) if (isBefore(each, items[best]!)) best = i;
      return items.splice(best, 1)[0]?.item ?? null;
    },
  };
}

export const keptPriorityQueue = taking((left, right) => left.priority > right.priority);
/** As text 9 is greater than 10. */
const byText = taking((left, right) => String(left.priority) > String(right.priority));

export const priorityModel: SimulatedModel = simulated({
  model: priorityQueue<string>(),
  operations: () => priorityOperations(),
  closing: Array.from({ length: 4 }, () => ({ name: 'take' }) as const),
  correct: service(keptPriorityQueue),
  faulty: [
    {
      what: 'compares priorities as text',
      hosts: service(byText),
      names: [/no order explains \w+ took "\w"/, /priority 10/],
    },
    {
      what: 'answers before it syncs',
      hosts: service(keptPriorityQueue, 'answers before it syncs'),
      names: [/no order explains \w+ took/],
    },
  ],
});
