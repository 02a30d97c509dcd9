// Reads all that is left of an open file.

import type { OpenFiles } from '../../storage/open-files.ts';

const CHUNK_BYTES = 65_536;

/** Reads from where the descriptor stands to the end. */
export function readAll(files: OpenFiles, fd: number): Buffer {
  if (fd === 0) return Buffer.alloc(0);
  const { size } = files.stat(fd);
  const chunks: Buffer[] = [];
  for (;;) {
    const buffer = Buffer.alloc(chunks.length === 0 && size > 0 ? size + 1 : CHUNK_BYTES);
    const length = files.read(fd, { buffer, offset: 0, length: buffer.length, position: undefined });
    if (length > 0) chunks.push(buffer.subarray(0, length));
    if (length < buffer.length) return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  }
}
