// The search from the calm run outwards: what it lists, in which order, and that blocks go on where those
// before them ended.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf } from '../../../src/explore/blocks.ts';
import type { Fault, FaultPlan } from '../../../src/faults/fault.ts';
import { isAllowed } from '../../../src/faults/survivable.ts';
import { bounded, boundedInPairs, placeOf } from '../../../src/explore/strategies/bounded.ts';
import { deviationsOf } from '../../../src/explore/strategies/deviations.ts';
import type { Proposal, Strategy } from '../../../src/explore/strategies/strategy.ts';
import { calmPlan, explore, CheckFailure, swarm, type Scenario } from '../../../src/index.ts';
import { inputsAndHashes, makeBlocks } from './course.ts';
import { shopOf, storm } from './shop.ts';

const given = { seed: 3, strategy: 'bounded' };

async function plansOf(scenario: Scenario, runsMax: number): Promise<FaultPlan[]> {
  const { runs } = await makeBlocks(scenario, [...blocksOf({ ...given, runsMax })]);
  return runs.map(({ proposal }) => proposal.plan);
}

test('begins with the calm run, and goes on with one deviation each, a lost response first', async () => {
  const [calm, ...others] = await plansOf(shopOf(storm), 20);
  assert.deepEqual(calm, { faults: [], latency: 'calm', order: 'calm' });
  const [first] = others[0]?.faults ?? [];
  assert.ok(first?.kind === 'drop' && first.message === 'response', JSON.stringify(first));
  for (const { faults, order } of others) {
    assert.ok(faults.length + Number(order === 'drawn') === 1, JSON.stringify({ faults, order }));
  }
});

test('what is lost first are the responses of two hosts that ask nobody else', () => {
  const scenario = shopOf(swarm({ drop: true, delay: true }));
  const exchange = (from: string, to: string, label: string) => [
    { topic: { from, to, message: 'request' as const, label }, count: 1 },
    { topic: { from: to, to: from, message: 'response' as const, label }, count: 1 },
  ];
  const messages = [
    ...exchange('client', 'shop', 'POST /orders'),
    ...exchange('shop', 'stock', 'PUT /items'),
    ...exchange('shop', 'stock', 'DELETE /items'),
    ...exchange('shop', 'bank', 'POST /charges'),
  ];
  const input = { seed: 1, nth: 0 };
  const quiet = { clients: ['client'], diskCalls: [], weather: [] };
  const deviations = deviationsOf(scenario, { input, seed: 1, steps: 9, messages, ...quiet });
  const lost = deviations.slice(0, 2).flatMap(({ faults = [] }) => faults);
  assert.deepEqual(
    lost.map((fault) => fault.kind === 'drop' && [fault.message, fault.from, fault.label]),
    [
      ['response', 'stock', 'PUT /items'],
      ['response', 'bank', 'POST /charges'],
    ],
  );
  const all = deviations.flatMap(({ faults = [] }) => faults.map((fault) => JSON.stringify(fault)));
  assert.equal(new Set(all).size, all.length, 'none is listed twice');
});

test('deviations are of all sorts from the beginning on, each of them once, within the budget', async () => {
  const plans = await plansOf(shopOf(storm), 24);
  const faults = plans.flatMap((plan): readonly Fault[] => plan.faults);
  const kinds = new Set(faults.map(({ kind }) => kind));
  for (const kind of ['drop', 'delay', 'duplicate', 'crash', 'pause', 'answer', 'ioError'] as const) {
    assert.ok(kinds.has(kind), `no ${kind} among ${[...kinds].join(', ')}`);
  }
  assert.equal(new Set(faults.map((fault) => JSON.stringify(fault))).size, faults.length);
  for (const fault of faults) assert.ok(isAllowed(storm, fault), JSON.stringify(fault));
  assert.ok(!faults.some((fault) => fault.kind === 'crash' && fault.host === 'shop'), 'it never crashes');
});

test('most of what it lists strikes: it is about messages that are there', async () => {
  const { runs } = await makeBlocks(shopOf(storm), [...blocksOf({ ...given, runsMax: 24 })]);
  const planned = runs.filter(({ proposal }) => proposal.plan.faults.length === 1);
  const struck = planned.filter(({ result }) => result.ledger.length > 0);
  assert.ok(struck.length >= planned.length * 0.7, `${struck.length} of ${planned.length}`);
});

