// Lays the rows of two runs side by side: what happened in both at the same time stands in one line. Pure.

import type { TraceEntry } from '../../../../history/trace.ts';
import { messageName } from '../../../trace-words.ts';
import { whoOf } from './event-text.ts';
import type { Row } from './rows.ts';

/** A line of the picture: the rows in it, as places in the list of each run; -1 where one has none. */
export type Line = readonly number[];

/** What an entry is, whatever became of it: equal for entries of two runs that are the same event. */
export function keyOf(entry: TraceEntry): string {
  const who = whoOf(entry).replace('⇥', '→');
  switch (entry.kind) {
    case 'sent':
    case 'arrived':
      return `${entry.kind} ${who} ${entry.message} ${messageName(entry)}`;
    case 'operation':
      return `operation ${who} ${entry.id} ${entry.type === 'invoke'}`;
    case 'step':
      return `step ${who} ${entry.what}`;
    case 'host':
      return `host ${who} ${entry.change}`;
    case 'state':
      return `state ${who} ${entry.store} ${entry.patches.map(({ path }) => path.join('.')).join()}`;
    case 'fault':
      return `fault ${entry.fault} ${entry.change} ${entry.text}`;
    case 'span':
      return `span ${who} ${entry.name}`;
    default:
      return `${entry.kind} ${who} ${entry.text}`;
  }
}

/** What is looked ahead for the partner of a row, among those of the same time. */
const AHEAD_MAX = 12;

/**
 * Aligns the rows of one run or of two. Two rows share a line if they are the same event at the same time;
 * other rows follow in the order of virtual time, those of the first run first.
 */
export function alignedRows(
  rows: readonly (readonly Row[])[],
  keys: readonly ((row: Row) => string)[],
): Line[] {
  const [left = [], right] = rows;
  if (right === undefined) return left.map((_, i) => [i]);
  const [leftKey = String, rightKey = String] = keys;
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const a = left[i] as Row;
    const b = right[j] as Row;
    if (a.atUs < b.atUs) lines.push([i++, -1]);
    else if (a.atUs > b.atUs) lines.push([-1, j++]);
    else if (leftKey(a) === rightKey(b)) lines.push([i++, j++]);
    else if (isAhead(right, j, a, leftKey(a), rightKey)) lines.push([-1, j++]);
    else lines.push([i++, -1]);
  }
  while (i < left.length) lines.push([i++, -1]);
  while (j < right.length) lines.push([-1, j++]);
  return lines;
}

function isAhead(
  rows: readonly Row[],
  at: number,
  wanted: Row,
  key: string,
  keyOfRow: (row: Row) => string,
): boolean {
  for (let k = at + 1; k < Math.min(rows.length, at + AHEAD_MAX); k++) {
    const row = rows[k] as Row;
    if (row.atUs !== wanted.atUs) return false;
    if (keyOfRow(row) === key) return true;
  }
  return false;
}
