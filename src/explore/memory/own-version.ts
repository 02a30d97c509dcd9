// The version of this package, as files name it.

import { readFileSync } from 'node:fs';
import { ownFile } from '../../own-package.ts';

let version: string | undefined;

/** The version, as in package.json. */
export function ownVersion(): string {
  version ??= (JSON.parse(readFileSync(ownFile('package.json'), 'utf8')) as { version: string }).version;
  return version;
}
