// What a violation names in its sentence: the operations, messages and changes of state with that name.

import type { Operation } from '../../history/operation.ts';
import type { SentEntry, StateEntry } from '../../history/trace.ts';
import { firstAndLast } from './first-and-last.ts';
import { identifiersIn, mentions } from './identifiers.ts';
import type { TraceIndex } from './trace-index.ts';

/** What is searched of one text. */
const TEXT_MAX = 10_000;
const FEW = { first: 1, last: 2 };

/** The entries of a trace that what a sentence names is in, as places; of many the first and the last. */
export function namedSeeds(index: TraceIndex, history: readonly Operation[], sentence: string): number[] {
  const names = identifiersIn(sentence).filter((name) => !isParty(index, name));
  return names.flatMap((name) => [
    ...firstAndLast(
      history.filter(({ input }) => mentions(jsonOf(input), name)),
      FEW,
    ).flatMap((operation) => operationPlaces(index, operation)),
    ...firstAndLast(
      index.all('sent', (entry) => carries(entry, name)),
      FEW,
    ),
    ...firstAndLast(
      index.all('state', ({ patches }) => isAbout(patches, name)),
      FEW,
    ),
  ]);
}

/** Where an operation begins and ends. */
export function operationPlaces(index: TraceIndex, operation: Pick<Operation, 'id'>): number[] {
  return [index.invoked(operation), index.ended(operation)].filter((place) => place !== undefined);
}

/** Whether it is the name of a host or a client, which everything has to do with. */
function isParty(index: TraceIndex, name: string): boolean {
  return index.trace.some((entry) => {
    if (entry.kind === 'sent') return entry.from === name || entry.to === name;
    if (entry.kind === 'operation') return entry.client === name;
    return entry.kind === 'step' && entry.host === name;
  });
}

function carries({ message, label, content }: SentEntry, name: string): boolean {
  if (message !== 'request' && message !== 'datagram') return false;
  return mentions(label, name) || mentions(content?.body?.text?.slice(0, TEXT_MAX) ?? '', name);
}

function isAbout(patches: StateEntry['patches'], name: string): boolean {
  return patches.some(({ path, value }) => path.includes(name) || mentions(jsonOf(value), name));
}

function jsonOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, TEXT_MAX);
  try {
    return (JSON.stringify(value) ?? '').slice(0, TEXT_MAX);
  } catch {
    return '';
  }
}
