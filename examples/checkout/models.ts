// What shoppers were told and what the services have at the end, compared with models: the money with a bank,
// the shelf with counters, each order with a saga.

import type { World } from 'wavetank';
import { linearizable, type Decision, type Operation } from 'wavetank/checkers';
import { bank, counter, saga } from 'wavetank/models';
import type { Balances, BankInput, CounterInput, SagaInput } from 'wavetank/models';
import { STOCK } from './invariants.ts';
import { available, orders, paidCharges, reservations, shipments } from './records.ts';
import { AMOUNT_MAX } from './services/card-processor.ts';
import type { Cart, Order } from './services/saga.ts';

const SHOP = 'the shop';

/**
 * Money goes from shoppers to the shop, once for each order that was confirmed. Who never heard what became
 * of an order has paid, or has not. A card is an account that may be overdrawn.
 */
export function moneyIsThatOfABank(world: World): Decision {
  const ids = orders(world)?.records.map(({ key }) => key) ?? [];
  const balances: Record<string, number> = Object.fromEntries([...ids, SHOP].map((id) => [id, 0]));
  const nothing: Balances = { ...balances };
  for (const { value } of paidCharges(world)?.records ?? []) {
    balances[value.reference] = (balances[value.reference] ?? 0) - value.amount;
    balances[SHOP] = (balances[SHOP] ?? 0) + value.amount;
  }
  const payments = purchases(world, ({ orderId: from, amount }): BankInput => {
    return { name: 'transfer', from, to: SHOP, amount };
  });
  const model = bank(nothing, { overdraft: AMOUNT_MAX });
  return linearizable(model, withRead(world, payments, { name: 'read' }, balances));
}

/** What is on the shelf at the end is what was there, without what was bought: of each product. */
export function shelfIsCounted(world: World): Decision {
  let decision: Decision | undefined;
  for (const { key, value } of available(world)?.records ?? []) {
    const sales = purchases(world, ({ sku, quantity }): CounterInput | undefined =>
      sku === key ? { name: 'add', by: -quantity } : undefined,
    );
    decision = linearizable(counter(STOCK[key]), withRead(world, sales, { name: 'get' }, value));
    if (decision.verdict !== 'ok') return decision;
  }
  return decision ?? linearizable(counter(), []);
}

interface Named {
  readonly name: string;
}

/** What each order that there is bought, as an operation: certainly, if its shopper heard so. */
function purchases(world: World, inputOf: (order: Order) => Named | undefined): Operation[] {
  return (orders(world)?.records ?? []).flatMap(({ key, value: order }, id): Operation[] => {
    const attempts = world.history.filter(({ input }) => (input as Cart).orderId === key);
    const told = attempts.find(({ type }) => type === 'ok');
    const [first] = attempts;
    const input = inputOf(order);
    if (first === undefined || input === undefined) return [];
    const { client, invokedMs } = first;
    const asked = { id, client, name: input.name, input, invokedMs };
    if (told === undefined) return [{ ...asked, type: 'info' }];
    if ((told.value as Order).status !== 'confirmed') return [];
    return [{ ...asked, type: 'ok', endedMs: told.endedMs ?? world.nowMs, value: true }];
  });
}

/** The order in which an order asks the services, and undoes nothing but the first two. */
const STEPS = ['reserve', 'charge', 'ship', 'sell'] as const;

/** What each status was about to do, and which one says that it is done. */
const NEXT: Partial<Record<Order['status'], [step: (typeof STEPS)[number], done: Order['status']]>> = {
  placed: ['reserve', 'reserved'],
  reserved: ['charge', 'charged'],
  charged: ['ship', 'shipped'],
  shipped: ['sell', 'confirmed'],
};

/** Each order goes forward step by step, or back: by its log, and by what the services have at the end. */
export function ordersAreSagas(world: World): Decision {
  const rows = orders(world)?.records.map(({ value }) => value) ?? [];
  const asked = rows.flatMap(({ orderId, log }) => loggedSteps(orderId, log));
  const ends = rows.flatMap(({ orderId, status }): Observation[] => [
    { saga: orderId, name: 'outcome', answer: OUTCOMES[status] ?? null },
    { saga: orderId, name: 'effects', answer: effectsOf(world, orderId) },
  ]);
  const history = [...asked, ...ends].map(({ answer, name, ...input }, id): Operation => {
    const begun = { id, client: `the saga of ${input.saga}`, name, input, invokedMs: id };
    return answer === undefined
      ? { ...begun, type: 'info' }
      : { ...begun, type: 'ok', endedMs: id, value: answer };
  });
  return linearizable(saga(STEPS), history);
}

const OUTCOMES: Partial<Record<Order['status'], string>> = {
  confirmed: 'completed',
  cancelled: 'compensated',
};

/** What was asked of a saga; without an answer nobody knows what became of it. */
type Observation = SagaInput & { readonly answer?: unknown };

function loggedSteps(id: string, log: readonly Order['status'][]): Observation[] {
  return log.slice(1).flatMap((status, i): Observation[] => {
    const [step, done] = NEXT[log[i] as Order['status']] ?? [];
    if (status === 'cancelled') {
      // Both are asked for, whether there is anything to undo or not.
      return (['charge', 'reserve'] as const).map((each) => ({ name: 'compensate', saga: id, step: each }));
    }
    if (step === undefined) return [{ name: 'do', saga: id, step: `what follows ${log[i]}`, answer: true }];
    if (status === done) return [{ name: 'do', saga: id, step, answer: true }];
    // It was refused, or nobody knows.
    return [
      { name: 'do', saga: id, step },
      { name: 'abort', saga: id, answer: true },
    ];
  });
}

/** Which steps are in effect, as the services that took them have it. */
function effectsOf(world: World, id: string): string[] {
  const held = reservations(world)?.records.find(({ key }) => key === id)?.value.state;
  const isDone = {
    reserve: held === 'reserved' || held === 'sold',
    charge: paidCharges(world)?.records.some(({ value }) => value.reference === id) === true,
    ship: shipments(world)?.records.some(({ key }) => key === id) === true,
    sell: held === 'sold',
  };
  return STEPS.filter((step) => isDone[step]);
}

function withRead(world: World, history: Operation[], input: Named, value: unknown): Operation[] {
  const { nowMs } = world;
  const asked = { id: world.history.length, client: 'the check', name: input.name, input };
  return [...history, { ...asked, type: 'ok', invokedMs: nowMs, endedMs: nowMs, value }];
}
