// What the shop promises, as functions of what its hosts expose. Each returns nothing if its promise holds,
// and otherwise the sentence that goes into the report.

import type { World } from 'wavetank';
import type { Exposed } from './hosts.ts';

type Broken = string | undefined;

export function shippedAtMostOnce(world: World): Broken {
  const parcels = parcelsOf(world);
  const twice = parcels.find((id, i) => parcels.indexOf(id) < i);
  return twice === undefined ? undefined : `order ${twice} was shipped twice`;
}

export function shippedOnlyIfStored(world: World): Broken {
  const stored = ordersOf(world);
  const unknown = parcelsOf(world).find((id) => !stored.includes(id));
  return unknown === undefined ? undefined : `order ${unknown} was shipped, and is in no database`;
}

export function acknowledgedIsStored(world: World): Broken {
  const stored = ordersOf(world);
  const lost = world.history.find(({ type, input }) => type === 'ok' && !stored.includes(String(input)));
  return lost === undefined ? undefined : `order ${String(lost.input)} was acknowledged, and is not there`;
}

export function storedWasOrdered(world: World): Broken {
  const unknown = ordersOf(world).find((id) => !world.history.some(({ input }) => input === id));
  return unknown === undefined ? undefined : `order ${unknown} is stored, and nobody ordered it`;
}

export function storedIsShipped(world: World): Broken {
  const parcels = parcelsOf(world);
  const waiting = ordersOf(world).find((id) => !parcels.includes(id));
  return waiting === undefined ? undefined : `order ${waiting} is stored, and nobody ships it`;
}

// What the hosts exposed when they booted; nothing before that.

function ordersOf(world: World): string[] {
  const exposed = world.host('database').exports as Pick<Exposed, 'orders'> | undefined;
  return exposed?.orders().map(({ id }) => id) ?? [];
}

function parcelsOf(world: World): string[] {
  const exposed = world.host('shipping').exports as Pick<Exposed, 'parcels'> | undefined;
  return exposed?.parcels() ?? [];
}
