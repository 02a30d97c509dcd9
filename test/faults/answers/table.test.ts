import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RequestFault } from '../../../src/faults/answers/answer-fault.ts';
import {
  drawRequestFault,
  isRequestFaultAllowed,
  plainerRequestFaults,
  REQUEST_KINDS,
  type AnswerOptions,
} from '../../../src/faults/answers/table.ts';
import { swarm } from '../../../src/faults/budget.ts';
import { calmPlan, type FaultPlan } from '../../../src/faults/fault.ts';
import { checkPlan } from '../../../src/faults/plan.ts';
import { drawPlan } from '../../../src/faults/swarm.ts';
import { KeyedRandom } from '../../../src/random/keyed.ts';
import { scenarioOf } from '../../scenario/driven.ts';

const HOSTS = ['api', 'bank'];
const ref = { from: 'guest', to: 'api', label: 'GET /', nth: 1 } as const;
const older = (body: unknown): unknown => body;

const selection = fc.oneof(fc.boolean(), fc.subarray(HOSTS));
const options: fc.Arbitrary<AnswerOptions> = fc.record(
  {
    answer: fc.oneof(selection, fc.constant({ bank: [503] })),
    hang: selection,
    lostAnswer: selection,
    truncate: selection,
    malformed: selection,
    olderSchema: fc.constant({ api: older }),
    twice: selection,
    slowAnswer: selection,
  },
  { requiredKeys: [], noNullPrototype: true },
);

function planOf(budget: AnswerOptions, seed: number): FaultPlan {
  const random = new KeyedRandom(seed);
  let nth = 0;
  return drawPlan(swarm(budget), HOSTS, (bound) => random.below(bound, 1, nth++));
}

