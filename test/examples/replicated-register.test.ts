// The replicated register in its two versions: a partition of one way breaks one, and no storm the other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmPlan, CheckFailure, defineScenario, explore, simulate, swarm } from 'wavetank';
import type { FaultPlan, World } from 'wavetank';
import { electionsAreSafe } from '../../examples/replicated-register/models.ts';
import { nodes } from '../../examples/replicated-register/promises.ts';
import repaired from '../../examples/replicated-register/replicated-register-repaired.sim.ts';
import naive from '../../examples/replicated-register/replicated-register.sim.ts';
import { replicatedRegister, type Node } from '../../examples/replicated-register/scenario.ts';
import { NODES } from '../../examples/replicated-register/services/messages.ts';
import { NaiveNode } from '../../examples/replicated-register/services/naive-node.ts';
import { QuorumNode } from '../../examples/replicated-register/services/quorum-node.ts';

const WORK = { writeAfterMs: [0, 700, 700], readAfterMs: [900, 300, 300] };
/** What `alpha` says does not reach `beta`, which hears nothing for long enough to lead. */
const ONE_WAY: FaultPlan = {
  ...calmPlan,
  faults: [{ kind: 'partition', from: ['alpha'], to: ['beta'], oneWay: true, atMs: 100, forMs: 1_500 }],
};

async function failureOf(running: Promise<unknown>): Promise<CheckFailure> {
  const [outcome] = await Promise.allSettled([running]);
  if (outcome.status === 'rejected' && outcome.reason instanceof CheckFailure) return outcome.reason;
  throw outcome.status === 'rejected' ? outcome.reason : new assert.AssertionError({ message: 'it passed' });
}

for (const seed of [1, 2, 3]) {
  test(`the naive register breaks, and it shrinks to one partition of one way: seed ${seed}`, async () => {
    const { result } = await failureOf(explore(naive, { runs: 300, seed }));
    const [fault] = result.plan.faults;
    assert.equal(result.plan.faults.length, 1);
    assert.ok(fault?.kind === 'partition' && 'oneWay' in fault && fault.oneWay, JSON.stringify(fault));
    assert.deepEqual([fault.from.length, fault.to.length], [1, 1]);
  });
}

/** The most nodes that led at the same time, and whether what was acknowledged was read. */
async function underOneWay(
  make: (name: string, store: never) => Node,
  checks: 'all' | 'only those at the end' = 'all',
): Promise<[number, string[]]> {
  let most = 0;
  const options = replicatedRegister({
    name: 'one way',
    node: (host) => make(host.name, host.disk as never),
    faults: naive.faults as never,
  });
  const count = (world: World): boolean => {
    most = Math.max(most, nodes(world).filter(({ isLeader }) => isLeader).length);
    return true;
  };
  const scenario = defineScenario({
    ...options,
    ...(checks === 'all' ? {} : { eventually: {} }),
    always: { ...(checks === 'all' ? options.always : {}), count },
  });
  const { violations } = await simulate(scenario, { workload: WORK, plan: ONE_WAY });
  return [most, violations.map(({ name }) => name)];
}

test('a partition of one way gives the naive register two leaders, and breaks a promise', async () => {
  const [most, broken] = await underOneWay((name) => new NaiveNode(name));
  assert.equal(most, 2);
  assert.equal(broken.length, 1);
});

test('what two leaders told is explained by no order, searched for or their own', async () => {
  const [, broken] = await underOneWay((name) => new NaiveNode(name), 'only those at the end');
  assert.deepEqual(broken, ['the register is linearizable', 'the register tells its order']);
});

test('the same partition does nothing to what the repaired register promises', async () => {
  const [, broken] = await underOneWay((name, store) => new QuorumNode(name, store));
  assert.deepEqual(broken, []);
});

/** Nodes that were elected for these terms, of which the first leads in one. */
function elected(won: readonly (readonly number[])[], term: number): World {
  const host = (name: string) => {
    const i = ['alpha', 'beta', 'gamma'].indexOf(name);
    return { exports: { node: { name, isLeader: i === 0, term, won: won[i] ?? [] } } };
  };
  return { host, nowMs: 10 } as unknown as World;
}

test('a term that is won twice is found, also by one node, and a leader that nobody elected', () => {
  assert.equal(electionsAreSafe(elected([[1, 4], [2]], 4)).verdict, 'ok');
  assert.equal(electionsAreSafe(elected([[1, 2], [2]], 2)).verdict, 'illegal');
  assert.equal(electionsAreSafe(elected([[3, 3]], 3)).verdict, 'illegal');
  assert.equal(electionsAreSafe(elected([[1], [2]], 2)).verdict, 'illegal');
});

test('nodes that forget their term in a crash win one a second time, and the model says so', async () => {
  const options = replicatedRegister({
    name: 'forgetful',
    node({ name, disk }) {
      const put = (key: string, value: unknown) => disk.put(key, { ...(value as object), term: 0 });
      return new QuorumNode(name, { get: (key) => disk.get(key), put, sync: () => disk.sync() });
    },
    faults: swarm({ crash: NODES }),
  });
  const scenario = defineScenario({ ...options, always: {}, eventually: {} });
  const faults = NODES.map((host) => ({ kind: 'crash', host, atMs: 1_500, downMs: 200 }) as const);
  const { violations } = await simulate(scenario, { workload: WORK, plan: { ...calmPlan, faults } });
  const names = violations.map(({ name }) => name);
  assert.ok(names.includes('a term is won once'), String(names));
});

test('without faults the naive register is as good as the repaired one', async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const { faults: _, ...calm } = replicatedRegister({
      name: 'no faults',
      node: (host) => new NaiveNode(host.name),
      faults: naive.faults as never,
    });
    const { verdict, violations } = await simulate(defineScenario(calm), { seed });
    assert.equal(verdict, 'ok', violations[0]?.message);
  }
});

test('the repaired register keeps its promises in 60 runs, and clients get on after each', async () => {
  const { runs, reached } = await explore(repaired, { runs: 60 });
  assert.equal(runs, 60);
  assert.ok([...repaired.sometimes.keys()].every((name) => (reached[name] ?? 0) > 0));
});
