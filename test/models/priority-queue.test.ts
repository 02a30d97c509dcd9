// A priority queue.

import { priorityOperations, priorityQueue, UNKNOWN } from '../../src/models.ts';
import type { Prioritized, PriorityInput } from '../../src/models.ts';
import { prove } from './proof.ts';
import type { Reference } from './reference.ts';
import { tabled } from './table.ts';

type Input = PriorityInput<string>;
type Items = readonly Prioritized<string>[];
type Output = string | null | undefined;

const take: Input = { name: 'take' };
const insert = (item: string, priority: number): Input => ({ name: 'insert', item, priority });
const waiting = (item: string, priority: number): Prioritized<string> => ({ item, priority });

/** Any of the greatest priority may come out. */
const reference: Reference<Items, Input, Output> = {
  initial: [],
  outcomes(items, input) {
    if (input.name === 'insert') return [[undefined, [...items, waiting(input.item, input.priority)]]];
    if (items.length === 0) return [[null, items]];
    const greatest = Math.max(...items.map(({ priority }) => priority));
    return items.flatMap((each, i) =>
      each.priority === greatest ? [[each.item, items.filter((_, at) => at !== i)] as const] : [],
    );
  },
};

prove({
  model: priorityQueue<string>(),
  reference,
  inputs: [take, insert('a', 1), insert('b', 1), insert('a', 2)],
  absurd: ['z'],
  operations: priorityOperations(),
  depth: 5,
});

tabled<Items, Input, Output>(priorityQueue<string>(), [
  [[], take, null, [[]]],
  [[], take, 'a', []],
  [[], take, UNKNOWN, [[]]],
  [[waiting('a', 2), waiting('b', 1)], take, 'a', [[waiting('b', 1)]]],
  [[waiting('a', 2), waiting('b', 1)], take, 'b', []],
  [[waiting('a', 2), waiting('b', 1)], take, null, []],
  [[waiting('a', 1), waiting('b', 1)], take, 'b', [[waiting('a', 1)]]],
  [[waiting('a', 1), waiting('b', 1)], take, UNKNOWN, [[waiting('b', 1)], [waiting('a', 1)]]],
  [[waiting('a', 1), waiting('a', 1)], take, UNKNOWN, [[waiting('a', 1)]]],
  [[waiting('b', 1)], insert('a', 1), undefined, [[waiting('a', 1), waiting('b', 1)]]],
  [[waiting('a', 1)], insert('c', 2), undefined, [[waiting('c', 2), waiting('a', 1)]]],
  [[waiting('a', 10)], insert('c', 9), UNKNOWN, [[waiting('a', 10), waiting('c', 9)]]],
]);
