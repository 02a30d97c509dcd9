// The third party that moves the money, as msw handlers. It honours the header `Idempotency-Key` as Stripe
// does: the same key gets the same charge, and without a key every POST makes a new one.

import { http, HttpResponse, type HttpHandler } from 'msw';
import { sometimes } from 'wavetank/markers';
import type { Table } from './table.ts';

export interface Charge {
  readonly id: string;
  /** What the merchant calls it: here, the order id. */
  readonly reference: string;
  readonly amount: number;
  readonly isRefunded: boolean;
}

const ORIGIN = 'https://api.cards.test';
/** What a card is good for. */
export const AMOUNT_MAX = 500;

/** @param options.charges - The ledger: every charge that was ever made, in order. */
export function cardProcessor({ charges }: { charges: Table<Charge> }): HttpHandler[] {
  const chargeOfKey = new Map<string, Charge>();
  const voided = new Set<string>();

  return [
    http.post(`${ORIGIN}/v1/charges`, async ({ request }) => {
      const { reference, amount } = (await request.json()) as { reference: string; amount: number };
      const key = request.headers.get('Idempotency-Key');
      if (voided.has(reference)) {
        sometimes('a charge came after its void');
        return HttpResponse.json({ error: `${reference} was voided` }, { status: 409 });
      }
      if (amount > AMOUNT_MAX) return HttpResponse.json({ error: 'card declined' }, { status: 402 });
      const earlier = key === null ? undefined : chargeOfKey.get(key);
      if (earlier !== undefined) {
        sometimes('a charge was repeated, and made once');
        return HttpResponse.json(earlier, { status: 201 });
      }
      const charge = { id: `ch-${charges.values().length + 1}`, reference, amount, isRefunded: false };
      charges.put(charge.id, charge);
      charges.sync();
      if (key !== null) chargeOfKey.set(key, charge);
      return HttpResponse.json(charge, { status: 201 });
    }),

    // Refunds what was charged for the reference, and has charges that are still on their way refused.
    http.post(`${ORIGIN}/v1/voids`, async ({ request }) => {
      const { reference } = (await request.json()) as { reference: string };
      voided.add(reference);
      const voidedNow = charges.values().filter((charge) => charge.reference === reference);
      for (const charge of voidedNow) charges.put(charge.id, { ...charge, isRefunded: true });
      charges.sync();
      return HttpResponse.json({ reference });
    }),
  ];
}
