import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBudget, swarm } from '../../src/faults/budget.ts';
import { beyondCore, drawCore, type CoreBudget } from '../../src/faults/core.ts';
import { explainPlan } from '../../src/faults/explain.ts';
import { calmPlan } from '../../src/faults/fault.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';

const HOSTS = ['a', 'b', 'c', 'lock'];
const anyTwo: CoreBudget = { of: ['a', 'b', 'c'], size: 2 };
const sets: CoreBudget = [['a'], ['b', 'c']];

function drawn(core: CoreBudget): (readonly string[] | undefined)[] {
  const random = new KeyedRandom(1);
  return Array.from({ length: 300 }, (_, seed) =>
    drawCore(core, HOSTS, (bound) => random.below(bound, seed, bound)),
  );
}

test('draws a core for some plans: the hosts that suffice, and those that are always needed', () => {
  const cores = drawn(anyTwo);
  const texts = new Set(cores.filter((core) => core !== undefined).map((core) => core.join()));
  assert.ok([...texts].every((text) => ['a,b,lock', 'a,c,lock', 'b,c,lock'].includes(text)));
  assert.ok(texts.size >= 2);
  const share = cores.filter((core) => core !== undefined).length / cores.length;
  assert.ok(share > 0.2 && share < 0.5, `${share}`);
  for (const core of drawn(sets)) assert.ok(['a,lock', 'b,c,lock', undefined].includes(core?.join()));
});

test('a drawn core never leaves the budget, and a smaller one does', () => {
  for (const budget of [anyTwo, sets]) {
    const checked = checkBudget(swarm({ survivable: { core: budget } }), HOSTS);
    for (const core of drawn(budget)) assert.deepEqual(beyondCore(checked, core, HOSTS), []);
  }
  const budget = swarm({ survivable: { core: anyTwo } });
  assert.deepEqual(beyondCore(budget, ['a', 'b', 'c', 'lock'], HOSTS), []);
  assert.match(beyondCore(budget, ['a', 'lock'], HOSTS).join(), /more is needed/);
  assert.match(beyondCore(budget, ['a', 'b'], HOSTS).join(), /more is needed/);
  assert.match(beyondCore(swarm({}), ['a', 'b'], HOSTS).join(), /does not say/);
});

const wrong: readonly [unknown, RegExp][] = [
  [{ of: ['a', 'x'], size: 1 }, /survivable\.core\.of: unknown host "x"/],
  [{ of: ['a', 'b'], size: 3 }, /`faults\.survivable\.core\.size` to be an integer from 1 to 2, got `3`/],
  [{ of: ['a', 'b'], size: 0 }, /size/],
  [{ of: ['a', 'a'], size: 1 }, /different hosts/],
  [[], /at least one list/],
  [[[]], /at least one/],
  [2, /\{ of, size \}/],
];

test('refuses budgets that do not say who suffices', () => {
  for (const [core, message] of wrong) {
    const budget = (): unknown => checkBudget(swarm({ survivable: { core: core as CoreBudget } }), HOSTS);
    assert.throws(budget, message, JSON.stringify(core));
  }
  const contrary = swarm({ survivable: { core: anyTwo, neverCrash: ['b'] } });
  assert.throws(() => checkBudget(contrary, HOSTS), /without hosts of `neverCrash`, got `"b"`/);
});

test('a plan with a core is checked, and told in words', () => {
  const plan = { ...calmPlan, core: ['a', 'lock'] };
  assert.equal(checkPlan(plan, HOSTS), plan);
  assert.throws(() => checkPlan({ ...calmPlan, core: ['z'] }, HOSTS), /plan\.core: unknown host "z"/);
  assert.throws(
    () => checkPlan({ ...calmPlan, core: [] }, HOSTS),
    /`plan\.core` to be a list of different hosts/,
  );
  assert.match(explainPlan(plan), /after the storm only a, lock come back: all other hosts are dead/);
});
