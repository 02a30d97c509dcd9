// What the checkout system promises: by the library's checks, which name the records that break a promise
// and, in a report, the messages that wrote them; and by plain functions, which return the sentence for it.

import type { World } from 'wavetank';
import { conserved, exactlyOnce, noPhantom, sagasSettled, together } from 'wavetank/checkers';
import type { Integrity } from 'wavetank/checkers';
import { available, charges, only, orders, paidCharges, reservations, shipments } from './records.ts';
import type { Charge } from './services/card-processor.ts';
import { isSettled, type Cart, type Order } from './services/saga.ts';
import type { Shipment } from './services/parcels.ts';
import type { Reservation } from './services/stock.ts';

/** What is on the shelves at first. Two shoppers who want three kettles each cannot both have them. */
export const STOCK: Readonly<Record<string, number>> = { teapot: 10, kettle: 5, anvil: 3 };

export function chargedAtMostOnce(world: World): Integrity {
  return exactlyOnce({
    of: paidCharges(world),
    by: ({ reference }) => reference,
    saying: (order) => `order ${order} was charged`,
  });
}

export function shippedOnlyIfPaid(world: World): Integrity {
  const refersTo = ({ orderId }: Shipment) => orderId;
  return noPhantom({ of: shipments(world), refersTo, in: paidCharges(world), key: (paid) => paid.reference });
}

/** Confirmed with everything that belongs to it, or cancelled with nothing left behind. */
export function settledOrdersAreWhole(world: World): Integrity {
  const [paid, sent, stock] = [paidCharges(world), shipments(world), reservations(world)];
  return sagasSettled({
    of: orders(world),
    isOver: isSettled,
    steps({ orderId, status }) {
      if (paid === undefined || sent === undefined || stock === undefined) return undefined;
      const held = stock.records.find(({ key }) => key === orderId)?.value.state;
      const isDone = {
        confirmation: status === 'confirmed',
        reservation: held === 'reserved' || held === 'sold',
        payment: paid.records.some(({ value }) => value.reference === orderId),
        parcel: sent.records.some(({ key }) => key === orderId),
        sale: held === 'sold',
      };
      return Object.entries(isDone).map(([name, is]) => ({ name, state: is ? 'done' : 'idle' }));
    },
  });
}

/** Even where nothing was reserved: a reservation may still be on its way, and must come too late. */
export function cancelledIsReleased(world: World): Integrity {
  const cancelled = only(orders(world), ({ status }) => status === 'cancelled');
  const released = only(reservations(world), ({ state }) => state === 'released');
  return noPhantom({ of: cancelled, refersTo: ({ orderId }) => orderId, in: released });
}

export function stockIsConserved(world: World): Integrity {
  return conserved<number | Reservation>({
    total: STOCK,
    of: together<number | Reservation>(available(world), reservations(world)),
    by: (row) => (typeof row === 'number' ? row : row.state === 'released' ? 0 : row.quantity),
    per: (row, key) => (typeof row === 'number' ? key : row.sku),
  });
}

export function nothingIsOversold(world: World): string | undefined {
  const short = available(world)?.records.find(({ value }) => value < 0);
  return short === undefined ? undefined : `${short.value} of ${short.key} are available`;
}

export function everythingHasAnOrder(world: World): Integrity {
  type Row = Charge | Shipment | Reservation;
  const rows = together<Row>(charges(world), shipments(world), reservations(world));
  const refersTo = (row: Row) => ('reference' in row ? row.reference : row.orderId);
  return noPhantom({ of: rows, refersTo, in: orders(world) });
}

/** As it was placed: so many of that product. */
export function everyOrderWasPlaced(world: World): Integrity {
  const carts = world.history.map(({ input }) => input as Cart);
  const said = ({ orderId, sku, quantity }: Cart) => `${quantity} of ${sku} as ${orderId}`;
  return noPhantom({
    of: together<Cart>(orders(world), shipments(world)),
    refersTo: said,
    in: carts,
    key: said,
  });
}

/** What a shopper was told of an order is what the shop knows of it. */
export function shoppersAreToldTheTruth(world: World): string | undefined {
  for (const { type, input, value } of world.history) {
    if (type !== 'ok') continue;
    const [{ orderId }, told] = [input as Cart, value as Partial<Order>];
    const status = orders(world)?.records.find(({ key }) => key === orderId)?.value.status ?? 'unknown';
    if (told.orderId === orderId && told.status === status) continue;
    const said = `${told.orderId} is ${told.status}`;
    return `who ordered ${orderId} was told that ${said}, and ${orderId} is ${status}`;
  }
  return undefined;
}

export function everyOrderSettles(world: World): string | undefined {
  const open = orders(world)?.records.find(({ value }) => !isSettled(value))?.value;
  return open === undefined ? undefined : `order ${open.orderId} is ${open.status}`;
}
