// Where the arrows of messages go. Pure.

import type { SentEntry } from '../../../../history/trace.ts';
import { duration, isLost } from './event-text.ts';
import type { Tone } from './event-text.ts';
import type { Mark } from './rows.ts';
import type { RunModel } from './run-model.ts';
import { LINE_HEIGHT } from './scale.ts';

/** An arrow, from left to right or from right to left, and down. */
export interface Arrow {
  readonly kind: 'arrow';
  /** The message, as a place in the trace. */
  readonly index: number;
  readonly step: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /**
   * `cross`: it is lost. `wait`: it was held back until the run ended. `open`: it was on its way then. `far`:
   * it arrives out of sight.
   */
  readonly end: 'head' | 'cross' | 'wait' | 'open' | 'far';
  readonly tone: Tone;
  readonly label: string;
  /** How long it takes, where it is known. */
  readonly took: string;
  readonly isCopy: boolean;
}

/** Longer arrows are cut: they are drawn where they begin and where they end. */
const DRAWN_MAX = 2400;
/** How far a lost message comes. */
const LOST_AT = 0.86;

/** The arrows of a message: one, and one for its copy; and the end of one that is long. */
export function arrowsOf(model: RunModel, mark: Mark, y1: number, yOf: (index: number) => number): Arrow[] {
  const entry = model.trace[mark.index] as SentEntry;
  const { step } = entry;
  const x1 = mark.x as number;
  const toX = mark.toX as number;
  const base = { kind: 'arrow', index: mark.index, step, x1, y1, tone: mark.tone, isCopy: false } as const;
  if (isLost(entry)) {
    const x2 = x1 + (toX - x1) * LOST_AT;
    const y2 = y1 + LINE_HEIGHT * LOST_AT;
    return [{ ...base, x2, y2, end: 'cross', label: mark.label, took: '' }];
  }
  const arrival = model.arrivalOf[mark.index] ?? -1;
  const copy = model.copyOf[mark.index] ?? -1;
  const arrows = arrival === -1 ? [waiting(base, entry, mark)] : landing(base, model, mark, arrival, yOf);
  if (copy === -1) return arrows;
  const again = landing({ ...base, tone: 'late', isCopy: true }, model, mark, copy, yOf);
  return [...arrows, ...again.map((arrow) => ({ ...arrow, label: 'the same again' }))];
}

type Base = Pick<Arrow, 'kind' | 'index' | 'step' | 'x1' | 'y1' | 'tone' | 'isCopy'>;

function waiting(base: Base, entry: SentEntry, mark: Mark): Arrow {
  const x2 = base.x1 + ((mark.toX as number) - base.x1) * LOST_AT;
  const y2 = base.y1 + LINE_HEIGHT * LOST_AT;
  return { ...base, x2, y2, end: entry.fate === 'delivered' ? 'open' : 'wait', label: mark.label, took: '' };
}

function landing(
  base: Base,
  model: RunModel,
  mark: Mark,
  arrival: number,
  yOf: (index: number) => number,
): Arrow[] {
  const toX = mark.toX as number;
  const sentUs = model.trace[mark.index]?.atUs ?? 0;
  const took = duration((model.trace[arrival]?.atUs ?? 0) - sentUs);
  const y2 = Math.max(base.y1 + LINE_HEIGHT / 2, yOf(arrival));
  const whole = { ...base, x2: toX, label: mark.label, took };
  if (y2 - base.y1 <= DRAWN_MAX) return [{ ...whole, y2, end: 'head' }];
  const tail = { ...whole, x1: toX, y1: y2 - 2 * LINE_HEIGHT, y2, label: '', took: '' };
  return [
    { ...whole, y2: base.y1 + 2 * LINE_HEIGHT, end: 'far' },
    { ...tail, end: 'head' },
  ];
}

/** Whether the arrow goes straight: others first go over, then down along the lane of their target. */
export function isStraight({ y1, y2 }: Pick<Arrow, 'y1' | 'y2'>): boolean {
  return y2 - y1 <= LINE_HEIGHT * 1.6;
}
