// Calls a function from the line of the user's code that called into wavetank, as far as anybody can tell:
// node:test takes the place of a test from the frame that called `test`, and its reporters show it.

import { compileFunction } from 'node:vm';
import { rawCallerPlace } from '../engine/call-site.ts';

/** Calls a function. It finds no frames of wavetank above itself but this one. */
export function callAtCaller<Arguments extends unknown[], Result>(
  called: (...list: Arguments) => Result,
  list: Arguments,
): Result {
  const place = rawCallerPlace();
  if (place === undefined) return called(...list);
  const { file, line, column } = place;
  // The call stands in the second line of this code, so that nothing is before it but spaces.
  const code = `return (\n${' '.repeat(Math.max(0, column - 1))}called(...list))`;
  const call = compileFunction(code, ['called', 'list'], { filename: file, lineOffset: line - 2 });
  return (call as (f: typeof called, l: Arguments) => Result)(called, list);
}