test('drawn chances are valid, stay within the budget, and so does what is drawn from them', () => {
  fc.assert(
    fc.property(options, fc.nat(), (budget, seed) => {
      const plan = planOf(budget, seed);
      assert.equal(checkPlan(plan, HOSTS), plan);
      let draws = 0;
      const random = new KeyedRandom(seed);
      const draw = (bound: number): number => random.below(bound, 2, draws++);
      for (const chance of plan.answerChances ?? []) {
        assert.ok(chance.rate > 0 && chance.rate <= 0.3);
        for (const to of chance.hosts ?? HOSTS) {
          const fault = drawRequestFault({ ...ref, to }, chance, draw);
          assert.ok(isRequestFaultAllowed(budget, fault), JSON.stringify(fault));
          checkPlan({ ...calmPlan, faults: [fault] }, HOSTS);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('every allowed kind is used in some plans and left out of others', () => {
  const all = Object.fromEntries(REQUEST_KINDS.map(({ kind }) => [kind, true]));
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 200; seed++) {
    const plan = planOf({ ...all, olderSchema: { api: older } }, seed);
    for (const { kind } of plan.answerChances ?? []) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  assert.deepEqual([...counts.keys()].toSorted(), REQUEST_KINDS.map(({ kind }) => kind).toSorted());
  for (const [kind, count] of counts) assert.ok(count > 50 && count < 130, `${kind}: ${count}`);
});

test('plainer forms are valid, and there is an end to them', () => {
  const faults: RequestFault[] = [
    { kind: 'answer', ...ref, status: 504, executed: true },
    { kind: 'answer', ...ref, status: 429, executed: false, retryAfterMs: 3_000 },
    { kind: 'answer', ...ref, status: 418, executed: false },
    { kind: 'hang', ...ref, executed: true },
    { kind: 'lostAnswer', ...ref, ending: 'close' },
    { kind: 'truncate', ...ref, bytes: 4_000, ending: 'hang' },
    { kind: 'malformed', ...ref, body: 'empty' },
    { kind: 'malformed', ...ref, body: 'html', status: 502 },
    { kind: 'olderSchema', ...ref },
    { kind: 'twice', ...ref, afterMs: 1 },
    { kind: 'slowAnswer', ...ref, byMs: 1, executed: true },
  ];
  const plainest = (fault: RequestFault, depth = 0): RequestFault => {
    assert.ok(depth < 20, JSON.stringify(fault));
    checkPlan({ ...calmPlan, faults: [fault] }, HOSTS);
    const forms = [...plainerRequestFaults(fault)];
    return forms.length === 0 ? fault : plainest(forms.at(-1) as RequestFault, depth + 1);
  };
  assert.deepEqual(
    new Set(faults.map((fault) => JSON.stringify(plainest(fault)))),
    new Set(
      [
        { kind: 'answer', ...ref, status: 500, executed: false },
        { kind: 'hang', ...ref, executed: false },
        { kind: 'lostAnswer', ...ref, ending: 'reset' },
        { kind: 'truncate', ...ref, bytes: 0, ending: 'close' },
        { kind: 'malformed', ...ref, body: 'html' },
        { kind: 'olderSchema', ...ref },
        { kind: 'twice', ...ref, afterMs: 1 },
        { kind: 'slowAnswer', ...ref, byMs: 1, executed: false },
      ].map((fault) => JSON.stringify(fault)),
    ),
  );
});

test('a plan whose faults in answers are wrong is refused by its place', () => {
  const cases: [object, RegExp][] = [
    [{ kind: 'answer', ...ref, to: 'apy', status: 500, executed: false }, /to: unknown host "apy".*"api"/],
    [{ kind: 'answer', ...ref, from: 5, status: 500, executed: false }, /from` to be a string, got `5`/],
    [{ kind: 'answer', ...ref, nth: 0, status: 500, executed: false }, /nth` to be an integer >= 1/],
    [{ kind: 'answer', ...ref, status: 200, executed: false }, /status` to be an integer from 400 to 599/],
    [{ kind: 'answer', ...ref, status: 500 }, /executed` to be true or false, got `undefined`/],
    [{ kind: 'answer', ...ref, status: 500, executed: true, retryAfterMs: -1 }, /retryAfterMs/],
    [{ kind: 'hang', ...ref }, /executed` to be true or false/],
    [{ kind: 'lostAnswer', ...ref, ending: 'hang' }, /ending` to be "close" or "reset", got `"hang"`/],
    [{ kind: 'truncate', ...ref, bytes: -1, ending: 'close' }, /bytes` to be an integer >= 0/],
    [{ kind: 'truncate', ...ref, bytes: 1, ending: 'closed' }, /ending` to be "close", "reset" or "hang"/],
    [{ kind: 'malformed', ...ref, body: 'xml' }, /body` to be "html", "broken-json" or "empty"/],
    [{ kind: 'malformed', ...ref, body: 'empty', status: 502 }, /status` to be .* with an error page/],
    [{ kind: 'twice', ...ref }, /afterMs/],
    [{ kind: 'slowAnswer', ...ref, executed: true }, /byMs/],
    [{ kind: 'awnser', ...ref }, /unknown kind of fault "awnser": did you mean "answer"/],
    [{ kind: 'outage', host: 'api', atMs: 0, forMs: 1, form: 'gone' }, /form` to be "refuse"/],
    [{ kind: 'outage', host: 'apy', atMs: 0, forMs: 1, form: 'hang' }, /host: unknown host "apy"/],
    [{ kind: 'brownout', host: 'api', atMs: 0, forMs: 1, share: 0 }, /share` to be a number above 0/],
    [{ kind: 'brownout', host: 'api', atMs: 0, forMs: 1, share: 1, byMs: -1 }, /byMs/],
  ];
  for (const [fault, message] of cases) {
    const plan = { ...calmPlan, faults: [fault] };
    assert.throws(() => checkPlan(plan, HOSTS), { code: 'WT_OPTION', message }, JSON.stringify(fault));
  }
  const chances: [object, RegExp][] = [
    [{ kind: 'hangs', rate: 1 }, /answerChances\[0\]: unknown kind "hangs": did you mean "hang"/],
    [{ kind: 'hang', rate: 2 }, /rate` to be a number from 0 to 1/],
    [{ kind: 'hang', rate: 1, hosts: 'api' }, /hosts` to be a list of host names/],
    [{ kind: 'answer', rate: 1, statuses: [200] }, /statuses` to be a list of statuses/],
    [{ kind: 'twice', rate: 1, msMax: -1 }, /msMax/],
  ];
  for (const [chance, message] of chances) {
    const plan = { ...calmPlan, answerChances: [chance] };
    assert.throws(() => checkPlan(plan, HOSTS), { code: 'WT_OPTION', message }, JSON.stringify(chance));
  }
});

test('a scenario refuses a budget for answers that it cannot keep', () => {
  const cases: [AnswerOptions, RegExp][] = [
    [{ hang: ['sever'] }, /faults.hang: unknown host "sever": did you mean "server"\?/],
    [{ truncate: 'server' as never }, /`faults.truncate` to be a list of host names/],
    [{ answer: { sever: [503] } }, /faults.answer: unknown host "sever"/],
    [{ answer: { server: [200] } }, /`faults.answer.server` to be a list of statuses from 400 to 599/],
    [{ answer: { server: [] } }, /`faults.answer.server` to be a list of statuses/],
    [{ olderSchema: true as never }, /`faults.olderSchema` to be functions by host/],
    [{ olderSchema: { server: 5 as never } }, /`faults.olderSchema.server` to be a function/],
    [{ olderSchema: { sever: older } }, /faults.olderSchema: unknown host "sever"/],
  ];
  for (const [budget, message] of cases) {
    assert.throws(() => scenarioOf({ faults: swarm(budget) }, () => {}), { code: 'WT_OPTION', message });
  }
  scenarioOf({ faults: swarm({ hang: true, answer: { server: [500, 429] } }) }, () => {});
});
