// How much memory a worker may use: a scenario that allocates without end should end its worker, and not the
// machine.

import { totalmem } from 'node:os';
import { constrainedMemory } from 'node:process';

const MB = 1_048_576;
const OPTION = 'max-old-space-size';
const HEAP_MB_MAX = 4_096;
const HEAP_MB_MIN = 256;

/** Half of the memory, shared by all; undefined where somebody said how much: workers are told the same. */
export function heapMbOf(workers: number): number | undefined {
  const said = `${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`.replaceAll('_', '-');
  if (said.includes(OPTION)) return undefined;
  // 0: no limit is known.
  const bytes = Math.min(totalmem(), constrainedMemory() || Number.POSITIVE_INFINITY);
  return Math.min(HEAP_MB_MAX, Math.max(HEAP_MB_MIN, Math.floor(bytes / MB / 2 / workers)));
}

/** Each processor has its worker: threads that help one to collect garbage take from another. */
const ONE_THREAD = '--single-threaded-gc';

/** The parameters of Node.js that say so. */
export function memoryParameters(heapMb: number | undefined): string[] {
  return heapMb === undefined ? [ONE_THREAD] : [ONE_THREAD, `--${OPTION}=${heapMb}`];
}
