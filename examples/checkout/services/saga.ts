// Runs each checkout as a saga: reserve, charge, ship, sell. What fails up to the shipment is compensated.
//
// Shipping is the pivot. Before it, an order that gets no answer is cancelled; from it on, goods may be on
// the road, so the saga insists until it is answered. The status is on disk before the next request is sent:
// after a crash the saga goes on where it was, and at worst repeats a request that is safe to repeat.

import { sometimes } from 'wavetank/markers';
import { RefusedError, UnknownOutcomeError, type Call } from './retry.ts';
import type { Table } from './table.ts';

export interface Cart {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
}

export interface Order extends Cart {
  readonly amount: number;
  readonly status:
    | 'placed' //     nothing was asked of anybody, or of inventory at most
    | 'reserved' //   payments may have been asked
    | 'charged' //    shipping may have been asked
    | 'shipped' //    there is no way back
    | 'confirmed'
    | 'cancelling' // whatever was asked is being undone
    | 'cancelled';
}

/** An order as it is stored: with every status that it has had, for who wonders what became of it. */
export interface LoggedOrder extends Order {
  readonly log: readonly Order['status'][];
}

const PRICES: Record<string, number> = { teapot: 20, kettle: 60, anvil: 200 };
const INSIST = { attemptsMax: Infinity };

/** Where the other services are. */
export interface Partners {
  readonly inventory: string;
  readonly payments: string;
  readonly shipping: string;
}

/** The sagas of one service. */
export class Sagas {
  readonly #orders: Table<LoggedOrder>;
  readonly #partners: Partners;
  readonly #call: Call;
  readonly #running = new Map<string, Promise<Order>>();

  constructor(options: { orders: Table<LoggedOrder>; partners: Partners; call: Call }) {
    this.#orders = options.orders;
    this.#partners = options.partners;
    this.#call = options.call;
  }

  /** Goes on with what a crash interrupted. */
  resume(): void {
    for (const order of this.#orders.values()) {
      if (isSettled(order)) continue;
      sometimes('a saga was resumed after a crash');
      void this.#settle(withoutLog(order));
    }
  }

  /**
   * Checks out. The shopper chooses the order id: a checkout that is sent again joins the order it made the
   * first time.
   *
   * @returns undefined if there is no such product.
   */
  async checkout({ orderId, sku, quantity }: Cart): Promise<Order | undefined> {
    const price = PRICES[sku];
    if (price === undefined) return undefined;
    const known = this.#orders.get(orderId);
    if (known !== undefined) return this.#settle(withoutLog(known));
    const order: Order = { orderId, sku, quantity, amount: quantity * price, status: 'placed' };
    this.#save(order);
    return this.#settle(order);
  }

  /** Joins the saga of an order, or starts it where its status says. */
  #settle(order: Order): Promise<Order> {
    let saga = this.#running.get(order.orderId);
    if (saga === undefined) {
      saga = this.#run(order).finally(() => this.#running.delete(order.orderId));
      this.#running.set(order.orderId, saga);
    }
    return saga;
  }

  async #run(order: Order): Promise<Order> {
    while (!isSettled(order)) {
      const status = await this.#nextStatus(order);
      order = { ...order, status };
      this.#save(order);
    }
    return order;
  }

  #save(order: Order): void {
    const { log = [] } = this.#orders.get(order.orderId) ?? {};
    this.#orders.put(order.orderId, { ...order, log: [...log, order.status] });
    this.#orders.sync();
  }

  async #nextStatus(order: Order): Promise<Order['status']> {
    try {
      return await this.#takeStep(order);
    } catch (error) {
      const hasFailed = error instanceof RefusedError || error instanceof UnknownOutcomeError;
      const mayCancel = order.status !== 'shipped' && order.status !== 'cancelling';
      if (hasFailed && mayCancel) return 'cancelling';
      throw error;
    }
  }

  /** Takes the step that follows from the status, and returns the status it leads to. */
  async #takeStep({ status, orderId, sku, quantity, amount }: Order): Promise<Order['status']> {
    const { inventory, payments, shipping } = this.#partners;
    const call = this.#call;
    const reservation = `${inventory}/reservations/${orderId}`;
    switch (status) {
      case 'placed':
        await call('PUT', reservation, { body: { sku, quantity } });
        return 'reserved';
      case 'reserved':
        await call('POST', `${payments}/charges`, { body: { orderId, amount } });
        return 'charged';
      case 'charged':
        await call('PUT', `${shipping}/shipments/${orderId}`, { body: { sku, quantity }, ...INSIST });
        return 'shipped';
      case 'shipped':
        await call('PUT', `${reservation}/sold`, INSIST);
        return 'confirmed';
      case 'cancelling':
        // Both are harmless where there is nothing to undo, and win over a request that is still on its way.
        await call('DELETE', `${payments}/charges/${orderId}`, INSIST);
        await call('DELETE', reservation, INSIST);
        sometimes('a saga was compensated');
        return 'cancelled';
      default:
        return status;
    }
  }
}

function withoutLog(logged: LoggedOrder): Order {
  const { log: _, ...order } = logged;
  return order;
}

export function isSettled(order: Order): boolean {
  return order.status === 'confirmed' || order.status === 'cancelled';
}
