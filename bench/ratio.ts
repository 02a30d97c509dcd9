// Measures two things beside each other in one run: in turns, so that a machine that changes its speed
// changes both. The ratio is the median of the ratios of the turns, a figure the median of its own.

/** A ratio of two speeds, or of two amounts. */
export interface Ratio {
  readonly name: string;
  /** `ours / theirs`: for speeds, more is better; the name says where less is. */
  readonly ratio: number;
  readonly ours: number;
  readonly theirs: number;
  readonly unit: string;
}

/** Does something a number of times. @returns how many times per second, or another figure. */
export type Measure = () => Promise<number> | number;

/** Takes turns between two measures after one warm-up each. */
export async function compare(
  name: string,
  unit: string,
  measures: { ours: Measure; theirs: Measure },
  turns = 9,
): Promise<Ratio> {
  await measures.ours();
  await measures.theirs();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    ours.push(await measures.ours());
    theirs.push(await measures.theirs());
  }
  const ratio = median(ours.map((our, turn) => our / (theirs[turn] ?? Number.NaN)));
  return { name, ratio, ours: median(ours), theirs: median(theirs), unit };
}

/** Puts two figures beside each other. */
export function ratioOf(name: string, unit: string, ours: number, theirs: number): Ratio {
  return { name, ratio: ours / theirs, ours, theirs, unit };
}

/** How many times per second something was done `count` times. */
export async function perSecond(count: number, work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return (count * 1000) / (performance.now() - startMs);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
