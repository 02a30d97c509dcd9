// Pearson's chi-square test of uniformity, for draws that come from fixed seeds: it never fails by chance.

/** The statistic of counts that should be equal. */
export function chiSquareOf(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const expected = total / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** About four standard deviations above what uniform draws give. */
export function chiSquareLimit(cells: number): number {
  const freedom = cells - 1;
  return freedom + 4 * Math.sqrt(2 * freedom);
}
