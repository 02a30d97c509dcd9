// What all shops do with an order, whatever framework they have in front and whatever client towards the
// warehouse.

import { setTimeout as sleep } from 'node:timers/promises';

/** What a customer sends. */
export interface OrderRequest {
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
}

/** What the shop answers. */
export interface Answer {
  readonly status: 201 | 409 | 502;
  readonly body: Record<string, unknown>;
}

/** What the warehouse answered. */
export interface Reservation {
  readonly status: number;
  readonly body: unknown;
}

/** One call of the warehouse, by some client; rejects when nothing came back. */
export type Reserve = (order: OrderRequest, timeoutMs: number) => Promise<Reservation>;

const ATTEMPTS = 3;
const TIMEOUT_MS = 400;

/** Orders that were answered with 201, by id. */
export const orders: Map<string, OrderRequest> = new Map();

/** The names of errors that the client gave, for whoever wants to see them. */
export const failures: string[] = [];

/** Whether it is an order at all. */
export function isOrder(value: unknown): value is OrderRequest {
  const { id, sku, quantity } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof id === 'string' && typeof sku === 'string' && Number.isInteger(quantity) && Number(quantity) > 0
  );
}

/** Reserves what was ordered, and tries again where it is unknown whether it was. */
export async function place(order: OrderRequest, reserve: Reserve): Promise<Answer> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const { status, body } = await reserve(order, TIMEOUT_MS);
      if (status === 201) {
        orders.set(order.id, order);
        return { status: 201, body: { id: order.id, status: 'reserved', reservation: body } };
      }
      if (status === 409) return { status: 409, body: { error: 'out of stock' } };
      failures.push(`status ${status}`);
    } catch (error) {
      failures.push(nameOf(error));
    }
    await sleep(20 * attempt + Math.floor(Math.random() * 20));
  }
  return { status: 502, body: { error: 'the warehouse does not answer' } };
}

function nameOf(error: unknown): string {
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: { code?: unknown } };
  return String(cause?.code ?? code ?? name);
}
