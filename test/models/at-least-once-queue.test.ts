// An at-least-once queue.

import { atLeastOnceQueue, deliveryOperations, UNKNOWN } from '../../src/models.ts';
import type { DeliveryInput, DeliveryState } from '../../src/models.ts';
import { prove } from './proof.ts';
import type { Reference } from './reference.ts';
import { tabled } from './table.ts';

type Output = string | boolean | number | null | undefined;

const receive: DeliveryInput = { name: 'receive' };
const backlog: DeliveryInput = { name: 'backlog' };
const send = (message: string): DeliveryInput => ({ name: 'send', message });
const acknowledge = (message: string): DeliveryInput => ({ name: 'acknowledge', message });

/** The copies that nobody acknowledged, one by one. */
type Copy = { readonly message: string; readonly isDelivered: boolean };

const reference: Reference<readonly Copy[], DeliveryInput, Output> = {
  initial: [],
  outcomes(copies, input) {
    switch (input.name) {
      case 'send':
        return [[undefined, [...copies, { message: input.message, isDelivered: false }]]];
      case 'receive': {
        const deliveries = copies.map(
          (copy, i) => [copy.message, copies.with(i, { ...copy, isDelivered: true })] as const,
        );
        return copies.every(({ isDelivered }) => isDelivered) ? [...deliveries, [null, copies]] : deliveries;
      }
      case 'acknowledge': {
        const at = copies.findIndex(({ message, isDelivered }) => isDelivered && message === input.message);
        return at === -1 ? [[false, copies]] : [[true, copies.toSpliced(at, 1)]];
      }
      default:
        return [[copies.length, copies]];
    }
  },
};

prove<DeliveryState, DeliveryInput, Output, readonly Copy[]>({
  model: atLeastOnceQueue(),
  reference,
  inputs: [send('a'), send('b'), receive, acknowledge('a'), backlog],
  absurd: ['z', 9],
  operations: deliveryOperations(),
  depth: 5,
});

const fresh = { waiting: 1, delivered: 0 };
const seen = { waiting: 0, delivered: 1 };

tabled<DeliveryState, DeliveryInput, Output>(atLeastOnceQueue(), [
  [{}, send('a'), undefined, [{ a: fresh }]],
  [{ a: fresh }, send('a'), UNKNOWN, [{ a: { waiting: 2, delivered: 0 } }]],
  [{}, receive, null, [{}]],
  [{}, receive, 'a', []],
  [{ a: fresh }, receive, 'a', [{ a: seen }]],
  [{ a: fresh }, receive, null, []],
  [{ a: seen }, receive, 'a', [{ a: seen }]],
  [{ a: seen }, receive, null, [{ a: seen }]],
  [{ a: seen, b: fresh }, receive, null, []],
  [
    { a: seen, b: fresh },
    receive,
    UNKNOWN,
    [
      { a: seen, b: fresh },
      { a: seen, b: seen },
    ],
  ],
  [
    { a: { waiting: 1, delivered: 1 } },
    receive,
    'a',
    [{ a: { waiting: 1, delivered: 1 } }, { a: { waiting: 0, delivered: 2 } }],
  ],
  [{ a: fresh }, acknowledge('a'), true, []],
  [{ a: fresh }, acknowledge('a'), false, [{ a: fresh }]],
  [{ a: seen }, acknowledge('a'), true, [{}]],
  [{ a: seen }, acknowledge('a'), false, []],
  [{ a: seen }, acknowledge('a'), UNKNOWN, [{}]],
  [{ a: seen, b: fresh }, backlog, 2, [{ a: seen, b: fresh }]],
  [{ a: seen, b: fresh }, backlog, 1, []],
]);
