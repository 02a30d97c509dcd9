// Short names in the database of a fleet.

import { createHash } from 'node:crypto';

/** A short name for what is the same: the same name for the same parts. */
export function nameOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
