// What checks see of the operations of a run when one observation is altered. The run itself knows nothing of
// it.

import { isDeepStrictEqual } from 'node:util';
import type { Operation } from '../history/operation.ts';
import type { OperationAlteration } from './alteration.ts';

/** Shows a history with one operation altered. As long as it has not ended well, all is as it was. */
export function alteredHistory(
  operations: readonly Operation[],
  alteration: OperationAlteration | undefined,
): readonly Operation[] {
  if (alteration === undefined) return operations;
  const at = findOperation(operations, alteration);
  const altered = operations[at];
  if (altered?.type !== 'ok') return operations;
  if (alteration.kind === 'dropped') return operations.filter((each) => each !== altered);
  const before = otherBefore(operations, at);
  if (before === undefined) return operations;
  return operations.map((each) => {
    if (each === altered) return { ...each, value: before.value };
    return each === before && alteration.kind === 'swapped' ? { ...each, value: altered.value } : each;
  });
}

/** The operation that an alteration names; -1 where there is none yet. */
export function findOperation(
  operations: readonly Operation[],
  { client, name, nth }: Pick<OperationAlteration, 'client' | 'name' | 'nth'>,
): number {
  let count = 0;
  return operations.findIndex((each) => each.client === client && each.name === name && ++count === nth);
}

/** The nearest operation of the same name that began before it, ended well, and was told something else. */
export function otherBefore(operations: readonly Operation[], at: number): Operation | undefined {
  const { name, value } = operations[at] as Operation;
  return operations
    .slice(0, at)
    .findLast((each) => each.name === name && each.type === 'ok' && !isDeepStrictEqual(each.value, value));
}
