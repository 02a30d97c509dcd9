// A first-in, first-out queue.

import { UNKNOWN, type Answer, type Model } from './model.ts';

/** What a client asks of the queue. */
export type QueueInput<Item> =
  { readonly name: 'enqueue'; readonly value: Item } | { readonly name: 'dequeue' };

/** Makes the model. `dequeue` answers the item, or null where the queue is empty. */
export function fifoQueue<Item>(): Model<readonly Item[], QueueInput<Item>, Item | null | undefined> {
  return {
    name: 'queue',
    initial: [],
    next(items, input, answer: Answer<Item | null | undefined>) {
      if (input.name === 'enqueue') return [[...items, input.value]];
      const [first = null, ...rest] = items;
      return answer === UNKNOWN || answer === first ? [rest] : [];
    },
  };
}
