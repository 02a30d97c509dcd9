// What is drawn of the faults of processes: never beyond the budget, and with what finds most.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { swarm, type FaultBudget, type SwarmOptions } from '../../src/faults/budget.ts';
import type { Fault, TimedFault } from '../../src/faults/fault.ts';
import type { UpgradeFault } from '../../src/faults/kinds/upgrade.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import { isAllowed } from '../../src/faults/survivable.ts';
import { drawPlan } from '../../src/faults/swarm.ts';
import { handler } from '../../src/host/definition.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';
import { defineScenario } from '../../src/scenario/define-scenario.ts';

const HOSTS = ['a', 'b', 'c'];
const KINDS = [
  'crashLoop',
  'crashTogether',
  'upgrade',
  'slowHost',
  'loopLag',
  'descriptors',
  'memory',
] as const;
const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

function drawnBy(budget: FaultBudget, seed: number): readonly TimedFault[] {
  const random = new KeyedRandom(seed);
  let nth = 0;
  const { faults } = drawPlan(budget, HOSTS, (bound) => random.below(bound, 1, nth++));
  return faults as readonly TimedFault[];
}

function ofKind<Kind extends Fault['kind']>(
  faults: readonly Fault[],
  kind: Kind,
): (Fault & { kind: Kind })[] {
  return faults.filter((fault): fault is Fault & { kind: Kind } => fault.kind === kind);
}

test('drawn plans are valid and within the budget, and use each kind in some plans but not in all', () => {
  const hosts = fc.subarray(HOSTS);
  const budgets: fc.Arbitrary<SwarmOptions> = fc.record(
    {
      ...Object.fromEntries(KINDS.map((kind) => [kind, hosts])),
      survivable: fc.record({ hostsDown: fc.nat(3) }),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  fc.assert(
    fc.property(budgets, fc.nat(), (options, seed) => {
      const budget = swarm(options);
      const faults = drawnBy(budget, seed);
      checkPlan({ faults, latency: 'calm', order: 'calm' }, HOSTS);
      for (const fault of faults) assert.ok(isAllowed(budget, fault), JSON.stringify(fault));
    }),
  );
  const all = swarm({
    ...Object.fromEntries(KINDS.map((kind) => [kind, HOSTS])),
    survivable: { hostsDown: 3 },
  });
  for (const kind of KINDS) {
    const plans = SEEDS.filter((seed) => ofKind(drawnBy(all, seed), kind).length > 0).length;
    assert.ok(plans > SEEDS.length / 4 && plans < (SEEDS.length * 2) / 3, `${kind}: ${plans}`);
  }
});

test('as many hosts crash together as may be down, and never more', () => {
  for (const [hostsDown, counts] of [
    [1, []],
    [2, [2]],
    [3, [2, 3]],
  ] as const) {
    const budget = swarm({ crashTogether: HOSTS, survivable: { hostsDown } });
    const drawn = SEEDS.flatMap((seed) => ofKind(drawnBy(budget, seed), 'crashTogether'));
    assert.deepEqual(
      [...new Set(drawn.map(({ hosts }) => hosts.length))].toSorted((a, b) => a - b),
      counts,
    );
    assert.ok(drawn.every(({ hosts }) => new Set(hosts).size === hosts.length));
  }
});

test('hosts change to versions that they have, from the one that they have to another', () => {
  const app = handler(() => () => new Response('hello'));
  const scenario = defineScenario({
    name: 'three versions',
    hosts: { c: app },
    versions: { a: [app, app, app], b: [app, app] },
    faults: swarm({ upgrade: ['a', 'b'], survivable: { hostsDown: 3 } }),
    drive() {},
  });
  const drawn = SEEDS.map((seed) => ofKind(drawnBy(scenario.faults as FaultBudget, seed), 'upgrade'));
  for (const faults of drawn) {
    const versions = new Map<string, number>();
    for (const { host, to } of faults) {
      assert.notEqual(to, versions.get(host) ?? 0);
      versions.set(host, to);
    }
  }
  const reached = (name: string): number[] =>
    [...new Set(drawn.flat().flatMap(({ host, to }: UpgradeFault) => (host === name ? [to] : [])))].toSorted(
      (left, right) => left - right,
    );
  assert.deepEqual(reached('a'), [0, 1, 2]);
  assert.deepEqual(reached('b'), [0, 1]);
  assert.ok(
    drawn.some((faults) => new Set(faults.map(({ host }) => host)).size === 2),
    'a rollout to both',
  );
});

test('a scenario says what is wrong with its versions', () => {
  const [one, other] = [1, 2].map(() => handler(() => () => new Response('hello')));
  const refuse = (options: object, message: RegExp): void => {
    assert.throws(
      () => defineScenario({ name: 'x', hosts: { a: one as never }, drive() {}, ...options }),
      message,
    );
  };
  refuse({ versions: { a: one } }, /versions\.a.*two or more host definitions/);
  refuse({ versions: { a: [one] } }, /versions\.a.*two or more/);
  refuse({ versions: { a: [one, {}] } }, /versions\.a\[1\].*a host definition/);
  refuse({ versions: { a: [other, other] } }, /hosts\.a.*one of its versions/);
  refuse({ faults: swarm({ upgrade: ['a'] }) }, /faults\.upgrade.*hosts with several versions, got `"a"`/);
  const scenario = defineScenario({
    name: 'x',
    hosts: {},
    versions: { a: [one, other] as never },
    drive() {},
  });
  assert.equal(scenario.hosts.get('a'), one);
});
