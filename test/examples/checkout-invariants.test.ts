// Each promise of the checkout rejects a planted fault, and accepts the state of a system that keeps it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { World } from 'wavetank';
import * as promise from '../../examples/checkout/invariants.ts';
import type { Charge } from '../../examples/checkout/services/card-processor.ts';
import type { Reservation } from '../../examples/checkout/services/stock.ts';
import type { Order } from '../../examples/checkout/services/saga.ts';
import type { Shipment } from '../../examples/checkout/services/parcels.ts';
import { Table } from '../../examples/checkout/services/table.ts';

interface State {
  status?: Order['status'];
  charges?: Partial<Charge>[];
  isShipped?: boolean;
  reservation?: Reservation['state'];
  available?: number;
  /** What the shopper of `o-1` was told. */
  told?: { orderId: string; status: Order['status'] };
  /** How many the shopper of `o-1` asked for; 0: there was none. */
  wanted?: number;
}

const CART = { orderId: 'o-1', sku: 'teapot', quantity: 2 };
const PAID: Partial<Charge>[] = [{}];

/** A world with one order, in which everything is as a case says. */
function worldOf(state: State): World {
  const { status, charges = [], isShipped = false, reservation, available = 8, told, wanted = 2 } = state;
  const orders = tableOf<Order>(status === undefined ? {} : { 'o-1': { ...CART, amount: 40, status } });
  const reservations = tableOf<Reservation>(
    reservation === undefined ? {} : { 'o-1': { ...CART, state: reservation } },
  );
  const exports: Record<string, Record<string, unknown>> = {
    orders: { orders },
    inventory: { reservations, available: tableOf<number>({ teapot: available }) },
    shipping: { shipments: tableOf<Shipment>(isShipped ? { 'o-1': CART } : {}) },
    'api.cards.test': {
      charges: charges.map((each) => ({
        id: 'ch',
        reference: 'o-1',
        amount: 40,
        isRefunded: false,
        ...each,
      })),
    },
  };
  const asked = { input: { ...CART, quantity: wanted } };
  const outcome = told === undefined ? { type: 'info' } : { type: 'ok', value: told };
  const history = wanted === 0 ? [] : [{ ...asked, ...outcome }];
  return { history, host: (name: string) => ({ exports: exports[name] }) } as unknown as World;
}

function tableOf<Row>(rows: Record<string, Row>): Table<Row> {
  const store = { get: () => {}, put: () => {}, delete: () => {}, keys: () => [], sync: () => {} };
  const table = new Table<Row>(store, 'test');
  for (const [id, row] of Object.entries(rows)) table.put(id, row);
  return table;
}

const CASES: { check: (world: World) => string | undefined; holds: State[]; broken: [State, RegExp][] }[] = [
  {
    check: promise.chargedAtMostOnce,
    holds: [
      {},
      { charges: PAID },
      { charges: [{ isRefunded: true }, {}] },
      { charges: [{}, { reference: 'o-2' }] },
    ],
    broken: [[{ charges: [{}, {}] }, /charged 2 times/]],
  },
  {
    check: promise.shippedOnlyIfPaid,
    holds: [{}, { charges: PAID }, { charges: PAID, isShipped: true }],
    broken: [
      [{ isShipped: true }, /not paid/],
      [{ isShipped: true, charges: [{ isRefunded: true }] }, /not paid/],
    ],
  },
  {
    check: promise.cancelledIsNotCharged,
    holds: [
      { status: 'cancelling', charges: PAID },
      { status: 'cancelled', charges: [{ isRefunded: true }] },
    ],
    broken: [[{ status: 'cancelled', charges: PAID }, /but is paid/]],
  },
  {
    check: promise.cancelledHoldsNoStock,
    holds: [
      { status: 'cancelling', reservation: 'reserved' },
      { status: 'cancelled', reservation: 'released' },
    ],
    broken: [
      [{ status: 'cancelled', reservation: 'reserved' }, /its stock is reserved/],
      [{ status: 'cancelled' }, /its stock is not released/],
    ],
  },
  {
    check: promise.stockIsConserved,
    holds: [
      { available: 10 },
      { reservation: 'reserved' },
      { reservation: 'sold' },
      { reservation: 'released', available: 10 },
    ],
    broken: [
      [{ available: 8 }, /8 available \+ 0 reserved \+ 0 sold, of 10/],
      [{ reservation: 'released', available: 12 }, /12 available/],
      [{ reservation: 'sold', available: 10 }, /2 sold, of 10/],
    ],
  },
  {
    check: promise.shoppersAreToldTheTruth,
    holds: [
      {},
      { status: 'charged' },
      { status: 'confirmed', told: { orderId: 'o-1', status: 'confirmed' } },
      { status: 'cancelled', told: { orderId: 'o-1', status: 'cancelled' } },
    ],
    broken: [
      [{ told: { orderId: 'o-1', status: 'confirmed' } }, /o-1 is confirmed, and o-1 is unknown/],
      [{ status: 'confirmed', told: { orderId: 'o-2', status: 'confirmed' } }, /told that o-2 is confirmed/],
      [{ status: 'charged', told: { orderId: 'o-1', status: 'confirmed' } }, /and o-1 is charged/],
    ],
  },
  {
    check: promise.everyOrderWasPlaced,
    holds: [{}, { status: 'placed' }],
    broken: [
      [{ status: 'placed', wanted: 0 }, /nobody ordered 2 of teapot as o-1/],
      [{ status: 'placed', wanted: 1 }, /nobody ordered 2 of teapot as o-1/],
    ],
  },
  {
    check: promise.everyOrderSettles,
    holds: [
      { status: 'confirmed', charges: PAID, isShipped: true, reservation: 'sold' },
      { status: 'cancelled', charges: [{ isRefunded: true }], reservation: 'released' },
    ],
    broken: [
      [{ status: 'placed' }, /is placed, and nothing else/],
      [
        { status: 'confirmed', charges: PAID, isShipped: true, reservation: 'reserved' },
        /paid, shipped, reserved/,
      ],
      [{ status: 'confirmed', isShipped: true, reservation: 'sold' }, /is confirmed, and shipped, sold/],
      [{ status: 'cancelled', isShipped: true }, /is cancelled, and shipped/],
      [{ charges: PAID }, /is unknown, and paid/],
    ],
  },
];

for (const { check, holds, broken } of CASES) {
  test(`${check.name} accepts what it should`, () => {
    for (const state of holds) assert.equal(check(worldOf(state)), undefined, JSON.stringify(state));
  });
  test(`${check.name} rejects what it should`, () => {
    for (const [state, why] of broken)
      assert.match(check(worldOf(state)) ?? 'nothing', why, JSON.stringify(state));
  });
}