test('pairs come when each single deviation has been listed, and never exceed the budget', async () => {
  const plans = await listed(shopOf(swarm({ crash: ['shop', 'bank'] })), 2_000);
  // Of the first workload: what is drawn takes the place of pairs that exceed the budget.
  const ofFirst = plans.filter((_, number) => placeOf(number).workload === 0);
  const size = ({ faults, order }: FaultPlan): number => faults.length + Number(order === 'drawn');
  const pair = ofFirst.findIndex((plan) => plan !== undefined && size(plan) === 2);
  assert.ok(pair > 20, `${pair}`);
  const singles = ofFirst.slice(1, pair).flatMap((plan) => plan?.faults ?? []);
  assert.equal(new Set(singles.map((fault) => JSON.stringify(fault))).size, singles.length);
  for (const plan of ofFirst.slice(pair)) {
    if (plan === undefined) continue;
    assert.equal(size(plan), 2);
    const crashed = new Set(plan.faults.map((fault) => 'host' in fault && fault.host));
    assert.ok(crashed.size <= 1, 'only one host may be down at once, and a trigger may be any time');
  }
  const pairs = ofFirst.slice(pair).flatMap((plan) => (plan === undefined ? [] : [JSON.stringify(plan)]));
  assert.ok(pairs.length > 300, `${pairs.length} pairs`);
  assert.equal(new Set(pairs).size, pairs.length, 'none is listed twice');
});

/** What is listed, without making the runs; undefined where a run is drawn. */
async function listed(
  scenario: Scenario,
  count: number,
  strategy: Strategy = bounded,
): Promise<(FaultPlan | undefined)[]> {
  const input = { seed: 1, nth: 0 };
  const block = { number: 0, firstRun: 0, runs: count, seed: 1, base: 1, strategy: 'bounded' };
  const quiet = { clients: [], messages: [], diskCalls: [], weather: [] };
  const sound = () => Promise.resolve({ input, seed: 1, steps: 50, ...quiet });
  const course = strategy.open({ scenario, block, runsBefore: 0, sound });
  const generated: Proposal = { plan: { ...calmPlan }, seed: 1, workload: input };
  const plans: (FaultPlan | undefined)[] = [];
  for (let i = 0; i < count; i++) {
    const proposal = await course.next(generated);
    plans.push(proposal === generated ? undefined : proposal?.plan);
  }
  return plans;
}

test('two at a time, each is tried once, in half as many runs, and never beyond the budget', async () => {
  const scenario = shopOf(
    swarm({ crash: ['shop', 'bank'], powerLoss: ['shop', 'bank'], clockStep: ['shop', 'bank'] }),
  );
  const faultsOf = (plans: readonly (FaultPlan | undefined)[]): string[] =>
    plans.flatMap((plan) => plan?.faults ?? []).map((fault) => JSON.stringify(fault));
  const alone = (await listed(scenario, 2_000)).filter((_, number) => placeOf(number).workload === 0);
  const singles = faultsOf(alone.filter((plan) => plan?.faults.length === 1 && plan.order === 'calm'));
  const together = await listed(scenario, 1_000, boundedInPairs);
  const ofFirst = together.filter((_, number) => placeOf(number, 12).workload === 0);
  const groups = ofFirst.slice(0, Math.ceil((singles.length + 1) / 2) + 4);
  const tried = faultsOf(groups).slice(0, singles.length);
  assert.ok(singles.length > 40, `${singles.length}`);
  assert.deepEqual(tried.toSorted(), singles.toSorted());
  for (const plan of groups) {
    const ended = (plan?.faults ?? []).filter(({ kind }) => kind !== 'clockStep');
    const hosts = new Set(ended.map((fault) => 'host' in fault && fault.host));
    assert.ok(hosts.size <= 1, 'only one host may be down at once, and a trigger may be any time');
  }
});

test('a block makes the same runs by itself as after the blocks before it', async () => {
  const scenario = shopOf(storm);
  const blocks = [...blocksOf({ ...given, runsMax: 120 })];
  const together = inputsAndHashes(await makeBlocks(scenario, blocks));
  const last = blocks.slice(-1);
  const alone = inputsAndHashes(await makeBlocks(scenario, last));
  assert.ok(alone.length > 0);
  assert.deepEqual(alone, together.slice(-alone.length));
});

test('workloads take turns: every second stretch is about the first, every fourth about the second', () => {
  const slices = [0, 24, 48, 72, 96, 120, 144, 168].map((number) => placeOf(number));
  assert.deepEqual(
    slices.map(({ workload }) => workload),
    [0, 1, 0, 2, 0, 1, 0, 3],
  );
  const seen = new Set<string>();
  for (let number = 0; number < 2_000; number++) {
    const { workload, nth } = placeOf(number);
    assert.ok(nth === 0 || seen.has(`${workload} ${nth - 1}`), 'none is left out');
    seen.add(`${workload} ${nth}`);
  }
  assert.equal(seen.size, 2_000, 'none comes twice');
});

test('without faults it lists late messages and orders', async () => {
  const plans = await plansOf(shopOf(undefined), 24);
  assert.ok(plans.some(({ faults }) => faults.some(({ kind }) => kind === 'delay')));
  assert.ok(plans.some(({ order }) => order === 'drawn'));
});

test('what one lost response does is found at once, and needs no shrinking of its faults', async () => {
  const scenario = shopOf(swarm({ drop: true }), (charges) => charges !== 1);
  const failure = await explore(scenario, { ...given, runs: 50 }).catch((error: unknown) => error);
  assert.ok(failure instanceof CheckFailure);
  assert.ok(failure.result.plan.faults.length <= 1);
});
