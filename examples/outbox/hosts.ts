// The hosts of the shop. The checks read their disks; what they expose is what `wavetank mutate` compares.

import { daemon, handler } from 'wavetank';
import type { Host, HostDefinition } from 'wavetank';
import { Database, databaseService } from './services/database.ts';
import { ordersService, type Order, type OrdersOptions } from './services/orders.ts';
import { Queue, queueService } from './services/queue.ts';
import { shippingService, type ShippingOptions } from './services/shipping.ts';
import { Store } from './services/store.ts';

export type ShopOptions = Pick<OrdersOptions, 'publish'> & Pick<ShippingOptions, 'consumer'>;

/** Each is called when its host boots: after a crash it begins anew, with what its disk kept. */
export function shop({ publish, consumer }: ShopOptions): Record<string, HostDefinition> {
  const database = new Database('http://database:5432');
  const queue = new Queue('http://queue:9324');
  return {
    orders: handler(() => ordersService({ database, queue, publish }), { port: 3000 }),
    database: handler(bootDatabase, { port: 5432 }),
    queue: handler(({ disk }) => queueService(new Store(disk)), { port: 9324 }),
    shipping: daemon((host) => {
      const store = new Store(host.disk);
      host.expose({ parcels: () => store.rows<string>('parcel') });
      return shippingService({ store, queue, consumer });
    }),
  };
}

function bootDatabase(host: Host) {
  const store = new Store(host.disk);
  host.expose({ orders: () => store.rows<Order>('order') });
  return databaseService(store);
}
