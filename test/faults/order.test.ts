import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { explainPlan } from '../../src/faults/explain.ts';
import { calmPlan } from '../../src/faults/fault.ts';
import { describeOrder, plainerOrders, type EventOrder } from '../../src/faults/order.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import { faultsInWords } from '../../src/report/faults-in-words.ts';

const anyOrder: fc.Arbitrary<EventOrder> = fc.oneof(
  fc.constantFrom('calm' as const, 'drawn' as const),
  fc.record({
    pct: fc.record({ depth: fc.integer({ min: 1, max: 6 }), steps: fc.integer({ min: 1, max: 50 }) }),
  }),
  fc.record({ choices: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 }) }),
);

test('every form is taken as it is, and travels as JSON', () => {
  fc.assert(
    fc.property(anyOrder, (order) => {
      const plan = { ...calmPlan, order };
      assert.equal(checkPlan(plan, []), plan);
      assert.deepEqual(JSON.parse(JSON.stringify(order)), structuredClone(order));
    }),
  );
});

const WRONG: readonly (readonly [order: unknown, message: RegExp])[] = [
  ['random', /`plan.order` to be "drawn", "calm", \{ pct: .* \} or \{ choices: .* \}, got `"random"`/],
  [null, /`plan.order` to be/],
  [{}, /`plan.order` to be/],
  [{ pct: { depth: 1, steps: 1 }, choices: [] }, /`plan.order` to be/],
  [{ choice: [] }, /did you mean "choices"/],
  [{ choices: 3 }, /`plan.order.choices` to be a list of choices, got `3`/],
  [{ choices: [0, 4] }, /`plan.order.choices\[1\]` to be an integer from 0 to 3, got `4`/],
  [{ choices: [0.5] }, /`plan.order.choices\[0\]`/],
  [{ pct: 3 }, /`plan.order.pct` to be \{ depth, steps \}/],
  [{ pct: { depth: 0, steps: 4 } }, /`plan.order.pct.depth` to be an integer from 1 to 100, got `0`/],
  [{ pct: { depth: 3 } }, /`plan.order.pct.steps` to be an integer from 1 to 1000000, got `undefined`/],
  [{ pct: { depth: 3, steps: 9, step: 9 } }, /step/],
];

test('what is none is refused, by the name of what is wrong', () => {
  for (const [order, message] of WRONG)
    assert.throws(() => checkPlan({ ...calmPlan, order }, []), { code: 'WT_OPTION', message });
});

test('plainer orders are plainer, so that they come to an end', () => {
  const weight = (order: EventOrder): number => {
    if (order === 'calm') return 0;
    if (order === 'drawn') return 1;
    if ('pct' in order) return 1 + order.pct.depth;
    return 2 + order.choices.length + 100 * order.choices.filter((choice) => choice > 0).length;
  };
  fc.assert(
    fc.property(anyOrder, (order) => {
      for (const plainer of plainerOrders(order)) {
        checkPlan({ ...calmPlan, order: plainer }, []);
        assert.ok(weight(plainer) < weight(order), JSON.stringify(plainer));
      }
    }),
  );
});

test('each event that is held back is let go in some plainer order, as is each change point', () => {
  const all = (order: EventOrder): string[] => [...plainerOrders(order)].map((each) => JSON.stringify(each));
  assert.deepEqual(all({ pct: { depth: 3, steps: 9 } }), [
    '"calm"',
    '"drawn"',
    '{"pct":{"depth":1,"steps":9}}',
    '{"pct":{"depth":2,"steps":9}}',
  ]);
  const shorter = all({ choices: [0, 1, 0, 3, 0] });
  for (const wanted of ['{"choices":[0,1]}', '{"choices":[0,0,0,3]}', '{"choices":[0,1,0,3]}'])
    assert.ok(shorter.includes(wanted), `${wanted} in ${shorter.join(' ')}`);
  assert.deepEqual(all('calm'), []);
  assert.deepEqual(all('drawn'), ['"calm"']);
});

test('orders are told in words', () => {
  assert.equal(describeOrder('calm'), undefined);
  const pct: EventOrder = { pct: { depth: 3, steps: 40 } };
  assert.equal(
    explainPlan({ faults: [], latency: 'drawn', order: pct }),
    'no faults; messages take what time the order leaves them, within the latency of their links, and ' +
      'hosts and links have priorities, with 2 change points in 40 steps',
  );
  assert.equal(
    explainPlan({ faults: [], latency: 'calm', order: { choices: [0, 1, 0] } }),
    'no faults; calm: each message takes the shortest time of its link, and events run in a chosen order, ' +
      'in which 1 is held back',
  );
  assert.deepEqual(faultsInWords({ faults: [], order: { choices: [1, 2] } }), [
    { kind: 'order', text: 'events run in a chosen order, in which 2 are held back' },
  ]);
  assert.deepEqual(faultsInWords(calmPlan), []);
});
