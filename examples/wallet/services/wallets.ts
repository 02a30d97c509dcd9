// The wallets of some people: moves money between them, and says what there is. It keeps nothing of its own,
// and runs in as many replicas as there is demand for.

import { Hono } from 'hono';
import { sometimes } from 'wavetank/markers';
import type { Entry, Ledger, Transfer } from './ledger.ts';

const LEDGER = 'http://ledger:5000/ledger';

/**
 * How the ledger is written.
 *
 * - `last write wins`: the bug. Two transfers at once both read the ledger and both write it; what the first
 *   one wrote is gone.
 * - `if unchanged`: the fix. Who was overtaken is refused, and begins again.
 */
export type Writing = 'last write wins' | 'if unchanged';

/** What became of a transfer. */
export interface Receipt {
  /** Its place among all that were ever asked for. */
  readonly place: number;
  readonly isMade: boolean;
}

export function walletsService({ writing }: { writing: Writing }): Hono {
  const app = new Hono();

  app.put('/transfers/:id', async (c) => {
    const transfer = { ...(await c.req.json<Transfer>()), id: c.req.param('id') };
    for (;;) {
      const ledger = await read();
      const { revision, entries } = ledger;
      const known = entries.findIndex(({ id }) => id === transfer.id);
      sometimes('a transfer was asked for again', known !== -1);
      if (known !== -1) return c.json(receipt(entries, known));
      const after = booked(ledger, transfer);
      const headers = writing === 'if unchanged' ? { 'If-Match': String(revision) } : {};
      const { status } = await ask({ method: 'PUT', headers, body: JSON.stringify(after) });
      sometimes('a transfer was overtaken by another', status === 412);
      if (status === 200) return c.json(receipt(after.entries, entries.length));
    }
  });

  app.get('/ledger', async (c) => c.json(await read()));

  // Without an answer of the ledger nobody knows.
  app.onError((error, c) => c.json({ error: error.message }, 503));
  return app;
}

function ask(init: RequestInit): Promise<Response> {
  return fetch(LEDGER, { ...init, signal: AbortSignal.timeout(300) });
}

async function read(): Promise<Ledger> {
  return (await (await ask({ method: 'GET' })).json()) as Ledger;
}

/** A transfer is booked whether there is enough money or not: who asks again gets the same answer. */
function booked({ revision, balances, entries }: Ledger, transfer: Transfer): Ledger {
  const { from, to, amount } = transfer;
  const [has = 0, had = 0] = [balances[from], balances[to]];
  const entry: Entry = { ...transfer, isMade: has >= amount };
  const moved = entry.isMade ? { [from]: has - amount, [to]: had + amount } : {};
  return { revision, balances: { ...balances, ...moved }, entries: [...entries, entry] };
}

function receipt(entries: readonly Entry[], place: number): Receipt {
  return { place, isMade: entries[place]?.isMade === true };
}
