// Ships what was ordered: reads the queue, and remembers which events it has dealt with.

import { sometimes } from 'wavetank/markers';
import { sleep } from './call.ts';
import type { OrderPlaced } from './orders.ts';
import type { Queue } from './queue.ts';
import type { Store } from './store.ts';

const POLL_EVERY_MS = 250;

export interface ShippingOptions {
  readonly store: Store;
  readonly queue: Queue;
  /** `deduplicates`: each event has an effect once. `trusts`: each message is taken for a new event. */
  readonly consumer: 'deduplicates' | 'trusts';
}

/** Never returns. */
export async function shippingService({ store, queue, consumer }: ShippingOptions): Promise<void> {
  for (;;) {
    const message = await queue.receive();
    if (message === null) {
      await sleep(POLL_EVERY_MS);
      continue;
    }
    const { eventId, order } = message.body as OrderPlaced;
    const isKnown = store.get(`event/${eventId}`) !== undefined;
    if (isKnown) sometimes('an event came a second time');
    if (!isKnown || consumer === 'trusts') {
      // The parcel and the memory of its event become durable together.
      store.put(`parcel/${store.rows('parcel').length}`, order.id);
      store.put(`event/${eventId}`, true);
      store.sync();
    }
    await queue.acknowledge(message);
  }
}
