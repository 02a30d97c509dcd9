// Makes the disk of a machine, and opens it for an incarnation.

import { HostFiles } from '../../storage/host-files.ts';
import { OpenFiles } from '../../storage/open-files.ts';
import type { Interference } from '../../storage/interference.ts';
import type { ProjectFiles } from '../../storage/project-files.ts';
import type { HostContext } from '../context.ts';
import { drawBytes } from '../random-values.ts';
import { hostStorage } from '../registry.ts';

/** Runs code as if no host had called: what it calls of Node.js is real. */
export function outsideHosts<Result>(run: () => Result): Result {
  // `exit` would do the same, and turn hooks off and on for it on Node.js 20.
  return hostStorage().run(undefined as never, run);
}

/**
 * Makes the disk of one machine. To be called on the host, so that its first folders are made at the host's
 * time.
 */
export function createDisk(options: {
  epochMs: number;
  project?: ProjectFiles;
  interference?: Interference | undefined;
}): HostFiles {
  const { epochMs, project, interference } = options;
  return new HostFiles({
    outside: outsideHosts,
    projectTimeMs: epochMs,
    interference,
    ...(project === undefined ? {} : { project }),
  });
}

/** Opens a disk for one incarnation. Determinism: `/dev/urandom` consumes the host's stream. */
export function openDisk(disk: HostFiles, host: HostContext): OpenFiles {
  return new OpenFiles(disk, (bytes) => drawBytes(host, bytes));
}
