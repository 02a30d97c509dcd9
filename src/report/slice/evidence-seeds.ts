// What a checker showed: the operations that it names, and where the records come from.

import type { Evidence, RecordsEvidence, RequestsEvidence } from '../../history/evidence.ts';
import { firstAndLast } from './first-and-last.ts';
import { operationPlaces } from './named-seeds.ts';
import type { TraceIndex } from './trace-index.ts';

const FEW = { first: 2, last: 6 };
/** Of an order that goes far, what came last before it broke. */
const PREFIX = { first: 0, last: 2 };

/** The entries of a trace that evidence is about, as places. */
export function evidenceSeeds(index: TraceIndex, evidence: Evidence): number[] {
  const at = (operations: readonly { readonly operation: number }[]): number[] =>
    firstAndLast(operations, FEW).flatMap(({ operation }) => operationPlaces(index, { id: operation }));
  switch (evidence.kind) {
    case 'records':
      return firstAndLast(evidence.records, FEW).flatMap((record) => recordPlaces(index, record));
    case 'order':
      return at([...firstAndLast(evidence.prefix, PREFIX), ...evidence.open.slice(0, 4), evidence.culprit]);
    case 'cycle':
      return at(evidence.transactions);
    default:
      return at(evidence.operations);
    case 'requests':
      return evidence.requests.slice(0, FEW.first).flatMap((request) => requestPlaces(index, request));
  }
}

/** Where a request and its answer left; of an operation, where it began and ended. */
function requestPlaces(
  index: TraceIndex,
  { operation, from, to, name: label, nth }: RequestsEvidence['requests'][number],
): number[] {
  if (operation !== undefined) return operationPlaces(index, { id: operation });
  const request = index.sent({ from, to, message: 'request', label, nth });
  const response = index.sent({ from: to, to: from, message: 'response', label, nth });
  return [request, response].filter((place) => place !== undefined);
}

/** The step in which a record was written, and the changes of state in it. */
function recordPlaces(index: TraceIndex, { key, origin }: RecordsEvidence['records'][number]): number[] {
  if (origin === undefined) return [];
  const { step, host } = origin;
  const changes = index.within(step).filter((place) => {
    const entry = index.at(place);
    if (entry.kind !== 'state' || entry.host !== host) return false;
    return entry.patches.some(({ path }) => path.length === 0 || path.map(String).includes(key));
  });
  const began = index.step(step);
  return [...(began === undefined ? [] : [began]), ...changes];
}
