// A first-in, first-out queue.

import fc, { type Arbitrary } from 'fast-check';
import { isEqual } from './equal.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown, told } from './words.ts';

/** What a client asks of the queue. */
export type QueueInput<Item> =
  { readonly name: 'enqueue'; readonly value: Item } | { readonly name: 'dequeue' };

/**
 * A first-in, first-out queue: every item comes out once, in the order in which they went in.
 *
 * - `enqueue` puts an item at the end. Its answer tells nothing; the model does not look at it.
 * - `dequeue` takes out the item that has been in for longest and answers it, null where the queue is empty.
 *   It never waits.
 *
 * Nothing is left to choice. null is no item.
 *
 * Source: Linearizability: A Correctness Condition for Concurrent Objects (Herlihy and Wing, 1990).
 */
export function fifoQueue<Item>(): Model<readonly Item[], QueueInput<Item>, Item | null | undefined> {
  return {
    name: 'FIFO queue',
    initial: [],
    next(items, input, answer: Answer<Item | null | undefined>) {
      if (input.name === 'enqueue') return [[...items, input.value]];
      const [first = null, ...rest] = items;
      return answer === UNKNOWN || isEqual(answer, first) ? [rest] : [];
    },
    describeState: (items) => (items.length === 0 ? 'empty' : shown(items)),
    describe(input, answer) {
      if (input.name === 'enqueue') {
        return told(answer, `asked to enqueue ${shown(input.value)}`, () => `enqueued ${shown(input.value)}`);
      }
      return told(answer, 'asked to dequeue', (item) =>
        item === null ? 'dequeued, and the queue was empty' : `dequeued ${shown(item)}`,
      );
    },
  };
}

/**
 * Operations on a queue of strings.
 *
 * @param options.items - Many, so that it is told apart which one comes out. Default: `a` to `f`.
 */
export function queueOperations(
  options: { readonly items?: Arbitrary<string> } = {},
): Arbitrary<QueueInput<string>> {
  const item = options.items ?? fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  return fc.oneof(
    item.map((value) => ({ name: 'enqueue', value }) as const),
    fc.constant({ name: 'dequeue' } as const),
  );
}
