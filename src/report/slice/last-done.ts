// What was last done for an operation that has not ended: the end of the causes that lead away from it.

import type { Operation } from '../../history/operation.ts';
import { causesOf } from './causes.ts';
import type { TraceIndex } from './trace-index.ts';

/** The last entry of a trace that came from an operation, by any chain of causes. */
export function lastDoneFor(index: TraceIndex, operation: Pick<Operation, 'id'>): number[] {
  const invoked = index.invoked(operation);
  if (invoked === undefined) return [];
  const from = new Set([invoked]);
  let last = invoked;
  for (let place = invoked + 1; place < index.trace.length; place++) {
    const { kind } = index.at(place);
    if (!causesOf(index, place).some((cause) => from.has(cause))) continue;
    from.add(place);
    if (kind === 'sent' || kind === 'arrived') last = place;
  }
  return [last];
}
