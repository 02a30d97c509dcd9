// The search for smaller plans, on its own: it begins with what struck, ends with what is needed, names plain
// messages and round numbers, and always comes to an end.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { earlierPlans, isExplicit, smallerPlans } from '../../src/explore/shrink-plan.ts';
import type { CrashFault } from '../../src/faults/kinds/crash.ts';
import type { DelayFault, DropFault, Fault, FaultPlan } from '../../src/faults/fault.ts';
import { noteStruck, type MessageTopic } from '../../src/faults/struck.ts';

const drop = (nth: number, label = 'GET /'): DropFault => ({
  kind: 'drop',
  from: 'a',
  to: 'b',
  message: 'request',
  label,
  nth,
});
const delay = (nth: number, byMs: number): DelayFault => ({ ...drop(nth), kind: 'delay', byMs });
const crash = (atMs: number, downMs = 1): CrashFault => ({ kind: 'crash', host: 'a', atMs, downMs });
const calm = (faults: readonly Fault[]): FaultPlan => ({ faults, latency: 'calm', order: 'calm' });

/** A plan of which a run has told what struck. */
function struck(
  plan: FaultPlan,
  ledger: readonly Fault[],
  about: { clients?: string[]; topics?: MessageTopic[]; beganMs?: number } = {},
) {
  const { clients = [], topics = [], beganMs } = about;
  noteStruck(plan, { ledger, clients, beganMs: () => beganMs, topics: () => topics });
  return plan;
}

const plansOf = (plan: FaultPlan): FaultPlan[] => [...smallerPlans(plan, undefined)].map((each) => each.plan);

/** Shrinks as fast-check does: on with the first candidate that fails, until there is none. */
function shrunk(start: FaultPlan, fails: (plan: FaultPlan) => boolean): { plan: FaultPlan; runs: number } {
  let best = struck(start, start.faults);
  let position: Parameters<typeof smallerPlans>[1];
  let runs = 0;
  for (;;) {
    let next: typeof best | undefined;
    for (const candidate of smallerPlans(best, position)) {
      runs++;
      struck(candidate.plan, candidate.plan.faults);
      if (!fails(candidate.plan)) continue;
      next = candidate.plan;
      position = candidate.position;
      break;
    }
    if (next === undefined) return { plan: best, runs };
    best = next;
    assert.ok(runs < 10_000, 'it does not end');
  }
}

const anyFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.nat({ max: 60 }).map((nth) => drop(nth + 1)),
  fc.tuple(fc.nat({ max: 60 }), fc.double({ min: 0.001, max: 20_000, noNaN: true })).map(([nth, byMs]) => {
    return delay(nth + 1, Math.ceil(byMs * 1_000) / 1_000);
  }),
  fc
    .tuple(fc.nat({ max: 9_999_999 }), fc.nat({ max: 9_999_999 }))
    .map(([at, down]) => crash(at / 1_000, down / 1_000)),
);

