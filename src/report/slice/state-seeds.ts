// Changes of state that belong to a violation: those of the violating step, the earlier changes of the same
// record (at the same place, or of rows that share an id), and the last change of the same place elsewhere.

import type { Patch } from '../../history/journal.ts';
import { ANSWERS_STORE, type StateEntry, type TraceEntry } from '../../history/trace.ts';
import { firstAndLast } from './first-and-last.ts';
import { isIdentifier } from './identifiers.ts';
import type { TraceIndex } from './trace-index.ts';

const IDENTIFIERS_MAX = 50;

/** Some changes, and what was done before to the same records, there and at the same place of other hosts. */
export function stateSeeds(index: TraceIndex, changes: readonly number[]): number[] {
  return [
    ...changes,
    ...changes.flatMap((place) => [...earlier(index, place), ...counterparts(index, place)]),
  ];
}

/** The changes of state during a step. */
export function changesIn(index: TraceIndex, step: number): number[] {
  return index.within(step).filter((place) => isChange(index.at(place)));
}

/** The last change of everything that is kept, until a step was over. */
export function lastChanges(index: TraceIndex, step: number): number[] {
  const last = new Map<string, number>();
  for (const place of index.all('state', (entry) => entry.step <= step && isChange(entry))) {
    const { host, store } = index.at(place) as StateEntry;
    last.set(`${host} ${store}`, place);
  }
  return [...last.values()];
}

/** What a host begins with is no change, nor is an answer that nothing is known before. */
function isChange(entry: TraceEntry): boolean {
  if (entry.kind !== 'state') return false;
  if (entry.store === ANSWERS_STORE) {
    return entry.patches.some(({ op, path }) => op === 'replace' && path.length > 0);
  }
  return entry.cause.kind !== 'boot' || entry.patches.some(({ path }) => path.length > 0);
}

function earlier(index: TraceIndex, place: number): number[] {
  const { host, store, patches } = index.at(place) as StateEntry;
  const before = index
    .all('state', (entry) => entry.host === host && entry.store === store)
    .filter((each) => each < place);
  const isBefore = (path: Patch['path'], other: Patch['path']): boolean =>
    isSamePlace(path, other) || (store === ANSWERS_STORE && path.length === 0);
  return patches.flatMap((patch) => [
    ...before
      .filter((each) => patchesAt(index, each).some(({ path }) => isBefore(path, patch.path)))
      .slice(-1),
    ...sharing(index, before, patch),
  ]);
}

/** The last change of the same field on each other host: of two that lead, how the other came to. */
function counterparts(index: TraceIndex, place: number): number[] {
  const { host, store, patches } = index.at(place) as StateEntry;
  const fields = new Set(
    patches
      .map(({ path }) => path)
      .filter(isField)
      .map(String),
  );
  if (fields.size === 0) return [];
  const last = new Map<string, number>();
  for (const each of index.all('state', (entry) => entry.host !== host && entry.store === store)) {
    const other = index.at(each) as StateEntry;
    const isSame = other.patches.some(({ path }) => isField(path) && fields.has(String(path)));
    if (each < place && isSame && isChange(other)) last.set(other.host, each);
  }
  return [...last.values()];
}

/** Not a row, of which every host has its own. */
function isField(path: Patch['path']): boolean {
  return path.length > 0 && path.every((key) => typeof key === 'string' && !isIdentifier(key));
}

function sharing(index: TraceIndex, before: readonly number[], patch: Patch): number[] {
  const ids = identifiersOf(patch);
  if (ids.size === 0) return [];
  const shared = before.filter((each) =>
    patchesAt(index, each).some((other) => [...identifiersOf(other)].some((id) => ids.has(id))),
  );
  return firstAndLast(shared, { first: 1, last: 2 });
}

function patchesAt(index: TraceIndex, place: number): readonly Patch[] {
  return (index.at(place) as StateEntry).patches;
}

/** Whether one place is the other or holds it. The root is no record; rows of a list follow each other. */
function isSamePlace(left: Patch['path'], right: Patch['path']): boolean {
  const [a, b] = [left, right].map((path) => (typeof path.at(-1) === 'number' ? path.slice(0, -1) : path));
  const depth = Math.min(a?.length ?? 0, b?.length ?? 0);
  return depth > 0 && left.slice(0, depth).every((key, i) => key === right[i]);
}

/** What names a row: in the path to it, or in what was written there. */
function identifiersOf({ path, value }: Patch): Set<string> {
  const found = new Set<string>();
  for (const key of path) if (typeof key === 'string' && isIdentifier(key)) found.add(key);
  collect(value, found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (found.size >= IDENTIFIERS_MAX) return;
  if (typeof value === 'string' && isIdentifier(value)) found.add(value);
  if (typeof value !== 'object' || value === null) return;
  for (const item of Object.values(value)) collect(item, found);
}
