// The HTTP parsers of Node.js are native objects that nobody collects: one that a dead process still used has
// to be freed, or it keeps the whole incarnation in memory.

import type { Socket } from 'node:net';
import { hostStorage } from '../registry.ts';

interface Parser {
  close(): void;
  socket: unknown;
  incoming: unknown;
  outgoing: unknown;
}

const realSetImmediate = setImmediate;

/** Frees the parser of a socket, once no parser runs. */
export function releaseParser(socket: Socket): void {
  const loose = socket as unknown as { parser?: Parser | null };
  const { parser } = loose;
  if (parser === undefined || parser === null) return;
  loose.parser = null;
  const close = (): void => {
    parser.socket = null;
    parser.incoming = null;
    parser.outgoing = null;
    parser.close();
  };
  hostStorage().exit(() => realSetImmediate(close));
}
