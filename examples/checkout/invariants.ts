// What the checkout system promises, as functions of what its hosts expose.
// Each returns nothing if its promise holds, and otherwise the sentence that goes into the report.

import type { World } from 'wavetank';
import type { Charge } from './services/card-processor.ts';
import type { InventoryTables } from './services/stock.ts';
import type { Cart, Order } from './services/saga.ts';
import type { Shipment } from './services/parcels.ts';
import type { Table } from './services/table.ts';

/** What is on the shelves at first. Two shoppers who want three kettles each cannot both have them. */
export const STOCK: Readonly<Record<string, number>> = { teapot: 10, kettle: 5, anvil: 3 };

type Broken = string | undefined;

export function chargedAtMostOnce(world: World): Broken {
  const paid = new Set<string>();
  for (const { reference, isRefunded } of chargesOf(world)) {
    if (isRefunded) continue;
    if (paid.has(reference)) return `order ${reference} was charged ${paidCharges(world, reference)} times`;
    paid.add(reference);
  }
  return undefined;
}

export function shippedOnlyIfPaid(world: World): Broken {
  for (const { orderId } of shipmentsOf(world)) {
    if (paidCharges(world, orderId) === 0) return `order ${orderId} was shipped, but is not paid`;
  }
  return undefined;
}

export function cancelledIsNotCharged(world: World): Broken {
  for (const { orderId, status } of ordersOf(world)) {
    if (status !== 'cancelled') continue;
    if (paidCharges(world, orderId) > 0) return `order ${orderId} was cancelled, but is paid`;
  }
  return undefined;
}

export function cancelledHoldsNoStock(world: World): Broken {
  const inventory = inventoryOf(world);
  for (const { orderId, status } of ordersOf(world)) {
    if (status !== 'cancelled') continue;
    const state = inventory?.reservations.get(orderId)?.state;
    if (state !== 'released')
      return `order ${orderId} was cancelled, but its stock is ${state ?? 'not released'}`;
  }
  return undefined;
}

export function stockIsConserved(world: World): Broken {
  const inventory = inventoryOf(world);
  for (const [sku, available] of inventory?.available.entries() ?? []) {
    let reserved = 0;
    let sold = 0;
    for (const each of inventory?.reservations.values() ?? []) {
      if (each.sku !== sku) continue;
      if (each.state === 'reserved') reserved += each.quantity;
      if (each.state === 'sold') sold += each.quantity;
    }
    if (available >= 0 && available + reserved + sold === STOCK[sku]) continue;
    return `${sku}: ${available} available + ${reserved} reserved + ${sold} sold, of ${STOCK[sku]}`;
  }
  return undefined;
}

/** What a shopper was told of an order is what the shop knows of it. */
export function shoppersAreToldTheTruth(world: World): Broken {
  const orders = new Map(ordersOf(world).map((order) => [order.orderId, order]));
  for (const { type, input, value } of world.history) {
    if (type !== 'ok') continue;
    const { orderId } = input as Cart;
    const told = value as Partial<Order>;
    const status = orders.get(orderId)?.status ?? 'unknown';
    if (told.orderId === orderId && told.status === status) continue;
    const heard = `${told.orderId} is ${told.status}`;
    return `who ordered ${orderId} was told that ${heard}, and ${orderId} is ${status}`;
  }
  return undefined;
}

/** There is no order that no shopper asked for. */
export function everyOrderWasPlaced(world: World): Broken {
  const carts = world.history.map(({ input }) => input as Cart);
  for (const { orderId, sku, quantity } of ordersOf(world)) {
    const cart = carts.find((each) => each.orderId === orderId);
    if (cart?.sku !== sku || cart.quantity !== quantity)
      return `nobody ordered ${quantity} of ${sku} as ${orderId}`;
  }
  return undefined;
}

/** Confirmed with everything that belongs to it, or cancelled with nothing left behind. */
export function everyOrderSettles(world: World): Broken {
  const orders = new Map(ordersOf(world).map((order) => [order.orderId, order.status]));
  const reservations = inventoryOf(world)?.reservations.values() ?? [];
  const shipments = shipmentsOf(world);
  const traces = [...reservations, ...shipments].map(({ orderId }) => orderId);
  const paid = chargesOf(world).map(({ reference }) => reference);
  for (const orderId of new Set([...orders.keys(), ...traces, ...paid])) {
    const status = orders.get(orderId);
    const found = [
      paidCharges(world, orderId) > 0 && 'paid',
      shipments.some((each) => each.orderId === orderId) && 'shipped',
      reservations.find((each) => each.orderId === orderId && each.state !== 'released')?.state,
    ].filter((each) => typeof each === 'string');
    if (status === 'confirmed' && found.join() === 'paid,shipped,sold') continue;
    if (status === 'cancelled' && found.length === 0) continue;
    return `order ${orderId} is ${status ?? 'unknown'}, and ${found.join(', ') || 'nothing else'}`;
  }
  return undefined;
}

function paidCharges(world: World, orderId: string): number {
  return chargesOf(world).filter((each) => each.reference === orderId && !each.isRefunded).length;
}

// What the hosts exposed when they booted; nothing before that.

function chargesOf(world: World): readonly Charge[] {
  return (world.host('api.cards.test').exports as { charges: Charge[] } | undefined)?.charges ?? [];
}

function ordersOf(world: World): readonly Order[] {
  return (world.host('orders').exports as { orders: Table<Order> } | undefined)?.orders.values() ?? [];
}

function shipmentsOf(world: World): readonly Shipment[] {
  const shipping = world.host('shipping').exports as { shipments: Table<Shipment> } | undefined;
  return shipping?.shipments.values() ?? [];
}

function inventoryOf(world: World): InventoryTables | undefined {
  return world.host('inventory').exports as InventoryTables | undefined;
}
