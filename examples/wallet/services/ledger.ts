// The ledger that all wallets share: one document with every balance and every transfer that was made. A
// database, over HTTP, that replaces it only for whom has read the newest revision, if one asks it to.

import { Hono } from 'hono';

export interface Transfer {
  /** Chosen by who asks for it, and the same however often it is asked for. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** A transfer that was asked for: it was made, or there was too little money. */
export interface Entry extends Transfer {
  readonly isMade: boolean;
}

export interface Ledger {
  /** How often it was changed. */
  readonly revision: number;
  readonly balances: Readonly<Record<string, number>>;
  /** What was asked for, the oldest first. */
  readonly entries: readonly Entry[];
}

/** A row that survives a crash: of `host.disk` in the simulation. */
export interface Disk {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  sync(): void;
}

export function ledgerService(disk: Disk, initial: Ledger): Hono {
  const app = new Hono();
  const read = () => (disk.get('ledger') ?? initial) as Ledger;

  app.get('/ledger', (c) => c.json(read()));

  app.put('/ledger', async (c) => {
    const { balances, entries } = await c.req.json<Ledger>();
    const { revision } = read();
    const expected = c.req.header('If-Match');
    if (expected !== undefined && Number(expected) !== revision) return c.json({ revision }, 412);
    disk.put('ledger', { revision: revision + 1, balances, entries } satisfies Ledger);
    disk.sync();
    return c.json({ revision: revision + 1 });
  });

  return app;
}
