// What a file operation of a host works on.

import type { OpenFiles } from '../../storage/open-files.ts';
import type { HostContext } from '../context.ts';

/** What a call works on. */
export interface FileScope {
  readonly host: HostContext;
  readonly files: OpenFiles;
}
