// Finds what Node.js keeps under private symbols: the owner of a handle, the buffers of `onread`. They have
// had the same descriptions since Node.js 12; each is looked for once, on an object that has it.

import net from 'node:net';

const known = new Map<string, symbol | undefined>();

/** Finds a symbol of an object by its description. */
export function symbolOf(object: object, description: string): symbol | undefined {
  const symbol = known.get(description);
  if (symbol !== undefined || known.has(description)) return symbol;
  known.set(description, findSymbol(object, description));
  return known.get(description);
}

let handleOwner: symbol | undefined;

/** The symbol under which a handle knows its socket or server. */
export function ownerSymbol(): symbol {
  return (handleOwner ??= findOwnerSymbol());
}

function findOwnerSymbol(): symbol {
  const handle = { readStart: () => 0 };
  // A throw-away socket marks its handle.
  void new net.Socket({ handle, manualStart: true } as net.SocketConstructorOpts);
  return symbolOf(handle, 'owner_symbol') as symbol;
}

function findSymbol(object: object, description: string): symbol | undefined {
  for (
    let owner: object | null = object;
    owner !== null;
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    const found = Object.getOwnPropertySymbols(owner).find((symbol) => symbol.description === description);
    if (found !== undefined) return found;
  }
  return undefined;
}
