// A priority queue.

import fc, { type Arbitrary } from 'fast-check';
import { isEqual } from './equal.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown, told } from './words.ts';

/** What a client asks of a priority queue. */
export type PriorityInput<Item> =
  | {
      readonly name: 'insert';
      readonly item: Item;
      /** The greater, the sooner it comes out. */
      readonly priority: number;
    }
  | { readonly name: 'take' };

/** An item in a priority queue. */
export interface Prioritized<Item> {
  readonly item: Item;
  readonly priority: number;
}

/**
 * A priority queue: every item comes out once, one of the greatest priority first.
 *
 * - `insert` puts an item in. Its answer tells nothing; the model does not look at it.
 * - `take` takes out an item of the greatest priority that there is, and answers it; null where the queue is
 *   empty. It never waits.
 *
 * Left to choice: which of the items with the same priority comes first. null is no item.
 */
export function priorityQueue<Item>(): Model<
  readonly Prioritized<Item>[],
  PriorityInput<Item>,
  Item | null | undefined
> {
  return {
    name: 'priority queue',
    // The greatest priority first, and items of one priority in one order, so that equal queues are equal
    // states.
    initial: [],
    next(items, input, answer: Answer<Item | null | undefined>) {
      if (input.name === 'insert') return [inserted(items, { item: input.item, priority: input.priority })];
      const [first] = items;
      if (first === undefined) return answer === UNKNOWN || answer === null ? [items] : [];
      const states: (readonly Prioritized<Item>[])[] = [];
      for (const [i, { item, priority }] of items.entries()) {
        if (priority !== first.priority) break;
        if (i > 0 && isEqual(item, items[i - 1]?.item)) continue;
        if (answer === UNKNOWN || isEqual(answer, item)) states.push(items.toSpliced(i, 1));
      }
      return states;
    },
    describeState(items) {
      const each = items.map(({ item, priority }) => `${shown(item)} (priority ${priority})`);
      return items.length === 0 ? 'empty' : each.join(', ');
    },
    describe(input, answer) {
      if (input.name === 'insert') {
        const what = `insert ${shown(input.item)} with priority ${input.priority}`;
        return told(answer, `asked to ${what}`, () => what.replace('insert', 'inserted'));
      }
      return told(answer, 'asked to take an item', (item) =>
        item === null ? 'took nothing, as if the queue were empty' : `took ${shown(item)}`,
      );
    },
  };
}

function inserted<Item>(
  items: readonly Prioritized<Item>[],
  fresh: Prioritized<Item>,
): readonly Prioritized<Item>[] {
  const text = shown(fresh.item);
  const at = items.findIndex(
    ({ item, priority }) => priority < fresh.priority || (priority === fresh.priority && shown(item) > text),
  );
  return at === -1 ? [...items, fresh] : items.toSpliced(at, 0, fresh);
}

/**
 * Operations on a priority queue of strings.
 *
 * @param options.items - Many, so that it is told apart which one comes out. Default: `a` to `f`.
 * @param options.priorities - Few, so that some are equal. Default: 1, 9 and 10, which are in another order
 *   as text.
 */
export function priorityOperations(
  options: { readonly items?: Arbitrary<string>; readonly priorities?: Arbitrary<number> } = {},
): Arbitrary<PriorityInput<string>> {
  const item = options.items ?? fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const priority = options.priorities ?? fc.constantFrom(1, 9, 10);
  return fc.oneof(
    fc.tuple(item, priority).map(([each, rank]) => ({ name: 'insert', item: each, priority: rank }) as const),
    fc.constant({ name: 'take' } as const),
  );
}
