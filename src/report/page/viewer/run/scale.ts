// How high each line of the picture stands: lines have the same height, what happened close together stands
// close together, and long silences are folded. Pure.

/** A line before it has a place. */
export interface LineTime {
  readonly atUs: number;
  /** Its step, for what is between it and the next. */
  readonly step: number;
  /** How many events that are not shown lie between it and the line before. */
  readonly hidden: number;
}

/** A stretch of time that is drawn shorter than it was. */
export interface Fold {
  /** Its middle. */
  readonly y: number;
  readonly silenceUs: number;
  readonly hidden: number;
  /** What is between: the steps of the lines before and after; open ends are infinite. */
  readonly fromStep: number;
  readonly toStep: number;
  /** So little that a note beside the line is enough. */
  readonly isSmall: boolean;
}

/** The places of all lines. */
export interface Scale {
  readonly ys: Float64Array;
  readonly folds: readonly Fold[];
  readonly height: number;
}

/** How to fold. */
export interface ScaleOptions {
  readonly isFolded: boolean;
  /** Folds that were opened, by the step before them. */
  readonly opened: ReadonlySet<number>;
  /** Events that are not shown after the last line. */
  readonly hiddenAfter: number;
}

/** The height of a line, in pixels; so high that the label of an arrow fits between two. */
export const LINE_HEIGHT = 36;
const FOLD_HEIGHT = 40;
const MARGIN = 26;
/** So few hidden events need no fold of their own. */
const SMALL_MAX = 3;
/** The most that time adds between two lines that are not folded, and that are drawn to scale. */
const GAP_MAX = 18;
const SCALED_GAP_MAX = 480;
/** A silence is long if it is this, and so many times as long as usual. */
const SILENCE_US = 20_000;
const SILENCE_RATIO = 8;

/** Gives each line its place. */
export function scaleOf(lines: readonly LineTime[], options: ScaleOptions): Scale {
  const ys = new Float64Array(lines.length);
  const folds: Fold[] = [];
  const usualUs = usualGap(lines);
  const silenceUs = Math.max(SILENCE_US, usualUs * SILENCE_RATIO);
  let y = MARGIN;
  let before: LineTime | undefined;
  for (const [i, line] of lines.entries()) {
    const gapUs = before === undefined ? 0 : line.atUs - before.atUs;
    const fromStep = before?.step ?? -Infinity;
    const isOpened = !options.isFolded || options.opened.has(fromStep);
    if (before !== undefined) y += LINE_HEIGHT;
    const about = { silenceUs: gapUs, hidden: line.hidden, fromStep, toStep: line.step };
    const isSilent = gapUs >= silenceUs && !isOpened;
    if (isSilent || line.hidden > SMALL_MAX || (line.hidden > 0 && before === undefined)) {
      y += before === undefined ? FOLD_HEIGHT * 0.75 : FOLD_HEIGHT;
      const middle = before === undefined ? MARGIN : y - (FOLD_HEIGHT + LINE_HEIGHT) / 2;
      folds.push({ ...about, y: middle, isSmall: false });
    } else if (line.hidden > 0) {
      y += gapHeight(gapUs);
      folds.push({ ...about, y: y - LINE_HEIGHT / 2, isSmall: true });
    } else if (before !== undefined) {
      y += isOpened ? Math.min(SCALED_GAP_MAX, (gapUs / usualUs) * 8) : gapHeight(gapUs);
    }
    ys[i] = y;
    before = line;
  }
  if (options.hiddenAfter > 0) {
    y += FOLD_HEIGHT;
    folds.push({
      y,
      silenceUs: 0,
      hidden: options.hiddenAfter,
      fromStep: before?.step ?? -Infinity,
      toStep: Infinity,
      isSmall: false,
    });
  }
  return { ys, folds, height: y + MARGIN + LINE_HEIGHT / 2 };
}

/** Grows with the logarithm of the time. */
function gapHeight(gapUs: number): number {
  return gapUs <= 0 ? 0 : Math.min(GAP_MAX, 1.5 * Math.log2(1 + gapUs / 500));
}

/** The median of what lies between lines, in microseconds; at least 1. */
function usualGap(lines: readonly LineTime[]): number {
  const gaps: number[] = [];
  for (let i = 1; i < lines.length; i++) {
    const gap = (lines[i] as LineTime).atUs - (lines[i - 1] as LineTime).atUs;
    if (gap > 0) gaps.push(gap);
  }
  gaps.sort((a, b) => a - b);
  return Math.max(1, gaps[gaps.length >> 1] ?? 1);
}

/** The first place in a rising list whose value is at least `wanted`. */
export function lowerBound(length: number, valueOf: (i: number) => number, wanted: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueOf(middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
