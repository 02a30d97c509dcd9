// What the checks of the checkout read: the tables of its services.

import type { World } from 'wavetank';
import { observed, type Observed } from 'wavetank/checkers';
import type { Charge } from './services/card-processor.ts';
import type { Shipment } from './services/parcels.ts';
import type { LoggedOrder } from './services/saga.ts';
import type { Reservation } from './services/stock.ts';
import type { Table } from './services/table.ts';

type Read<Row> = (world: World) => Observed<Row> | undefined;

export const orders: Read<LoggedOrder> = tableOf('orders', 'orders');
export const shipments: Read<Shipment> = tableOf('shipping', 'shipments');
export const available: Read<number> = tableOf('inventory', 'available');
export const reservations: Read<Reservation> = tableOf('inventory', 'reservations');
export const charges: Read<Charge> = tableOf('api.cards.test', 'charges');
export const paidCharges: Read<Charge> = (world) => only(charges(world), ({ isRefunded }) => !isRefunded);

/**
 * A table of a host, undefined before it booted: the rows on its disk, which know who wrote them. A program
 * has files there instead; what it exports is the table as it is in memory.
 */
function tableOf<Row>(host: string, name: string): Read<Row> {
  return (world) => {
    const { disk, exports } = world.host(host);
    const table = exports?.[name] as Table<Row> | undefined;
    if (table === undefined) return undefined;
    const rows = disk.records<Row>(`${name}/`);
    if (rows.records.length > 0) return rows;
    return observed(table.entries().map(([key, value]) => ({ key, value, host })));
  };
}

export function only<Row>(
  table: Observed<Row> | undefined,
  isMeant: (row: Row) => boolean,
): Observed<Row> | undefined {
  return table && observed(table.records.filter(({ value }) => isMeant(value)));
}
