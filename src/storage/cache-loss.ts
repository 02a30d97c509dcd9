// Draws what a power loss takes of what was not synced.

import { combine32, hashString } from '../random/hash.ts';
import type { KeyedRandom } from '../random/keyed.ts';
import { isContent, type CachedFile, type ContentChange, type Loss, type Pending } from './pending.ts';
import { dependsOn } from './write-cache.ts';

/** The units in which disks write: all of one or nothing. */
const SECTOR_BYTES: readonly number[] = [512, 4096];

/** Draws an integer from 0 to `bound - 1`. */
type Draw = (bound: number) => number;

/** All of it: what a power loss takes at the worst moment. */
export function loseAll(pending: readonly Pending[]): Loss[] {
  return withoutNeedless(pending, new Set(pending), () => []);
}

/**
 * Draws what is lost. A quarter of the power losses take everything, a quarter everything from some change
 * on; the rest take each change of names or not, and of each file all, nothing, all from some change on, or
 * in each sector all from some change on. A change that others need is there if they are.
 *
 * Determinism: keyed by `key` and the number of the draw.
 */
export function drawLosses(pending: readonly Pending[], random: KeyedRandom, key: number): Loss[] {
  let nth = 0;
  const draw: Draw = (bound) => random.below(bound, combine32(key, hashString('cache')), nth++);
  const mode = draw(4);
  if (mode === 0) return loseAll(pending);
  const sector = SECTOR_BYTES[draw(SECTOR_BYTES.length)] as number;
  const torn = new Map<ContentChange, Loss[]>();
  const lost = new Set<Pending>();
  if (mode === 1) {
    const first = draw(pending.length + 1);
    for (const change of pending.slice(first)) lost.add(change);
  } else {
    for (const change of pending) if (!isContent(change) && draw(2) === 0) lost.add(change);
    const files = new Set(pending.filter(isContent).map(({ file }) => file));
    for (const file of files) drawForFile(changesOf(pending, file), { draw, sector, lost, torn });
  }
  loseDependents(pending, lost);
  return withoutNeedless(pending, lost, (change) => torn.get(change) ?? []);
}

interface FileDraw {
  readonly draw: Draw;
  readonly sector: number;
  readonly lost: Set<Pending>;
  readonly torn: Map<ContentChange, Loss[]>;
}

function drawForFile(changes: readonly ContentChange[], { draw, sector, lost, torn }: FileDraw): void {
  const fate = draw(4);
  if (fate === 0) return;
  // A sector that is written has all that was done to it until then.
  const first = fate === 1 ? 0 : draw(changes.length + 1);
  if (fate < 3 || changes.some(({ operation }) => operation === 'truncate')) {
    for (const change of changes.slice(first)) lost.add(change);
    return;
  }
  const firstLost = new Map<number, number>();
  const zeros = draw(4) === 0;
  for (const [i, change] of changes.entries()) {
    const losses: Loss[] = [];
    const end = change.at + change.bytes.length;
    for (let from = change.at; from < end;) {
      const index = Math.floor(from / sector);
      const to = Math.min(end, (index + 1) * sector);
      let lostFrom = firstLost.get(index);
      if (lostFrom === undefined) firstLost.set(index, (lostFrom = draw(changes.length + 1)));
      if (i >= lostFrom) addStretch(losses, { from, to, change, zeros });
      from = to;
    }
    const isWhole = losses.length === 1 && losses[0]?.fromByte === change.at && losses[0].toByte === end;
    if (isWhole && !zeros) lost.add(change);
    else if (losses.length > 0) torn.set(change, losses);
  }
}

function addStretch(
  losses: Loss[],
  { from, to, change, zeros }: { from: number; to: number; change: ContentChange; zeros: boolean },
): void {
  const last = losses.at(-1);
  const begin = last?.toByte === from ? (losses.pop()?.fromByte ?? from) : from;
  // Only what the file grew by can come back as zeros.
  const leavesZeros = zeros && begin >= change.sizeBefore;
  losses.push({ ...lossOf(change), fromByte: begin, toByte: to, ...(leavesZeros ? { leavesZeros } : {}) });
}

function loseDependents(pending: readonly Pending[], lost: Set<Pending>): void {
  const gone: Pending[] = [];
  for (const change of pending) {
    if (!lost.has(change) && !gone.some((earlier) => dependsOn(change, earlier))) continue;
    lost.add(change);
    gone.push(change);
  }
}

/** The losses as facts, without those of content that no name leads to any more. */
function withoutNeedless(
  pending: readonly Pending[],
  lost: ReadonlySet<Pending>,
  tornOf: (change: ContentChange) => Loss[],
): Loss[] {
  const gone = new Set<number>();
  for (const change of lost) {
    if (!isContent(change) && change.created !== undefined) gone.add(change.created);
  }
  return pending.flatMap((change) => {
    if (isContent(change) && gone.has(change.file.ino)) return [];
    if (lost.has(change)) return [lossOf(change)];
    return isContent(change) ? tornOf(change) : [];
  });
}

function lossOf(change: Pending): Loss {
  const { operation, path, nth } = change;
  if (!isContent(change)) {
    return { operation, path, ...(change.to === undefined ? {} : { to: change.to }), nth };
  }
  if (operation === 'truncate') return { operation, path, nth };
  return { operation, path, nth, fromByte: change.at, toByte: change.at + change.bytes.length };
}

function changesOf(pending: readonly Pending[], file: CachedFile): ContentChange[] {
  return pending.filter(isContent).filter((change) => change.file === file);
}
