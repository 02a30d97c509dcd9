// How far an exploration came that makes all runs within a bound, and what the bound is, in a line each.

import type { ExtentReport } from './document.ts';

/** Tells it in lines of their own. */
export function extentLines({ text, bound, outside }: ExtentReport): readonly [text: string, bound: string] {
  const without = outside.length === 0 ? '' : `; not tried: ${outside.join(', ')}`;
  return [text, `the bound: ${bound}${without}`];
}
