// The rules of shipping, whatever framework serves them. What is shipped stays shipped.

import { sometimes } from 'wavetank/markers';
import type { Answer } from './stock.ts';
import type { Table } from './table.ts';

export interface Shipment {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
}

/** Hands an order to the carrier, once. */
export function ship(
  shipments: Table<Shipment>,
  orderId: string,
  { sku, quantity }: { sku: string; quantity: number },
): Answer {
  const earlier = shipments.get(orderId);
  if (earlier !== undefined) return { status: 200, body: earlier };
  if (sku === 'anvil' && quantity > 1) {
    sometimes('the carrier refused a paid order');
    return { status: 422, body: { error: 'no carrier takes more than one anvil' } };
  }
  const shipment: Shipment = { orderId, sku, quantity };
  shipments.put(orderId, shipment);
  shipments.sync();
  return { status: 201, body: shipment };
}
