// The version of this package, as files name it.

import { readFileSync } from 'node:fs';

let version: string | undefined;

/** The version, as in package.json. */
export function ownVersion(): string {
  // From `src/explore/memory` and from `dist/explore/memory` alike.
  const manifest = new URL('../../../package.json', import.meta.url);
  version ??= (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
  return version;
}