describe('smallerPlans', () => {
  test('makes a list of what struck out of chances, from the smallest guess to the very run', () => {
    const chances = [{ kind: 'drop', rate: 0.1 }] as const;
    const plan: FaultPlan = { faults: [crash(9)], chances, latency: 'drawn', order: 'drawn' };
    const ledger = [delay(1, 5), drop(2), crash(9)];
    const forms = plansOf(struck(plan, ledger)).map(({ faults, order }) => [faults, order]);
    assert.deepEqual(forms, [
      [[], 'calm'],
      [[], 'drawn'],
      [[drop(2), crash(9)], 'calm'],
      [[drop(2), crash(9)], 'drawn'],
      [[delay(1, 5)], 'calm'],
      [[delay(1, 5)], 'drawn'],
      [ledger, 'calm'],
      [ledger, 'drawn'],
    ]);
    assert.ok(plansOf(plan).every(isExplicit));
  });

  test('begins with leaving out what struck nothing', () => {
    const plan = calm([drop(1), drop(2), drop(3)]);
    assert.deepEqual(plansOf(struck(plan, [drop(2)]))[0], calm([drop(2)]));
  });

  test('tries every single fault left out', () => {
    const faults = [drop(1), delay(2, 5), crash(3), drop(4), drop(5)];
    const tried = plansOf(struck(calm(faults), faults)).map((plan) => JSON.stringify(plan.faults));
    for (const i of faults.keys()) assert.ok(tried.includes(JSON.stringify(faults.toSpliced(i, 1))), `${i}`);
  });

  test('ends with exactly the faults that are needed, whichever they are, in few runs', () => {
    const input = fc
      .integer({ min: 1, max: 60 })
      .chain((count) =>
        fc.tuple(fc.constant(count), fc.uniqueArray(fc.nat({ max: count - 1 }), { maxLength: 5 })),
      );
    let runsMax = 0;
    const property = fc.property(input, ([count, needed]) => {
      const faults = Array.from({ length: count }, (_, i) => drop(1, `GET /${i}`));
      const wanted = faults.filter((_, i) => needed.includes(i));
      const fails = (plan: FaultPlan): boolean =>
        wanted.every((fault) => plan.faults.some((each) => JSON.stringify(each) === JSON.stringify(fault)));
      const { plan, runs } = shrunk({ ...calm(faults), order: 'drawn' }, fails);
      assert.deepEqual(plan, calm(wanted));
      runsMax = Math.max(runsMax, runs);
    });
    fc.assert(property, { numRuns: 500, seed: 1 });
    assert.ok(runsMax < 120, `${runsMax} runs for 60 faults of which 5 are needed`);
  });

  test('comes to an end whatever fails', () => {
    const plans = fc.array(anyFault, { maxLength: 6 }).map(calm);
    const property = fc.property(plans, fc.infiniteStream(fc.boolean()), (plan, verdicts) => {
      shrunk(plan, () => verdicts.next().value as boolean);
      shrunk(plan, ({ faults }) => faults.length === plan.faults.length);
    });
    fc.assert(property, { numRuns: 300, seed: 1 });
  });

  test('never yields the plan itself', () => {
    const property = fc.property(fc.array(anyFault, { minLength: 1, maxLength: 5 }).map(calm), (plan) => {
      for (const candidate of plansOf(struck(plan, plan.faults))) assert.notDeepEqual(candidate, plan);
    });
    fc.assert(property, { numRuns: 500, seed: 1 });
  });

  test('prefers round numbers and earlier times', () => {
    const { plan } = shrunk(calm([crash(1_234.567, 88.8), delay(1, 1_001.3)]), ({ faults }) => {
      const [first, second] = faults as [CrashFault | undefined, DelayFault | undefined];
      return faults.length === 2 && first!.atMs >= 100 && second!.byMs >= 1_000;
    });
    assert.deepEqual(plan.faults, [crash(100, 90), delay(1, 2_000)]);
  });

  test('prefers the first occurrence, the first client and the plainest label', () => {
    const from = (client: string, label: string): DropFault => ({ ...drop(3, label), from: client });
    const topic = (client: string, label: string): MessageTopic => ({
      from: client,
      to: 'b',
      message: 'request',
      label,
    });
    const fault = from('client-2', 'GET /orders/o-12');
    const topics = [
      topic('client-10', 'GET /'),
      topic('client-2', 'GET /orders/o-3'),
      topic('client-1', 'GET /orders/o-1'),
      { ...topic('client-1', 'GET /x'), to: 'c' },
      { ...topic('client-1', 'GET /y'), message: 'response' } as const,
      topic('a', 'GET /z'),
    ];
    const plan = struck(calm([fault]), [fault], { clients: ['client-2', 'client-1', 'client-10'], topics });
    const tried = plansOf(plan).map(({ faults }) => faults[0] as DropFault | undefined);
    assert.deepEqual(
      tried.slice(1).map((each) => [each?.from, each?.label, each?.nth]),
      [
        ['client-10', 'GET /', 1],
        ['client-1', 'GET /orders/o-1', 1],
        ['client-2', 'GET /orders/o-3', 1],
        ['client-2', 'GET /orders/o-12', 1],
        ['client-2', 'GET /orders/o-12', 2],
      ],
    );
  });
});

describe('earlierPlans', () => {
  test('moves all faults, and each of them, to the message before', () => {
    const plan = calm([drop(3), drop(1), delay(2, 5)]);
    const shapes = [...earlierPlans(plan)].map(({ faults }) =>
      faults.map((fault) => (fault as DropFault).nth),
    );
    assert.deepEqual(shapes, [
      [2, 1, 1],
      [2, 1, 2],
      [3, 1, 1],
    ]);
  });

  test('moves what happens at a time to half of it', () => {
    assert.deepEqual([...earlierPlans(calm([crash(61)]))], [calm([crash(30)])]);
  });

  test('has nothing to offer where all is as early as can be, or left to chance', () => {
    assert.deepEqual([...earlierPlans(calm([drop(1), crash(0)]))], []);
    assert.deepEqual([...earlierPlans({ ...calm([drop(2)]), latency: 'drawn' })], []);
  });
});

