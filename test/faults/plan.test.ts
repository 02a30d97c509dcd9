import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { calmPlan, type Fault, type FaultPlan } from '../../src/faults/fault.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import { scenarioOf } from '../scenario/driven.ts';

const HOSTS = ['orders', 'payments'];
const message = {
  from: 'orders',
  to: 'payments',
  message: 'request',
  label: 'POST /charge',
  nth: 1,
} as const;

const FAULTS: readonly Fault[] = [
  { kind: 'drop', ...message },
  { kind: 'reset', ...message, message: 'response' },
  { kind: 'refuse', ...message },
  { kind: 'duplicate', ...message, message: 'datagram', afterMs: 5 },
  { kind: 'delay', ...message, message: 'signal', byMs: 0.5 },
  { kind: 'partition', from: ['orders'], to: ['payments'], oneWay: true, atMs: 0, forMs: 10 },
  { kind: 'crash', host: 'orders', atMs: 1, downMs: 2 },
  { kind: 'stop', host: 'orders', atMs: 1, downMs: 2 },
  { kind: 'pause', host: 'orders', atMs: 1, forMs: 2 },
];

test('a plan of every kind of fault is taken as it is', () => {
  const plan: FaultPlan = {
    faults: FAULTS,
    chances: [{ kind: 'drop', rate: 0.5, links: ['guest -> orders'], msMax: 5 }],
    latency: 'drawn',
    order: 'calm',
  };
  assert.equal(checkPlan(plan, HOSTS), plan);
  assert.equal(checkPlan(calmPlan, HOSTS), calmPlan);
});

const NO_TIME = [-1, NaN, Infinity, '5', null, undefined];

