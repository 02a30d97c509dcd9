// Cuts what is long in an entry of a trace, and counts what it cut.

import type { Patch } from '../history/journal.ts';
import type { Operation } from '../history/operation.ts';
import type { Bytes, TraceEntry } from '../history/trace.ts';
import { shownText } from './shown-value.ts';

/** What was cut, by what it was. */
export type CutCounts = Map<string, number>;

/** Of everything so much is kept. */
const TEXT_MIN = 80;

/** @param charactersMax - Of a body, a line, a value; names and short texts stay. 0: headers go, too. */
export function cutEntry(entry: TraceEntry, charactersMax: number, counts: CutCounts): TraceEntry {
  const textMax = Math.max(TEXT_MIN, charactersMax);
  switch (entry.kind) {
    case 'sent': {
      const { content, ...rest } = entry;
      if (content === undefined) return entry;
      const { headers, body } = content;
      const cutBody = body === undefined ? undefined : bodyOf(body, charactersMax, counts);
      if (headers !== undefined && charactersMax === 0) count(counts, 'messages without their headers');
      const kept = {
        ...(headers === undefined || charactersMax === 0 ? {} : { headers }),
        ...(cutBody === undefined ? {} : { body: cutBody }),
      };
      return { ...rest, content: kept };
    }
    case 'log':
    case 'note':
      return entry.text.length <= textMax ? entry : { ...entry, text: text(entry.text, textMax, counts) };
    case 'state':
      return { ...entry, patches: entry.patches.map((patch) => patchOf(patch, textMax, counts)) };
    case 'step': {
      const { site, ...rest } = entry;
      if (site === undefined || charactersMax > TEXT_MIN) return entry;
      count(counts, 'steps without the place in the code that scheduled them');
      return rest;
    }
    default:
      return entry;
  }
}

/** An operation with its input and its value cut. */
export function cutOperation(operation: Operation, charactersMax: number, counts: CutCounts): Operation {
  const max = Math.max(TEXT_MIN, charactersMax);
  const { value } = operation;
  return {
    ...operation,
    input: cutValue(operation.input, max, counts),
    ...(value === undefined ? {} : { value: cutValue(value, max, counts) }),
  };
}

/** A value whose JSON is too long becomes the beginning of that. */
export function cutValue(value: unknown, charactersMax: number, counts: CutCounts): unknown {
  const json = JSON.stringify(value) ?? '';
  if (json.length <= charactersMax) return value;
  count(counts, 'values cut');
  return shownText(json, charactersMax);
}

function bodyOf(body: Bytes, charactersMax: number, counts: CutCounts): Bytes {
  const { text: said, base64, byteLength } = body;
  if ((said ?? base64 ?? '').length <= charactersMax) return body;
  count(counts, 'bodies cut');
  if (charactersMax === 0) return { byteLength };
  if (said !== undefined) return { text: shownText(said, charactersMax), byteLength };
  // Whole groups of four, which say three bytes each.
  return { base64: (base64 ?? '').slice(0, charactersMax - (charactersMax % 4)), byteLength };
}

function patchOf(patch: Patch, charactersMax: number, counts: CutCounts): Patch {
  if (patch.value === undefined) return patch;
  return { ...patch, value: cutValue(patch.value, charactersMax, counts) };
}

function text(long: string, charactersMax: number, counts: CutCounts): string {
  count(counts, 'log lines cut');
  return shownText(long, charactersMax);
}

function count(counts: CutCounts, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
