// A shop orders the parcel first and writes the order down afterwards, and crashes in between.

import { handler, swarm } from '../../../../src/index.ts';
import { noPhantom } from '../../../../src/checkers.ts';
import { integrityRow, type IntegrityRow } from '../row.ts';
import { ask, done, insist, pathOf } from './calls.ts';

interface Shipment {
  orderId: string;
}

export const shipment: IntegrityRow = integrityRow(
  {
    check: 'noPhantom',
    what: 'a parcel is sent for an order that nobody wrote down',
    said: [
      /`(s-\d)` refers to `(o-\d)`, which is not there:\n +`\1` was .* POST \/parcels\/\2 #1 from `shop`/,
    ],
  },
  (isRepaired) => ({
    hosts: {
      shop: handler((host) => async (request) => {
        const orderId = pathOf(request).slice('/orders/'.length);
        const store = (): void => {
          host.disk.put(`order/${orderId}`, 'placed');
          host.disk.sync();
        };
        if (isRepaired) store();
        await insist(`http://parcels/parcels/${orderId}`);
        if (!isRepaired) store();
        return done();
      }),
      parcels: handler((host) => (request) => {
        const orderId = pathOf(request).slice('/parcels/'.length);
        const isKnown = host.disk.keys().some((key) => (host.disk.get(key) as Shipment).orderId === orderId);
        if (!isKnown)
          host.disk.put(`shipment/s-${host.disk.keys().length + 1}`, { orderId } satisfies Shipment);
        host.disk.sync();
        return done();
      }),
    },
    faults: swarm({ crash: ['shop'] }),
    drive: (world) =>
      world.client('ann', async () => {
        for (let i = 1; i <= 8; i++) await ask(`http://shop/orders/o-${i}`);
      }),
    finally: {
      'no parcel without an order': (world) =>
        noPhantom({
          of: world.host('parcels').disk.records<Shipment>('shipment/'),
          refersTo: ({ orderId }) => orderId,
          in: world.host('shop').disk.records('order/'),
        }),
    },
  }),
);
