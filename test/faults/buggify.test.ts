import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBudget, swarm } from '../../src/faults/budget.ts';
import { describeFault } from '../../src/faults/describe.ts';
import { explainPlan } from '../../src/faults/explain.ts';
import { calmPlan } from '../../src/faults/fault.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import { drawPlan } from '../../src/faults/swarm.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';
import { defineScenario, simulate } from '../../src/index.ts';
import { buggify } from '../../src/markers.ts';
import { serving } from '../scenario/driven.ts';

const fault = { kind: 'buggify', host: 'a', name: 'the cache is cold', nth: 2 } as const;

test('is checked in a plan', () => {
  const plan = { ...calmPlan, faults: [fault], buggify: { rate: 0.5, hosts: ['a'] } };
  assert.equal(checkPlan(plan, ['a']), plan);
  const wrong: [object, RegExp][] = [
    [{ faults: [{ ...fault, nth: 0 }] }, /`plan\.faults\[0\]\.nth` to be an integer >= 1/],
    [{ faults: [{ ...fault, name: 1 }] }, /`plan\.faults\[0\]\.name` to be a string/],
    [{ buggify: { rate: 2 } }, /`plan\.buggify\.rate` to be a number from 0 to 1/],
    [{ buggify: { rate: 1, hosts: ['b'] } }, /unknown host "b"/],
    [{ buggify: true }, /`plan\.buggify` to be an object with a `rate`/],
  ];
  for (const [part, message] of wrong)
    assert.throws(() => checkPlan({ ...calmPlan, ...part }, ['a']), message);
  assert.throws(() => checkBudget(swarm({ buggify: ['b'] }), ['a']), /unknown host "b"/);
});

test('is told in words', () => {
  assert.equal(describeFault(fault), 'buggify "the cache is cold" on a, call #2');
  const text = explainPlan({ ...calmPlan, buggify: { rate: 0.25 } });
  assert.match(text, /each buggify point is active with a probability of 25 %/);
});

test('is drawn for half of the plans that a budget allows it for', () => {
  const random = new KeyedRandom(1);
  let nth = 0;
  const plans = Array.from({ length: 200 }, () =>
    drawPlan(swarm({ buggify: ['a'] }), ['a'], (bound) => random.below(bound, 1, nth++)),
  );
  const chances = plans.flatMap((plan) => plan.buggify ?? []);
  assert.ok(chances.length > 60 && chances.length < 130, `${chances.length}`);
  assert.ok(chances.every(({ hosts }) => hosts?.join() === 'a'));
  assert.ok(plans.every((plan) => checkPlan(plan, ['a']) === plan));
});

test('on a host that the budget does not name, is beyond it', async () => {
  const scenario = defineScenario({
    name: 'beyond',
    hosts: { a: serving(() => new Response(buggify('it') ? 'bad' : 'good')) },
    faults: swarm({ drop: true }),
    drive: (world) =>
      world.client('guest', async () => assert.equal(await (await fetch('http://a/')).text(), 'good')),
  });
  const plan = { ...calmPlan, faults: [{ kind: 'buggify', host: 'a', name: 'it', nth: 1 } as const] };
  assert.equal((await simulate(scenario, { plan })).verdict, 'unsurvivable');
});
