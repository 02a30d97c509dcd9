// A FIFO queue.

import { fifoQueue, queueOperations, UNKNOWN, type QueueInput } from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf } from './reference.ts';
import { keptQueue } from './systems/fifo-queue.ts';
import { tabled } from './table.ts';

type Input = QueueInput<string>;
const dequeue: Input = { name: 'dequeue' };
const enqueue = (value: string): Input => ({ name: 'enqueue', value });

prove({
  model: fifoQueue<string>(),
  reference: referenceOf(keptQueue),
  inputs: [dequeue, enqueue('a'), enqueue('b')],
  absurd: ['z'],
  operations: queueOperations(),
  depth: 5,
});

tabled<readonly string[], Input, string | null | undefined>(fifoQueue<string>(), [
  [[], dequeue, null, [[]]],
  [[], dequeue, 'a', []],
  [[], dequeue, UNKNOWN, [[]]],
  [['a', 'b'], dequeue, 'a', [['b']]],
  [['a', 'b'], dequeue, 'b', []],
  [['a', 'b'], dequeue, null, []],
  [['a', 'b'], dequeue, UNKNOWN, [['b']]],
  [['a'], enqueue('b'), undefined, [['a', 'b']]],
  [['a'], enqueue('a'), UNKNOWN, [['a', 'a']]],
]);

tabled(fifoQueue<{ order: number }>(), [
  [[{ order: 1 }], { name: 'dequeue' }, { order: 1 }, [[]]],
  [[{ order: 1 }], { name: 'dequeue' }, { order: 2 }, []],
]);
