// What the shop promises, by the library's checks. They read the disks, whose rows know who wrote them: so a
// report names the order, and the message that made it.

import type { World } from 'wavetank';
import { deadLettersAccounted, exactlyOnce, linearizable, noPhantom, observed } from 'wavetank/checkers';
import type { Decision, Integrity, Operation } from 'wavetank/checkers';
import { keyValueStore, set, UNKNOWN, type KeyValueInput, type SetInput } from 'wavetank/models';
import type { Order } from './services/orders.ts';

export function shippedAtMostOnce(world: World): Integrity {
  return exactlyOnce({ of: parcels(world), by: (orderId) => orderId });
}

export function shippedOnlyIfStored(world: World): Integrity {
  return noPhantom({ of: parcels(world), refersTo: (orderId) => orderId, in: orders(world) });
}

export function acknowledgedIsStored(world: World): Integrity {
  const told = world.history.filter(({ type }) => type === 'ok');
  const acknowledged = observed(
    told.map(({ client, input }) => ({ key: client, value: (input as Order).id })),
  );
  return noPhantom({ of: acknowledged, refersTo: (orderId) => orderId, in: orders(world) });
}

export function storedWasOrdered(world: World): Integrity {
  const refersTo = ({ id }: Order) => id;
  return noPhantom({
    of: orders(world),
    refersTo,
    in: world.history,
    key: ({ input }) => (input as Order).id,
  });
}

/** As a key-value store: what was put there is what is read at the end, of each order. */
export function storedAsOrdered(world: World): Decision {
  const { history, nowMs } = world;
  const stored = world.host('database').disk;
  const ids = [...new Set(history.map(({ input }) => (input as Order).id))];
  const reads = ids.map((key, i): Operation => {
    const value = (stored.get(`order/${key}`) as Order | undefined)?.item ?? null;
    const asked = { id: history.length + i, client: `reader of ${key}`, name: 'get', input: { key } };
    return { ...asked, type: 'ok', invokedMs: nowMs, endedMs: nowMs, value };
  });
  return linearizable(keyValueStore<string>(), [...history, ...reads], {
    input({ name, input }): KeyValueInput<string> {
      if (name === 'get') return { name, ...(input as { key: string }) };
      const { id, item } = input as Order;
      return { name: 'put', key: id, value: item };
    },
  });
}

/** As a set: whoever was told `ok` has a parcel at the end, nobody has two, and there is none besides. */
export function shippedAsOrdered(world: World): Decision {
  const { history, nowMs } = world;
  const elements: Operation = {
    ...{ id: history.length, client: 'the check', name: 'elements', input: null, type: 'ok' },
    ...{ invokedMs: nowMs, endedMs: nowMs, value: parcels(world).records.map(({ value }) => value) },
  };
  return linearizable(set<string>(), [...history, elements], {
    input: ({ name, input }): SetInput<string> =>
      name === 'elements' ? { name } : { name: 'add', value: (input as Order).id },
    // Who orders again is not told whether it was new.
    output: ({ name, value }) => (name === 'elements' ? (value as string[]) : UNKNOWN),
  });
}

/** At the end nothing waits any more, and this shop has no dead letters: what was not shipped is gone. */
export function storedIsShipped(world: World): Integrity {
  return deadLettersAccounted<Order | string>({
    sent: orders(world),
    handled: parcels(world),
    dead: [],
    id: (row) => (typeof row === 'string' ? row : row.id),
  });
}

const orders = (world: World) => world.host('database').disk.records<Order>('order/');
/** Each is the id of its order. */
const parcels = (world: World) => world.host('shipping').disk.records<string>('parcel/');
