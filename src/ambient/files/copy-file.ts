// Copies one file of a host.

import { constants } from 'node:fs';
import { isFolder } from '../../storage/host-files.ts';
import { FileFailure } from '../../storage/file-failure.ts';
import type { OpenFiles } from '../../storage/open-files.ts';

const CHUNK_BYTES = 65_536;

/** Copies content and permissions, as `fs.copyFile` does. */
export function copyFile(files: OpenFiles, from: string, to: string, mode = 0): void {
  const { disk } = files;
  const source = disk.existing(from, { followsLast: true });
  if (isFolder(source.stat)) throw new FileFailure('EISDIR');
  const target = disk.find(to, { followsLast: true });
  if (target.stat !== undefined && (mode & constants.COPYFILE_EXCL) !== 0) throw new FileFailure('EEXIST');
  if (target.at === source.at || target.stat?.ino === source.stat.ino) return;
  const { O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } = constants;
  const input = files.open(from, O_RDONLY, 0);
  try {
    const output = files.open(to, O_WRONLY | O_CREAT | O_TRUNC, source.stat.mode & 0o777);
    try {
      const buffer = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const length = files.read(input, { buffer, offset: 0, length: buffer.length, position: undefined });
        if (length === 0) break;
        files.write(output, { buffer, offset: 0, length, position: undefined });
      }
      files.chmod(output, source.stat.mode & 0o777);
    } finally {
      files.close(output);
    }
  } finally {
    files.close(input);
  }
}
