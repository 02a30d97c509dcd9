// Each promise of the checkout rejects a planted fault, and accepts the state of a system that keeps it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { World } from 'wavetank';
import type { Judgement } from 'wavetank/checkers';
import * as promise from '../../examples/checkout/invariants.ts';
import * as model from '../../examples/checkout/models.ts';
import type { Charge } from '../../examples/checkout/services/card-processor.ts';
import type { Reservation } from '../../examples/checkout/services/stock.ts';
import type { LoggedOrder, Order } from '../../examples/checkout/services/saga.ts';
import type { Shipment } from '../../examples/checkout/services/parcels.ts';
import { Table } from '../../examples/checkout/services/table.ts';

interface State {
  status?: Order['status'];
  log?: Order['status'][];
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
const { STOCK } = promise;
const PAID: Partial<Charge>[] = [{}];
/** As that of a program, which keeps files. */
const EMPTY_DISK = { records: () => ({ kind: 'observed', records: [] }) };

/** A world with one order, in which everything is as a case says. */
function worldOf(state: State): World {
  const { status, charges = [], isShipped = false, reservation, available = 8, told, wanted = 2 } = state;
  const { log = [] } = state;
  const row = status === undefined ? {} : { 'o-1': { ...CART, amount: 40, status, log } };
  const orders = tableOf<LoggedOrder>(row);
  const reservations = tableOf<Reservation>(
    reservation === undefined ? {} : { 'o-1': { ...CART, state: reservation } },
  );
  const exports: Record<string, Record<string, unknown>> = {
    orders: { orders },
    inventory: { reservations, available: tableOf<number>({ ...STOCK, teapot: available }) },
    shipping: { shipments: tableOf<Shipment>(isShipped ? { 'o-1': CART } : {}) },
    'api.cards.test': {
      charges: tableOf<Charge>(
        Object.fromEntries(
          charges.map((each, i) => {
            const id = `ch-${i + 1}`;
            return [id, { id, reference: 'o-1', amount: 40, isRefunded: false, ...each }];
          }),
        ),
      ),
    },
  };
  const began = { id: 0, client: 'shopper-1', name: 'checkout', invokedMs: 0, endedMs: 5 };
  const asked = { ...began, input: { ...CART, quantity: wanted } };
  const outcome = told === undefined ? { type: 'info' } : { type: 'ok', value: { ...CART, ...told } };
  const history = wanted === 0 ? [] : [{ ...asked, ...outcome }];
  return {
    history,
    nowMs: 10,
    host: (name: string) => ({ exports: exports[name], disk: EMPTY_DISK }),
  } as unknown as World;
}

function tableOf<Row>(rows: Record<string, Row>): Table<Row> {
  const store = { get: () => {}, put: () => {}, delete: () => {}, keys: () => [], sync: () => {} };
  const table = new Table<Row>(store, 'test');
  for (const [id, row] of Object.entries(rows)) table.put(id, row);
  return table;
}

type Check = (world: World) => Judgement | string | undefined;

const WHOLE = { charges: PAID, isShipped: true, reservation: 'sold' } as const;

const CONFIRMED = { orderId: 'o-1', status: 'confirmed' } as const;
const CANCELLED = { orderId: 'o-1', status: 'cancelled' } as const;
const FORWARD: Order['status'][] = ['placed', 'reserved', 'charged', 'shipped', 'confirmed'];

const CASES: { check: Check; holds: State[]; broken: [State, RegExp][] }[] = [
  {
    check: promise.chargedAtMostOnce,
    holds: [
      {},
      { charges: PAID },
      { charges: [{ isRefunded: true }, {}] },
      { charges: [{}, { reference: 'o-2' }] },
    ],
    broken: [[{ charges: [{}, {}] }, /order o-1 was charged 2 times/]],
  },
  {
    check: model.moneyIsThatOfABank,
    holds: [
      { status: 'confirmed', charges: PAID },
      { status: 'confirmed' },
      { status: 'confirmed', charges: PAID, told: CONFIRMED },
      { status: 'cancelled', charges: [{ isRefunded: true }], told: CANCELLED },
    ],
    broken: [
      [{ status: 'confirmed', told: CONFIRMED }, /not linearizable as a bank: .* read all balances: o-1 0/],
      [{ status: 'confirmed', charges: [{}, {}], told: CONFIRMED }, /o-1 -80, the shop 80/],
      [{ status: 'cancelled', charges: PAID, told: CANCELLED }, /o-1 -40, the shop 40/],
      [{ status: 'confirmed', charges: [{ amount: 20 }], told: CONFIRMED }, /o-1 -20/],
    ],
  },
  {
    check: model.shelfIsCounted,
    holds: [
      { status: 'confirmed', available: 8, told: CONFIRMED },
      { status: 'confirmed', available: 8 },
      { status: 'cancelled', available: 10 },
      { status: 'cancelled', available: 10, told: CANCELLED },
    ],
    broken: [
      [{ status: 'confirmed', available: 10, told: CONFIRMED }, /as a counter: .* counted 10/],
      [{ status: 'cancelled', available: 8, told: CANCELLED }, /counted 8/],
      [{ available: 8 }, /counted 8/],
    ],
  },
  {
    check: model.ordersAreSagas,
    holds: [
      { status: 'confirmed', log: FORWARD, ...WHOLE },
      { status: 'cancelled', log: ['placed', 'cancelling', 'cancelled'], reservation: 'released' },
      {
        status: 'cancelled',
        log: ['placed', 'reserved', 'cancelling', 'cancelled'],
        charges: [{ isRefunded: true }],
        reservation: 'released',
      },
      { status: 'charged', log: FORWARD.slice(0, 3), charges: PAID, reservation: 'reserved' },
    ],
    broken: [
      [{ status: 'confirmed', log: FORWARD, ...WHOLE, charges: [] }, /as a saga: .* are in effect/],
      [{ status: 'confirmed', log: FORWARD.toSpliced(1, 1), ...WHOLE }, /as a saga/],
      [{ status: 'charged', log: ['placed', 'reserved', 'reserved', 'charged'], charges: PAID }, /as a saga/],
      [
        { status: 'cancelled', log: ['placed', 'reserved', 'cancelling', 'cancelled'], charges: PAID },
        /as a saga/,
      ],
      [
        { status: 'cancelled', log: [...FORWARD.slice(0, 4), 'cancelling', 'cancelled'], isShipped: true },
        /as a saga/,
      ],
    ],
  },
  {
    check: promise.shippedOnlyIfPaid,
    holds: [{}, { charges: PAID }, { charges: PAID, isShipped: true }],
    broken: [
      [{ isShipped: true }, /`o-1` of `shipping` refers to a record of the same key, which is not there/],
      [{ isShipped: true, charges: [{ isRefunded: true }] }, /`o-1` of `shipping` refers/],
    ],
  },
  {
    check: promise.settledOrdersAreWhole,
    holds: [
      { status: 'confirmed', ...WHOLE },
      { status: 'cancelled', charges: [{ isRefunded: true }], reservation: 'released' },
      { status: 'cancelled' },
      { status: 'cancelling', charges: PAID, reservation: 'reserved' },
      { status: 'shipped', ...WHOLE },
    ],
    broken: [
      [
        { status: 'confirmed', ...WHOLE, reservation: 'reserved' },
        /`o-1` is half done: .* are done, `sale` is not/,
      ],
      [
        { status: 'confirmed', ...WHOLE, reservation: 'released' },
        /`reservation` is not done, `sale` is not/,
      ],
      [{ status: 'confirmed', ...WHOLE, charges: [{ isRefunded: true }] }, /`payment` is not done/],
      [{ status: 'confirmed', ...WHOLE, isShipped: false }, /`parcel` is not done/],
      [{ status: 'cancelled', charges: PAID }, /`payment` is done, `confirmation` is not done/],
      [{ status: 'cancelled', reservation: 'reserved' }, /`reservation` is done, `confirmation` is not done/],
      [{ status: 'cancelled', ...WHOLE }, /`confirmation` is not done/],
    ],
  },
  {
    check: promise.cancelledIsReleased,
    holds: [
      { status: 'cancelling', reservation: 'reserved' },
      { status: 'cancelled', reservation: 'released' },
    ],
    broken: [
      [{ status: 'cancelled', reservation: 'reserved' }, /`o-1` of `orders` refers .* not there/],
      [{ status: 'cancelled' }, /`o-1` of `orders` refers .* not there/],
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
      [{ available: 8 }, /the amounts of teapot of 1 records add up to 8, not to 10/],
      [{ reservation: 'released', available: 12 }, /add up to 12, not to 10/],
      [{ reservation: 'sold', available: 10 }, /add up to 12, not to 10/],
    ],
  },
  {
    check: promise.nothingIsOversold,
    holds: [{ available: 0 }, {}],
    broken: [[{ available: -2 }, /-2 of teapot are available/]],
  },
  {
    check: promise.everythingHasAnOrder,
    holds: [{}, { status: 'charged', charges: PAID, reservation: 'reserved', isShipped: true }],
    broken: [
      [{ charges: PAID }, /`ch-1` refers to `o-1`, which is not there/],
      [{ charges: [{ isRefunded: true }] }, /`ch-1` refers to `o-1`/],
      [{ isShipped: true }, /`o-1` of `shipping` refers to a record of the same key/],
      [{ reservation: 'released' }, /`o-1` of `inventory` refers to a record of the same key/],
    ],
  },
  {
    check: promise.everyOrderWasPlaced,
    holds: [{}, { status: 'placed' }, { status: 'shipped', isShipped: true }],
    broken: [
      [{ status: 'placed', wanted: 0 }, /`o-1` refers to `2 of teapot as o-1`, which is not there/],
      [{ status: 'placed', wanted: 1 }, /refers to `2 of teapot as o-1`/],
      [{ isShipped: true, wanted: 1 }, /`o-1` refers to `2 of teapot as o-1`/],
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
    check: promise.everyOrderSettles,
    holds: [{}, { status: 'confirmed' }, { status: 'cancelled' }],
    broken: [
      [{ status: 'placed' }, /order o-1 is placed/],
      [{ status: 'cancelling' }, /order o-1 is cancelling/],
    ],
  },
];

/** What a check says is wrong. */
function saidBy(check: Check, state: State): string | undefined {
  const answer = check(worldOf(state));
  if (typeof answer !== 'object') return answer;
  return answer.verdict === 'ok' ? undefined : answer.message;
}

for (const { check, holds, broken } of CASES) {
  test(`${check.name} accepts what it should`, () => {
    for (const state of holds) assert.equal(saidBy(check, state), undefined, JSON.stringify(state));
  });
  test(`${check.name} rejects what it should`, () => {
    for (const [state, why] of broken)
      assert.match(saidBy(check, state) ?? 'nothing', why, JSON.stringify(state));
  });
}

test('before a host has booted, nobody knows', () => {
  const none = { exports: undefined, disk: EMPTY_DISK };
  const world = { history: [], host: () => none } as unknown as World;
  assert.equal(promise.stockIsConserved(world).verdict, 'unknown');
  assert.equal(promise.settledOrdersAreWhole(world).verdict, 'unknown');
});
