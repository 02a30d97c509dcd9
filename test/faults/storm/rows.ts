// All rows of the table, a file for each kind of fault.

import type { StormRow } from './row.ts';

/** In the order in which the kinds are listed in `src/faults`. */
export const stormRows: readonly StormRow[] = [];
