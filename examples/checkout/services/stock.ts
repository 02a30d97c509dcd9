// The rules of the stock, whatever framework serves them. A reservation goes from reserved to sold or to
// released, and never back.

import { sometimes } from 'wavetank/markers';
import type { Table } from './table.ts';

export interface Reservation {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly state: 'reserved' | 'sold' | 'released';
}

export interface InventoryTables {
  /** How many pieces of each product are on the shelf and not reserved. */
  readonly available: Table<number>;
  readonly reservations: Table<Reservation>;
}

/** An answer: a status of HTTP, and what goes into the body. */
export interface Answer {
  readonly status: 200 | 201 | 404 | 409 | 422;
  readonly body: object;
}

export function reserve(
  { available, reservations }: InventoryTables,
  orderId: string,
  { sku, quantity }: { sku: string; quantity: number },
): Answer {
  const earlier = reservations.get(orderId);
  if (earlier?.state === 'released') {
    sometimes('a reservation came after its release');
    return refused(`${orderId} was released`);
  }
  if (earlier !== undefined) return { status: 200, body: earlier };
  const left = available.get(sku) ?? 0;
  if (left < quantity) return refused(`${left} of ${sku} left`);
  available.put(sku, left - quantity);
  const reservation: Reservation = { orderId, sku, quantity, state: 'reserved' };
  reservations.put(orderId, reservation);
  reservations.sync();
  return { status: 201, body: reservation };
}

export function sell({ reservations }: InventoryTables, orderId: string): Answer {
  const reservation = reservations.get(orderId);
  if (reservation === undefined) return { status: 404, body: { error: 'never reserved' } };
  if (reservation.state === 'released') return refused('already released');
  const sold: Reservation = { ...reservation, state: 'sold' };
  reservations.put(sold.orderId, sold);
  reservations.sync();
  return { status: 200, body: sold };
}

export function release({ available, reservations }: InventoryTables, orderId: string): Answer {
  const reservation = reservations.get(orderId);
  if (reservation?.state === 'sold') return refused('already sold');
  if (reservation?.state === 'reserved') {
    available.put(reservation.sku, (available.get(reservation.sku) ?? 0) + reservation.quantity);
  }
  // Also written if there was no reservation: it may be on its way, and must find that it is too late.
  const released: Reservation = { orderId, sku: '', quantity: 0, ...reservation, state: 'released' };
  reservations.put(orderId, released);
  reservations.sync();
  return { status: 200, body: released };
}

function refused(error: string): Answer {
  return { status: 409, body: { error } };
}