/** Each wrong value, and the words by which it is refused. */
const WRONG: [what: unknown, message: string][] = [
  [undefined, 'Expected `plan` to be a fault plan, got `undefined`'],
  [null, 'Expected `plan` to be a fault plan, got `null`'],
  [{ ...calmPlan, faults: {} }, 'Expected `plan.faults` to be a list of faults'],
  [{ ...calmPlan, chances: 5 }, 'Expected `plan.chances` to be a list of chances'],
  [{ ...calmPlan, latency: 'rainy' }, 'Expected `plan.latency` to be "drawn" or "calm", got `"rainy"`'],
  [
    { faults: [], latency: 'calm' },
    'Expected `plan.order` to be "drawn", "calm", { pct: { depth, steps } } or',
  ],
  ...faulty(null, 'Expected `plan.faults[1]` to be a fault, got `null`'),
  ...faulty({ kind: 'crush' }, 'plan.faults[1]: unknown kind of fault "crush": did you mean "crash"?'),
  ...faulty({}, 'plan.faults[1]: unknown kind of fault "undefined"'),
  ...faulty({ kind: 'drop', ...message, from: 5 }, 'Expected `plan.faults[1].from` to be a string, got `5`'),
  ...faulty({ kind: 'drop', ...message, to: undefined }, 'Expected `plan.faults[1].to` to be a string'),
  ...faulty({ kind: 'drop', ...message, label: null }, 'Expected `plan.faults[1].label` to be a string'),
  ...faulty(
    { kind: 'drop', ...message, message: 'letter' },
    'Expected `plan.faults[1].message` to be request or response',
  ),
  ...[0, -1, 1.5, NaN, '1', undefined].flatMap((nth) =>
    faulty({ kind: 'drop', ...message, nth }, 'Expected `plan.faults[1].nth` to be an integer >= 1'),
  ),
  ...NO_TIME.flatMap((ms) => [
    ...faulty(
      { kind: 'delay', ...message, byMs: ms },
      'Expected `plan.faults[1].byMs` to be a finite number',
    ),
    ...faulty({ kind: 'duplicate', ...message, afterMs: ms }, 'Expected `plan.faults[1].afterMs` to be'),
    ...faulty({ kind: 'crash', host: 'orders', atMs: ms, downMs: 1 }, 'Expected `plan.faults[1].atMs` to be'),
    ...faulty(
      { kind: 'crash', host: 'orders', atMs: 1, downMs: ms },
      'Expected `plan.faults[1].downMs` to be',
    ),
    ...faulty(
      { kind: 'stop', host: 'orders', atMs: 1, downMs: ms },
      'Expected `plan.faults[1].downMs` to be',
    ),
    ...faulty({ kind: 'pause', host: 'orders', atMs: 1, forMs: ms }, 'Expected `plan.faults[1].forMs` to be'),
  ]),
  ...faulty(
    { kind: 'crash', host: 'order', atMs: 1, downMs: 1 },
    'plan.faults[1].host: unknown host "order": did you mean "orders"?',
  ),
  ...faulty(
    { kind: 'pause', atMs: 1, forMs: 1 },
    'Expected `plan.faults[1].host` to be a host name, got `undefined`',
  ),
  ...faulty(
    { kind: 'partition', from: 'orders', to: [], oneWay: true, atMs: 1, forMs: 1 },
    'Expected `plan.faults[1].from` to be a list of host names',
  ),
  ...faulty(
    { kind: 'partition', from: [], to: ['x'], oneWay: true, atMs: 1, forMs: 1 },
    'plan.faults[1].to: unknown host "x"',
  ),
  ...faulty(
    { kind: 'partition', from: [], to: [], oneWay: 1, atMs: 1, forMs: 1 },
    'Expected `plan.faults[1].oneWay` to be true or false',
  ),
  // What TCP cannot do: a refusal after the request arrived, a copy of a response.
  ...faulty(
    { kind: 'refuse', ...message, message: 'response' },
    'Expected `plan.faults[1].message` to be request',
  ),
  ...faulty(
    { kind: 'duplicate', ...message, message: 'response', afterMs: 1 },
    'Expected `plan.faults[1].message` to be request or datagram',
  ),
  ...chancy(5, 'Expected `plan.chances[0]` to be a chance, got `5`'),
  ...chancy({ kind: 'crash', rate: 1 }, 'plan.chances[0]: unknown kind "crash"'),
  ...[-0.1, 1.1, NaN, '0.5', undefined].flatMap((rate) =>
    chancy({ kind: 'drop', rate }, 'Expected `plan.chances[0].rate` to be a number from 0 to 1'),
  ),
  ...chancy({ kind: 'delay', rate: 1, msMax: -1 }, 'Expected `plan.chances[0].msMax` to be a finite number'),
  ...chancy(
    { kind: 'delay', rate: 1, links: 'a -> b' },
    'Expected `plan.chances[0].links` to be a list of links',
  ),
  ...chancy({ kind: 'delay', rate: 1, links: [5] }, 'Expected `plan.chances[0].links` to be a list of links'),
];

function faulty(fault: unknown, words: string): [unknown, string][] {
  return [[{ ...calmPlan, faults: [FAULTS[0], fault] }, words]];
}

function chancy(chance: unknown, words: string): [unknown, string][] {
  return [[{ ...calmPlan, chances: [chance] }, words]];
}

test('every wrong value is refused by its name, before anything runs', async () => {
  for (const [plan, words] of WRONG) {
    const isRefused = (error: unknown): boolean => {
      assert.ok(error instanceof Error);
      assert.equal((error as { code?: unknown }).code, 'WT_OPTION');
      assert.ok(error.message.startsWith(words), `${error.message}\n  does not begin with: ${words}`);
      return true;
    };
    assert.throws(() => checkPlan(plan, HOSTS), isRefused);
  }
  let isDriven = false;
  const scenario = scenarioOf({}, () => void (isDriven = true));
  await assert.rejects(simulate(scenario, { plan: { ...calmPlan, order: 'x' } as never }), {
    code: 'WT_OPTION',
  });
  assert.equal(isDriven, false);
});

test('whatever comes is taken or refused, never anything else', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (one, other) => {
      for (const plan of [one, { ...calmPlan, faults: [one, other] }, { ...calmPlan, chances: [one] }]) {
        try {
          checkPlan(plan, HOSTS);
        } catch (error) {
          assert.equal((error as { code?: unknown }).code, 'WT_OPTION');
        }
      }
    }),
    { numRuns: 500 },
  );
});