describe('a fault that waits for a trigger', () => {
  const after = { marker: 'saved', nth: 3 };
  const waiting: Fault = { ...crash(0), after };
  const formsOf = (fault: Fault, beganMs?: number): Fault[] => {
    const about = beganMs === undefined ? {} : { beganMs };
    const plans = plansOf(struck(calm([fault]), [fault], about));
    return plans.flatMap(({ faults }) => faults);
  };

  test('is tried at a plain time, but only at a round one: the exact one would always do', () => {
    assert.deepEqual(formsOf(waiting, 12.345).slice(0, 2), [crash(20), crash(13)]);
    assert.ok(!formsOf(waiting, 12.345).some((each) => 'atMs' in each && each.atMs === 12.345));
  });

  test('is tried with earlier triggers, and right at them', () => {
    const later = formsOf({ ...waiting, atMs: 7.5 });
    assert.ok(later.some((each) => JSON.stringify(each) === JSON.stringify({ ...waiting, atMs: 0 })));
    for (const nth of [1, 2]) {
      const sooner = { ...waiting, after: { ...after, nth } };
      assert.ok(formsOf(waiting).some((each) => JSON.stringify(each) === JSON.stringify(sooner)));
    }
  });

  test('keeps its trigger where nothing else fails', () => {
    const needs = ({ faults }: FaultPlan): boolean =>
      faults.some((each) => 'after' in each && each.after !== undefined && 'marker' in each.after);
    const { plan } = shrunk(calm([waiting, crash(5)]), needs);
    assert.deepEqual(plan.faults, [{ ...crash(0), after: { marker: 'saved', nth: 1 } }]);
  });

  test('waits for an earlier step', () => {
    const { plan } = shrunk(calm([{ ...crash(0), after: { step: 1_234 } }]), ({ faults }) =>
      faults.some((each) => 'after' in each && each.after !== undefined && 'step' in each.after),
    );
    assert.deepEqual(plan.faults, [{ ...crash(0), after: { step: 1 } }]);
  });

  test('comes earlier together with a smaller workload', () => {
    const [plan] = earlierPlans(calm([waiting]));
    assert.deepEqual(plan?.faults, [{ ...waiting, after: { ...after, nth: 2 } }]);
    assert.deepEqual([...earlierPlans(calm([{ ...waiting, after: { ...after, nth: 1 } }]))], []);
  });
});

test('a crash that needs a lost answer to hit its moment is moved to where it needs none', () => {
  // Between 3 and 6 ms it does harm by itself; at other times only after the loss.
  const fails = ({ faults }: FaultPlan): boolean =>
    faults.some((each) => {
      if (each.kind !== 'crash') return false;
      return (each.atMs >= 3 && each.atMs < 6) || faults.some(({ kind }) => kind === 'drop');
    });
  assert.deepEqual(
    shrunk(calm([drop(1), { ...crash(812.5), after: { step: 9 } }]), (plan) => {
      return (
        fails(plan) &&
        (plan.faults.length === 1 || plan.faults.every((each) => !('atMs' in each) || each.atMs > 50))
      );
    }).plan.faults,
    [crash(3)],
  );
});

describe('a plan with a core', () => {
  test('is first tried without it, whether it lists its faults or leaves them to chance', () => {
    const core = ['a'];
    const [first] = smallerPlans({ ...calm([drop(1)]), core }, undefined);
    assert.deepEqual(first?.plan, calm([drop(1)]));
    const chance: FaultPlan = { faults: [], buggify: { rate: 1 }, latency: 'drawn', order: 'drawn', core };
    const forms = [...smallerPlans(struck(chance, [drop(1)]), undefined)].map(({ plan }) => plan);
    const firstWith = forms.findIndex((plan) => plan.core !== undefined);
    assert.ok(firstWith > 0 && forms.slice(firstWith).every((plan) => plan.core === core));
    assert.ok(forms.every(isExplicit));
    assert.deepEqual(forms.at(-1)?.faults, [drop(1)]);
  });

  test('keeps it where it is needed', () => {
    const needed = shrunk({ ...calm([drop(1), drop(2)]), core: ['a'] }, ({ core }) => core !== undefined);
    assert.deepEqual(needed.plan, { ...calm([]), core: ['a'] });
  });
});
