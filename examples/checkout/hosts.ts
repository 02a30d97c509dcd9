// The hosts of the checkout, in two sets that keep the same promises: functions that answer requests, and
// ordinary programs that can be started for real as well.

import { handler, program, virtualService } from 'wavetank';
import type { Host, HostDefinition } from 'wavetank';
import { STOCK } from './invariants.ts';
import { cardProcessor, type Charge } from './services/card-processor.ts';
import { inventoryService } from './services/inventory.ts';
import { ordersService } from './services/orders.ts';
import type { Shipment } from './services/parcels.ts';
import { paymentsService, type ChargeKey } from './services/payments.ts';
import type { LoggedOrder } from './services/saga.ts';
import { shippingService } from './services/shipping.ts';
import type { Reservation } from './services/stock.ts';
import { Table } from './services/table.ts';

export interface HostOptions {
  readonly chargeKey: ChargeKey;
}

type Hosts = Record<string, HostDefinition>;

/** The services as functions. Each is called when its host boots: after a crash it begins anew. */
export function services(options: HostOptions): Hosts {
  return {
    orders: handler(bootOrders, { port: 3000 }),
    payments: handler(() => paymentsService(options), { port: 4000 }),
    inventory: handler(bootInventory, { port: 4100 }),
    shipping: handler(bootShipping, { port: 4200 }),
    'api.cards.test': virtualService(bootCardProcessor),
  };
}

/** The names of the programs, and of the files in `programs/`. */
export const PROGRAMS = ['inventory', 'payments', 'shipping', 'orders'] as const;

const PORTS = { orders: 3000, payments: 4000, inventory: 4100, shipping: 4200 } as const;

/** The services as programs: Express, Fastify and `node:http`, with axios and `fetch` as clients. */
export function programs({ chargeKey }: HostOptions): Hosts {
  const urls = Object.fromEntries(
    Object.entries(PORTS).map(([name, port]) => [name, `http://${name}:${port}`]),
  );
  const environment = environmentOf({ urls: { ...urls, cards: 'https://api.cards.test' }, chargeKey });
  const start = (name: keyof typeof PORTS): HostDefinition =>
    program(new URL(`programs/${name}.ts`, import.meta.url), {
      env: { ...environment, PORT: String(PORTS[name]), DATA: '/var/lib/checkout' },
    });
  return {
    orders: start('orders'),
    payments: start('payments'),
    inventory: start('inventory'),
    shipping: start('shipping'),
    'api.cards.test': virtualService(bootCardProcessor),
  };
}

/** The environment of the programs, but for their ports and folders. */
export function environmentOf(options: {
  readonly urls: Readonly<Record<string, string>>;
  readonly chargeKey: ChargeKey;
}): Record<string, string> {
  const urls = Object.entries(options.urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]);
  return { ...Object.fromEntries(urls), CHARGE_KEY: options.chargeKey, STOCK: JSON.stringify(STOCK) };
}

// What is exposed can be read by the checks, as `world.host('orders').exports`.

function bootOrders(host: Host) {
  const orders = new Table<LoggedOrder>(host.disk, 'orders');
  host.expose({ orders });
  return ordersService({ orders });
}

function bootInventory(host: Host) {
  const available = new Table<number>(host.disk, 'available');
  const reservations = new Table<Reservation>(host.disk, 'reservations');
  for (const [sku, count] of Object.entries(STOCK)) {
    if (available.get(sku) === undefined) available.put(sku, count);
  }
  host.expose({ available, reservations });
  return inventoryService({ available, reservations });
}

function bootShipping(host: Host) {
  const shipments = new Table<Shipment>(host.disk, 'shipments');
  host.expose({ shipments });
  return shippingService({ shipments });
}

function bootCardProcessor(host: Host) {
  const charges = new Table<Charge>(host.disk, 'charges');
  host.expose({ charges });
  return cardProcessor({ charges });
}
